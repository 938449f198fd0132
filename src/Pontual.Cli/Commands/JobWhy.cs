using System.CommandLine;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual job why NAME [--at TIME]</c>: one sentence, and what it rests on.</summary>
internal static class JobWhy
{
    public static Command Create()
    {
        var name = CommandActions.JobNameArgument();
        var at = new Option<string?>("--at")
        {
            Description = "The due time in question: a local time of the job's zone (2026-12-01T09:00) or an instant; now unless said",
            HelpName = "TIME",
        };
        return new Command("why", "Say why a job ran, did not run, or waits").Does(
            [name, at],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var query = session.Parsed.GetValue(at) is { } time ? $"?at={Uri.EscapeDataString(time)}" : "";
                var why = await api.GetAsync($"api/v1/jobs/{session.Parsed.GetValue(name)}/why{query}", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(why);
                    return ExitCode.Ok;
                }

                session.Screen.Line(Words.Escape(why.Text("sentence")));
                session.Screen.Line();
                session.Screen.Facts(
                    why.Items("facts").Select(fact => (Words.Escape(fact.Text("name")), (string?)Words.Escape(fact.Text("value"))))
                );
                return ExitCode.Ok;
            }
        );
    }
}

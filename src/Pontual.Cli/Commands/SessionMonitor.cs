using System.CommandLine;
using System.Text.Json;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual sessions monitor</c>: the checklist of S4 in one place: is it scheduled, has it run, what did it say, which connections are watched (S4-06).</summary>
internal static class SessionMonitor
{
    private const string Route = "whatsapp/monitor/start";
    private const string Handler = "check-sessions";
    private const int MostLines = 5;

    public static Command Create() =>
        new Command("monitor", "See what watches over sessions: which jobs, when they ran, what they said, and which channels").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var jobs = (await Pages.ReadAllAsync(api, "api/v1/jobs?limit=500", cancellation)).Items().Where(ChecksSessions).ToList();
                var latest = await api.GetAsync("api/v1/session-check", cancellation);
                var channels = await Pages.ReadAllAsync(api, "api/v1/channels?limit=500", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(
                        JsonSerializer.SerializeToElement(
                            new
                            {
                                jobs,
                                check = latest,
                                channels = channels.Items(),
                            }
                        )
                    );
                    return ExitCode.Ok;
                }

                ShowJobs(session.Screen, jobs);
                foreach (var job in jobs)
                {
                    await ShowOutputAsync(session.Screen, api, job.Text("name")!, cancellation);
                }

                session.Screen.Line();
                session.Screen.Facts([
                    ("Last check", Words.Time(latest.Instant("ended_at"))),
                    ("Checks so far", $"{latest.Number("checks"):0}"),
                    ("Channels then", $"{latest.Number("channels"):0}, {latest.Number("tried"):0} steps tried"),
                ]);
                session.Screen.Line();
                session.Screen.Table(SessionView.Heads, channels.Items().Select(SessionView.Row));
                return ExitCode.Ok;
            }
        );

    private static bool ChecksSessions(JsonElement job)
    {
        var target = job.Member("target")?.GetRawText() ?? "";
        return target.Contains(Route, StringComparison.Ordinal) || target.Contains($"\"{Handler}\"", StringComparison.Ordinal);
    }

    private static void ShowJobs(Screen screen, List<JsonElement> jobs)
    {
        if (jobs.Count == 0)
        {
            screen.Note(
                $"No job checks sessions: apply packs/session-monitor.yaml, or define a job with the handler {Handler}. Callers from outside are counted below."
            );
            return;
        }

        screen.Table(
            ["JOB", "SCHEDULE", "NEXT", "LAST", "STATE"],
            jobs.Select(job =>
                new[]
                {
                    Words.Escape(job.Text("name")),
                    Words.Schedule(job),
                    Words.Time(job.Instant("next_run")),
                    Words.Time(job.Member("last_run")?.Instant("started_at")),
                    Words.State(job.Member("last_run")?.Text("state")),
                }
            )
        );
    }

    private static async Task ShowOutputAsync(Screen screen, ApiClient api, string job, CancellationToken cancellation)
    {
        var runs = await api.GetAsync($"api/v1/runs?job={Uri.EscapeDataString(job)}&limit=1", cancellation);
        if (runs.Items().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } run || run.Text("id") is not { } id)
        {
            return;
        }

        var output = await api.GetAsync($"api/v1/runs/{id}/output", cancellation);
        var lines = output
            .Items()
            .Select(piece => piece.Text("text") ?? "")
            .SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .TakeLast(MostLines);
        foreach (var line in lines)
        {
            screen.Line($"  [grey]{Words.Escape(job)}[/] {Words.Escape(line)}");
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual sessions trust</c>: a channel's score, and all that it is made of.</summary>
internal static class SessionTrust
{
    public static Command Create()
    {
        var name = SessionCommands.Name();
        return new Command("trust", "Show how much a channel can be trusted, and what that is made of").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var trust = await api.GetAsync($"{SessionCommands.PathOf(session.Parsed.GetValue(name)!)}/trust?limit=30", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(trust);
                    return ExitCode.Ok;
                }

                session.Screen.Facts(Facts(trust));
                if (trust.GetProperty("components").EnumerateArray().Any())
                {
                    session.Screen.Table(
                        ["PART", "POINTS", "OF", "WINDOW", "THRESHOLDS BY", "EVIDENCE"],
                        trust.GetProperty("components").EnumerateArray().Select(Row)
                    );
                }

                return ExitCode.Ok;
            }
        );
    }

    private static IEnumerable<(string Name, string? Value)> Facts(JsonElement trust)
    {
        yield return ("Channel", Words.Escape(trust.Text("channel")));
        yield return ("Band", Words.Escape(trust.Text("band")));
        yield return ("Score", trust.Number("score") is { } score ? $"{score:0} of 100" : "not enough data");
        yield return ("Sure", Words.Escape(trust.Text("confidence")));
        yield return ("Scored", Words.Time(trust.Instant("at")));
        yield return ("Rules", trust.Text("rule_version") is { } rules ? Words.Escape(rules) : null);
        foreach (var ceiling in trust.GetProperty("ceilings").EnumerateArray())
        {
            yield return ("Ceiling", Words.Escape($"{ceiling.Number("most"):0}: {ceiling.Text("reason")}"));
        }

        foreach (var note in trust.GetProperty("notes").EnumerateArray())
        {
            yield return ("Note", Words.Escape(note.GetString()));
        }
    }

    private static string[] Row(JsonElement part) =>
        [
            Words.Escape(part.Text("code")),
            Points(part, "points"),
            Points(part, "most"),
            Words.Escape(part.Text("window")),
            Words.Escape(part.Text("source")),
            Words.Escape(string.Join("; ", part.GetProperty("evidence").EnumerateArray().Select(line => line.GetString()))),
        ];

    private static string Points(JsonElement part, string key) =>
        part.Number(key) is { } points ? points.ToString("0.#", CultureInfo.InvariantCulture) : "-";
}

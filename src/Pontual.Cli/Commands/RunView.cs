using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>A run as people see it.</summary>
internal static class RunView
{
    private const int LongestWhy = 60;

    /// <summary>One line of a list.</summary>
    public static string[] Row(JsonElement run) =>
        [
            Words.Escape(run.Text("id")),
            Words.Escape(run.Text("job")),
            Words.Time(run.Instant("scheduled_for")),
            Words.State(run.Text("state")) + Count(run),
            Words.Span(run.Number("lateness_ms")),
            Words.Span(run.Number("duration_ms")),
            Words.Escape(run.Text("response_code")),
            Why(run),
        ];

    /// <summary>All there is to say about one.</summary>
    public static IEnumerable<(string Name, string? Value)> Facts(JsonElement run) =>
        [
            ("run", Words.Escape(run.Text("id"))),
            ("job", Words.Escape(run.Text("job"))),
            ("state", Words.State(run.Text("state")) + Count(run)),
            ("reason", Words.Escape(run.Text("reason"))),
            ("waits", Words.Escape(run.Member("waits_for")?.Text("text"))),
            ("trigger", Words.Escape(run.Text("trigger"))),
            ($"due ({Words.Escape(Words.LocalZone)})", Words.Time(run.Instant("scheduled_for"))),
            ("until", Words.Time(run.Instant("scheduled_until"))),
            ("started", Words.Time(run.Instant("started_at"))),
            ("finished", Words.Time(run.Instant("finished_at"))),
            ("late", Words.Span(run.Number("lateness_ms"))),
            ("took", Words.Span(run.Number("duration_ms"))),
            ("attempt", Words.Escape(run.Text("attempt"))),
            ("node", Words.Escape(run.Text("node"))),
            ("code", Words.Escape(run.Text("response_code"))),
            ("items", Words.Escape(run.Text("items_processed"))),
            ("error", Words.Escape(run.Text("error"))),
            ("result", Words.Escape(run.Member("result")?.GetRawText())),
        ];

    /// <summary>One try of a run.</summary>
    public static string[] AttemptRow(JsonElement attempt) =>
        [
            Words.Escape(attempt.Text("attempt")),
            Words.Time(attempt.Instant("started_at")),
            Words.Span(attempt.Number("duration_ms")),
            Words.State(attempt.Text("outcome")),
            Words.Escape(attempt.Text("response_code")),
            Words.Escape(attempt.Text("error")),
        ];

    private static string Count(JsonElement run) => run.Number("count") is > 1 and { } count ? $" × {count:0}" : "";

    private static string Why(JsonElement run)
    {
        var text = string.Join(
            ": ",
            ((string?[])[run.Member("waits_for")?.Text("text"), run.Text("reason"), run.Text("error")]).Where(part =>
                part is { Length: > 0 }
            )
        );
        var line = text.ReplaceLineEndings(" ");
        return Words.Escape(line.Length > LongestWhy ? line[..LongestWhy] + "…" : line);
    }
}

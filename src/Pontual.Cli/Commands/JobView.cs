using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>A job as people see it.</summary>
internal static class JobView
{
    /// <summary>One line of a list.</summary>
    public static string[] Row(JsonElement job) =>
        [
            Words.Escape(job.Text("name")),
            Words.Schedule(job),
            State(job),
            Words.Time(LastRun(job).Instant("started_at")),
            Words.State(LastRun(job).Text("state")),
            Words.Time(job.Instant("next_run")),
        ];

    /// <summary>All there is to say about one.</summary>
    public static IEnumerable<(string Name, string? Value)> Facts(JsonElement job) =>
        [
            ("name", Words.Escape(job.Text("name"))),
            ("description", Words.Escape(job.Text("description"))),
            ("schedule", Words.Schedule(job)),
            ("state", State(job)),
            ("target", Target(job)),
            ("timeout", Words.Escape(job.Text("timeout") ?? "300s")),
            ("overlap", Words.Escape(job.Text("overlap") ?? "skip")),
            ("catch-up", Words.Escape(job.Text("catch-up") ?? "latest")),
            ("retry", Words.Escape(job.Member("retry")?.GetRawText())),
            ("log", Words.Escape(job.Text("log"))),
            ("runs", Words.Escape(job.Text("runs"))),
            ("failures in a row", Words.Escape(job.Text("failure_streak"))),
            ("last run", $"{Words.Time(LastRun(job).Instant("started_at"))} {Words.State(LastRun(job).Text("state"))}".Trim()),
            ($"next ({Words.Escape(Words.LocalZone)})", Words.Time(job.Instant("next_run"))),
            ("revision", Words.Escape(job.Text("revision"))),
        ];

    private static JsonElement LastRun(JsonElement job) => job.Member("last_run") ?? default;

    private static string State(JsonElement job)
    {
        if (job.Member("paused") is not { } pause || pause.ValueKind is JsonValueKind.False)
        {
            return "active";
        }

        var until = pause.Instant("until") is { } end ? $" until {Words.Time(end)}" : "";
        var reason = pause.Text("reason") is { } why ? $" ({Words.Escape(why)})" : "";
        return $"[yellow]paused[/]{until}{reason}";
    }

    private static string Target(JsonElement job)
    {
        if (job.Member("target") is not { ValueKind: JsonValueKind.Object } target)
        {
            return "";
        }

        var kind = target.EnumerateObject().FirstOrDefault();
        return kind.Value.ValueKind is JsonValueKind.Object
            ? Words.Escape(
                $"{kind.Name} {kind.Value.Text("url") ?? kind.Value.Text("command") ?? kind.Value.Text("argv") ?? kind.Value.Text("name")}"
            )
            : Words.Escape(kind.Name);
    }
}

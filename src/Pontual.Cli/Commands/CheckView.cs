using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>A check as people see it.</summary>
internal static class CheckView
{
    /// <summary>One line of a list.</summary>
    public static string[] Row(JsonElement check) =>
        [
            Words.Escape(check.Text("name")),
            Words.Schedule(check),
            State(check),
            Words.Time(check.Instant("last_ping_at")),
            Words.Span(check.Number("last_duration_ms")),
            Words.Time(check.Instant("due_at")),
        ];

    /// <summary>All there is to say about one.</summary>
    public static IEnumerable<(string Name, string? Value)> Facts(JsonElement check) =>
        [
            ("name", Words.Escape(check.Text("name"))),
            ("description", Words.Escape(check.Text("description"))),
            ("schedule", Words.Schedule(check)),
            ("grace", Words.Escape(check.Text("effective_grace"))),
            ("tags", Words.Escape(string.Join(", ", check.Items("tags").Select(tag => tag.GetString())))),
            ("state", State(check) + Why(check)),
            ("last ping", Words.Time(check.Instant("last_ping_at"))),
            ("last exit code", Words.Escape(check.Text("last_exit_code"))),
            ("last duration", Words.Span(check.Number("last_duration_ms"))),
            ("runs since", Words.Time(check.Instant("started_at"))),
            ($"due ({Words.Escape(Words.LocalZone)})", Words.Time(check.Instant("due_at"))),
            ("alert after", Words.Time(check.Instant("alert_after"))),
            ("pings", Words.Escape(check.Text("pings"))),
            ("ping", Words.Escape(check.Text("ping_url"))),
            ("badge", Words.Escape(check.Text("badge_url"))),
            ("revision", Words.Escape(check.Text("revision"))),
        ];

    /// <summary>A ping as a line of a list.</summary>
    public static string[] PingRow(JsonElement ping) =>
        [
            Words.Time(ping.Instant("at")),
            Coloured(
                ping.Text("kind") ?? "",
                ping.Text("kind") switch
                {
                    "success" => "green",
                    "failure" => "red",
                    _ => "blue",
                }
            ),
            Words.Escape(ping.Text("exit_code")),
            Words.Span(ping.Number("duration_ms")),
            Words.Escape(ping.Text("address")),
            Words.Escape(ping.Text("user_agent")),
        ];

    private static string State(JsonElement check)
    {
        var state = check.Text("state") ?? "";
        return Coloured(
            state,
            state switch
            {
                "up" => "green",
                "started" => "blue",
                "late" => "yellow",
                "failing" or "down" => "red",
                _ => "grey",
            }
        );
    }

    private static string Why(JsonElement check)
    {
        if (check.Member("paused") is { } pause)
        {
            var until = pause.Instant("until") is { } end ? $" until {Words.Time(end)}" : "";
            return until + (pause.Text("reason") is { } why ? $" ({Words.Escape(why)})" : "");
        }

        return check.Number("failures") is > 0
            ? $" ({Words.Escape(check.Text("failures"))} in a row since {Words.Time(check.Instant("failing_since"))})"
            : "";
    }

    private static string Coloured(string text, string colour) => $"[{colour}]{Words.Escape(text)}[/]";
}

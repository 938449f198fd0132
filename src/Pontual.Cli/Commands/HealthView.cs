using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>Health as people see it: one line for each part, then what is not well.</summary>
internal static class HealthView
{
    private const int MostJobs = 10;

    // The worst first.
    private static readonly string[] Bad = ["stale", "failing", "late", "never-ran"];

    public static void Show(Screen screen, Uri server, HealthReading read)
    {
        var on = read.Whole.Member("database")?.Text("version") is { } version ? $" on {version}" : "";
        Line(screen, "server", read.IsReady ? "[green]ready[/]" : "[red]not ready[/]", $"{server}{on}");
        if (read.Score is { } score)
        {
            Line(screen, "score", Score(score.Number("score")), string.Join(", ", Penalties(score)));
        }

        Line(screen, "jobs", Coloured(read.Status), Counts(read.Whole));
        if (read.Nodes is { } nodes)
        {
            var alive = nodes.Items().Where(node => node.Text("state") is "alive" or "draining").ToList();
            Line(
                screen,
                "nodes",
                alive.Count == 0 ? "[red]none[/]" : $"[green]{alive.Count} alive[/]",
                string.Join(", ", alive.Select(NodeWords))
            );
        }

        if (read.Checks is { } checks && checks.Items().Any())
        {
            var down = checks.Items().Where(check => check.Text("state") is "down" or "failing").ToList();
            var names = string.Join(", ", down.Take(MostJobs).Select(check => $"{check.Text("name")} {check.Text("state")}"));
            Line(screen, "checks", down.Count == 0 ? "[green]ok[/]" : $"[red]{down.Count} down or failing[/]", names);
        }

        if (read.Alerts is { } alerts)
        {
            var open = alerts.Items().ToList();
            Line(screen, "alerts", open.Count == 0 ? "[green]none open[/]" : $"[red]{open.Count} open[/]", "");
        }

        ShowJobs(screen, read.Jobs);
        ShowAlerts(screen, read.Alerts);
    }

    private static void ShowJobs(Screen screen, JsonElement health)
    {
        if (health.Member("jobs") is not { ValueKind: JsonValueKind.Object } jobs)
        {
            return;
        }

        var bad = jobs.EnumerateObject().Where(job => Bad.Take(3).Contains(job.Value.Text("status"))).ToList();
        if (bad.Count == 0)
        {
            return;
        }

        var worst = bad.OrderByDescending(job => job.Value.Flag("critical"))
            .ThenBy(job => Array.IndexOf(Bad, job.Value.Text("status")))
            .Take(MostJobs)
            .Select(job =>
                new[]
                {
                    Words.Escape(job.Name),
                    Coloured(job.Value.Text("status") ?? ""),
                    job.Value.Flag("critical") ? "critical" : "",
                    Words.Time(job.Value.Instant("last_run")),
                    Words.Escape(job.Value.Text("failure_streak")),
                    Words.Time(job.Value.Instant("next_run")),
                }
            );
        screen.Line();
        screen.Table(["JOB", "STATUS", "", "LAST RUN", "FAILED IN A ROW", $"NEXT ({Words.Escape(Words.LocalZone)})"], worst);
        if (bad.Count > MostJobs)
        {
            screen.Line($"… and {bad.Count - MostJobs} more");
        }
    }

    private static void ShowAlerts(Screen screen, JsonElement? alerts)
    {
        var rows = alerts
            ?.Items()
            .Take(MostJobs)
            .Select(alert =>
                new[]
                {
                    Words.Escape(alert.Text("severity")),
                    Words.Escape(alert.Text("rule")),
                    Words.Time(alert.Instant("opened_at")),
                    Words.Escape(alert.Text("summary")),
                }
            )
            .ToList();
        if (rows is { Count: > 0 })
        {
            screen.Line();
            screen.Table(["ALERT", "RULE", "SINCE", "WHAT"], rows);
        }
    }

    private static void Line(Screen screen, string part, string state, string more) =>
        screen.Line($"{part, -8}{state}{(more.Length > 0 ? $"  {Words.Escape(more)}" : "")}");

    private static string NodeWords(JsonElement node) =>
        $"{node.Text("id")} ({string.Join(", ", node.Items("roles").Select(role => role.GetString()))})";

    private static string Counts(JsonElement whole) =>
        whole.Member("jobs") is { ValueKind: JsonValueKind.Object } counts
            ? string.Join(", ", counts.EnumerateObject().Select(count => $"{count.Value} {count.Name}"))
            : "";

    private static string Score(double? score) =>
        score is { } known
            ? $"[{(known >= 80 ? "green" : known >= 50 ? "yellow" : "red")}]{known.ToString("0", System.Globalization.CultureInfo.InvariantCulture)} of 100[/]"
            : "";

    /// <summary>What was taken off, in the server's own words.</summary>
    private static IEnumerable<string> Penalties(JsonElement score) =>
        score.Items("penalties").Select(penalty => $"-{penalty.Text("points")} {penalty.Text("reason") ?? penalty.Text("cause")}");

    private static string Coloured(string status)
    {
        var colour = status switch
        {
            "ok" or "fresh" => "green",
            "degraded" or "late" => "yellow",
            "critical" or "stale" or "failing" => "red",
            _ => "default",
        };
        return $"[{colour}]{Words.Escape(status)}[/]";
    }
}

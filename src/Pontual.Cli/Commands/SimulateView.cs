using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;
using Pontual.Engine.Jobs;

namespace Pontual.Cli.Commands;

/// <summary>Shows a forecast: a line for each job, what meets, and the load as a graph.</summary>
internal static class SimulateView
{
    private const int MostNames = 6;
    private const int WidthOfFiles = 100;
    private const int WidestGraph = 200;

    /// <summary>How many bars the graph will have room for.</summary>
    public static int Room(Screen screen) => LoadGraph.Room(WidthOf(screen));

    /// <summary>Asks for a forecast and shows it; with a file, writes its chart too.</summary>
    public static async Task ShowAsync(Screen screen, ApiClient api, JsonObject body, string? svg, CancellationToken cancellation)
    {
        var forecast = await api.PostAsync("api/v1/schedules/forecast", body, cancellation);
        if (svg is not null)
        {
            await File.WriteAllTextAsync(
                svg,
                await api.PostForTextAsync("api/v1/schedules/forecast.svg", body, cancellation),
                cancellation
            );
            screen.Note($"The chart is in {svg}.");
        }

        if (screen.Json)
        {
            Screen.Write(forecast);
            return;
        }

        ShowHead(screen, forecast);
        ShowJobs(screen, forecast);
        ShowMeetings(screen, forecast);
        ShowLoad(screen, forecast);
    }

    private static int WidthOf(Screen screen) => screen.IsTerminal ? Math.Clamp(screen.Width, 40, WidestGraph) : WidthOfFiles;

    private static void ShowHead(Screen screen, JsonElement forecast)
    {
        var runs = forecast.Text("runs");
        screen.Line(
            $"[bold]{runs} {(runs == "1" ? "run" : "runs")}[/] from {Local(forecast.Member("from"))} to {Local(forecast.Member("to"))} ({Words.Escape(forecast.Text("zone"))})"
        );
        screen.Line();
    }

    private static void ShowJobs(Screen screen, JsonElement forecast)
    {
        var rows = forecast
            .Items("jobs")
            .Select(job =>
                new[]
                {
                    Words.Escape(job.Text("name")),
                    job.Text("runs") ?? "",
                    Local(job.Member("first")),
                    Local(job.Member("last")),
                    Words.Escape(string.Join("; ", Notes(job))),
                }
            )
            .ToList();
        if (rows.Count == 0)
        {
            screen.Line("There are no jobs.");
            return;
        }

        screen.Table(["JOB", "RUNS", "FIRST", "LAST", "NOTES"], rows);
    }

    private static IEnumerable<string> Notes(JsonElement job)
    {
        foreach (var entry in job.Items("left_out"))
        {
            var name = entry.Text("name") is { } day ? $" ({day})" : "";
            yield return $"{entry.Text("count")} {(entry.Flag("outside") ? "" : "left out by ")}{Words.Calendar(entry)}{name}";
        }

        foreach (
            var (key, words) in new[]
            {
                ("paused", "paused"),
                ("overlapped", "skipped by overlap"),
                ("waiting", "still waiting at the end"),
            }
        )
        {
            if (job.Number(key) is > 0 and var count)
            {
                yield return $"{count} {words}";
            }
        }

        if (job.Flag("outlasts_its_gap"))
        {
            yield return $"takes {Length(job, "expected_ms")}, due again after {Length(job, "shortest_gap_ms")}";
        }
    }

    private static void ShowMeetings(Screen screen, JsonElement forecast)
    {
        var busiest = forecast
            .Items("busiest")
            .Select(minute => new[] { Local(minute.Member("minute")), minute.Text("starts") ?? "", Names(minute) })
            .ToList();
        if (busiest.Count > 0)
        {
            var shared = forecast.Text("shared_minutes");
            screen.Line();
            screen.Line($"[bold]{shared} {(shared == "1" ? "minute sees" : "minutes see")} several jobs start together[/]");
            screen.Table(["BUSIEST", "STARTS", "JOBS"], busiest);
        }

        if (forecast.Member("peak") is { } peak)
        {
            screen.Line();
            screen.Line($"At most {peak.Text("runs")} at once, at {Local(peak.Member("moment"))}: {Names(peak)}");
        }
    }

    private static void ShowLoad(Screen screen, JsonElement forecast)
    {
        if (forecast.Member("load") is not { } load)
        {
            return;
        }

        var bars = load.Items("bars").ToList();
        if (bars.MaxBy(bar => bar.Number("in_busiest_minute") ?? 0) is not { ValueKind: JsonValueKind.Object } highest)
        {
            return;
        }

        if (highest.Number("in_busiest_minute") is not > 0)
        {
            return;
        }

        var width = TimeSpan.FromSeconds(load.Number("width_seconds") ?? 60);
        var values = bars.Select(bar => (At(bar.Member("from")).DateTime, (int)(bar.Number("in_busiest_minute") ?? 0))).ToList();
        screen.Line();
        screen.Line(
            width.TotalMinutes > 1
                ? $"[bold]Starts per minute[/], the busiest minute of each {Length(width)}"
                : "[bold]Starts in each minute[/]"
        );
        foreach (var line in LoadGraph.Lines(values, width, WidthOf(screen)))
        {
            screen.Line(Words.Escape(line));
        }

        screen.Line($"Peak: {highest.Text("in_busiest_minute")} at {Local(highest.Member("busiest_minute"))}");
    }

    private static string Names(JsonElement meeting)
    {
        var names = meeting.Items("jobs").Select(name => name.GetString() ?? "").ToList();
        var more = names.Count > MostNames ? $" and {names.Count - MostNames} more" : "";
        return Words.Escape(string.Join(", ", names.Take(MostNames)) + more);
    }

    private static string Length(JsonElement job, string key) => Length(TimeSpan.FromMilliseconds(job.Number(key) ?? 0));

    private static string Length(TimeSpan length) => Duration.Format(length);

    /// <summary>"2026-11-21 09:00", with seconds where there are any.</summary>
    private static string Local(JsonElement? moment)
    {
        if (moment is null)
        {
            return "";
        }

        var at = At(moment);
        return at.ToString(at.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static DateTimeOffset At(JsonElement? moment) =>
        DateTimeOffset.TryParse(moment?.Text("local"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : default;
}

using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Pontual.Cli.Terminal;

/// <summary>Turns values into what people read. What is returned is markup, safe to print.</summary>
internal static class Words
{
    /// <summary>The zone of this machine, for headers: times are shown in it.</summary>
    public static string LocalZone => TimeZoneInfo.Local.Id is { Length: > 0 } id ? id : "UTC";

    public static string Escape(string? text) => Markup.Escape(Printable(text ?? ""));

    /// <summary>To the second, in this machine's zone; nothing for null.</summary>
    public static string Time(DateTimeOffset? instant) =>
        instant is { } at
            ? TimeZoneInfo.ConvertTime(at, TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : "";

    /// <summary>"850 ms", "4.2 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".</summary>
    public static string Span(double? milliseconds) =>
        milliseconds switch
        {
            null => "",
            < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
            < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.0} s"),
            < 3_600_000 => Two(milliseconds.Value / 1_000, 60, "min", "s"),
            < 86_400_000 => Two(milliseconds.Value / 60_000, 60, "h", "min"),
            _ => Two(milliseconds.Value / 3_600_000, 24, "d", "h"),
        };

    /// <summary>A state in its colour.</summary>
    public static string State(string? state) => state is null ? "" : $"[{Colour(state)}]{Escape(state)}[/]";

    public static string Colour(string state) =>
        state switch
        {
            "succeeded" or "created" => "green",
            "failed" or "removed" => "red",
            "running" or "updated" => "blue",
            "cancelled" or "retrying" or "handed back" => "yellow",
            "skipped" or "unchanged" or "paused" => "grey",
            _ => "default",
        };

    /// <summary>A job's schedule as short as it can be said.</summary>
    public static string Schedule(JsonElement job)
    {
        if (job.Member("schedule") is not { } schedule)
        {
            return "manual";
        }

        var zone = schedule.Text("zone") is { } id ? $" ({id})" : "";
        return Escape(
            schedule.Text("cron") is { } cron ? cron + zone
            : schedule.Text("every") is { } every ? $"every {every}"
            : schedule.Text("delay") is { } delay ? $"{delay} after the end"
            : schedule.Text("at") is { } at ? $"at {at}{zone}"
            : schedule.GetRawText()
        );
    }

    /// <summary>The calendar that leaves a due time out; one that was written into the schedule has no name.</summary>
    public static string Calendar(JsonElement leftOut)
    {
        var name = leftOut.Text("calendar") is { Length: > 0 } named ? named : "its own calendar";
        return leftOut.Flag("outside") ? $"outside {name}" : name;
    }

    /// <summary>Control characters that would move the cursor or colour the terminal become visible.</summary>
    private static string Printable(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(letter => char.IsControl(letter) && letter is not ('\n' or '\t') ? '\uFFFD' : letter))
            : text;

    private static string Two(double small, int perLarge, string large, string unit)
    {
        var whole = (long)Math.Round(small);
        return $"{whole / perLarge} {large} {whole % perLarge} {unit}";
    }
}

using System.Globalization;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>
/// A drawn stretch of time that is a test: a line of local times, a line of UTC (whose date is the first column's), and a line for each schedule
/// with a word under every instant at which it runs. The word says what became of the run; see <see cref="Notes"/>.
/// </summary>
internal sealed class DaylightTimeline
{
    /// <summary>The words of a drawing, and what the note on such a run says; <c>run</c> has no note.</summary>
    private static readonly Dictionary<string, string?> Notes = new()
    {
        ["run"] = null,
        ["moved"] = "does not exist: the run moves to", // one missing time runs here instead
        ["joined"] = "they become one run at", // several missing times do
        ["merged"] = "merged into the run of", // missing times run here, where a run is anyway
        ["1 of 2"] = "comes twice: this is the first of two runs",
        ["2 of 2"] = "comes twice: this is the second of two runs",
        ["1 only"] = "comes twice: it runs at the first pass only",
        ["2 only"] = "comes twice: it runs at the second pass only",
    };

    private readonly Zone _zone;
    private readonly DateTimeOffset[] _instants;
    private readonly string[] _locals;
    private readonly string[][] _rows;

    private DaylightTimeline(string drawing)
    {
        var lines = drawing.Split('\n').Select(line => line.Split('│', StringSplitOptions.TrimEntries)).ToArray();
        _zone = Zone.Parse(lines[0][0]);
        _locals = lines[0][1..];
        var date = DateTimeOffset.Parse(lines[1][0].Replace("UTC", "") + "T00:00Z", CultureInfo.InvariantCulture);
        var times = lines[1][1..].Select(text => TimeSpan.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var midnights = 0;
        _instants =
        [
            .. times.Select((time, column) => date.AddDays(column > 0 && time < times[column - 1] ? ++midnights : midnights) + time),
        ];
        _rows = lines[2..];
    }

    /// <summary>Fails when the drawing is wrong: its local times, the instants drawn under, forward or backward, or a word.</summary>
    public static void Holds(string drawing)
    {
        var timeline = new DaylightTimeline(drawing);
        timeline._locals.ShouldBe(timeline._instants.Zip(timeline._locals, timeline.Local));
        timeline._rows.ShouldNotBeEmpty();
        foreach (var row in timeline._rows)
        {
            row.Length.ShouldBe(timeline._instants.Length + 1, row[0]);
            timeline.Holds(row);
        }
    }

    private void Holds(string[] row)
    {
        var schedule = Schedule(row[0]);
        var drawn = _instants.Zip(row[1..]).Where(cell => cell.Second.Length > 0).ToList();

        var forward = schedule.Occurrences(_instants[0].AddTicks(-1)).TakeWhile(at => at <= _instants[^1]).ToList();
        var backward = schedule.Backward(_instants[^1]).TakeWhile(at => at >= _instants[0]).Reverse();

        forward.ShouldBe(drawn.Select(cell => cell.First), row[0]);
        backward.ShouldBe(forward, $"{row[0]}, backward");
        foreach (var (at, word) in drawn)
        {
            var note = schedule.Show(at, _zone).Note;
            (Notes[word] is { } part ? note is not null && note.Contains(part, StringComparison.Ordinal) : note is null).ShouldBeTrue(
                $"{row[0]} at {at:u} is '{word}': {note}"
            );
        }
    }

    // "30 2 * * *", or with rules of its own: "30 2 * * * gap run-shifted", "30 2 * * * overlap both".
    private CronSchedule Schedule(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var cron = string.Join(' ', words.TakeWhile(word => word is not ("gap" or "overlap")));
        GapRule? gap = words.SkipWhile(word => word != "gap").ElementAtOrDefault(1) switch
        {
            "run-at-end" => GapRule.RunAtEnd,
            "run-shifted" => GapRule.RunShifted,
            "skip" => GapRule.Skip,
            null => null,
            var other => throw new FormatException(other),
        };
        OverlapRule? overlap = words.SkipWhile(word => word != "overlap").ElementAtOrDefault(1) switch
        {
            "first" => OverlapRule.First,
            "second" => OverlapRule.Second,
            "both" => OverlapRule.Both,
            null => null,
            var other => throw new FormatException(other),
        };
        return new CronSchedule(CronExpression.Parse(cron), _zone, new DstRules(gap, overlap));
    }

    // The day of the month stands before the time where the drawing has it.
    private string Local(DateTimeOffset instant, string drawn) =>
        _zone.ToLocal(instant).ToString(drawn.Contains(' ') ? "d HH:mm" : "HH:mm", CultureInfo.InvariantCulture);
}

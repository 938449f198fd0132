using System.Globalization;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>Says in a sentence what a change of the clock did to one occurrence. All numbers are seconds since 0001-01-01.</summary>
internal static class ClockChangeNote
{
    private const int MostTimesNamed = 3;

    /// <returns>Null when no change of the clock touched it.</returns>
    public static string? Of(CronSchedule schedule, long at)
    {
        var span = schedule.Zone.SpanAt(at);
        if (span.ShiftAtStart > 0 && at < span.CalmFrom)
        {
            return AfterGap(schedule, span, at);
        }

        if (span.ShiftAtStart < 0 && at < span.CalmFrom)
        {
            return Repeated(
                span.Start + span.Offset - span.ShiftAtStart,
                span.ShiftAtStart,
                at + span.Offset,
                schedule.Overlap,
                isFirst: false
            );
        }

        return at >= span.CalmUntil
            ? Repeated(span.End + span.Offset, span.ShiftAtEnd, at + span.Offset, schedule.Overlap, isFirst: true)
            : null;
    }

    private static string? AfterGap(CronSchedule schedule, ZoneSpan span, long at)
    {
        var missing = Missing(schedule, span, at).Take(MostTimesNamed + 1).ToList();
        if (missing.Count == 0)
        {
            return null;
        }

        var gapEnd = span.Start + span.Offset;
        var write = Writer(gapEnd - span.ShiftAtStart, gapEnd);
        var named =
            missing.Count == 1 ? $"{write(missing[0])} does not exist"
            : missing.Count <= MostTimesNamed
                ? $"{string.Join(", ", missing.SkipLast(1).Select(write))} and {write(missing[^1])} do not exist"
            : $"more than {MostTimesNamed} of its times do not exist";
        var local = at + span.Offset;
        var isOwn = schedule.Times.NextAtOrAfter(local) == local;
        var became =
            isOwn ? $"merged into the run of {write(local)}"
            : missing.Count == 1 ? $"the run moves to {write(local)}"
            : $"they become one run at {write(local)}";
        return $"Clocks go forward from {write(gapEnd - span.ShiftAtStart)} to {write(gapEnd)}, so {named}: {became}.";
    }

    /// <summary>The local times in the gap that run at <paramref name="at"/> instead.</summary>
    private static IEnumerable<long> Missing(CronSchedule schedule, ZoneSpan span, long at)
    {
        var gapEnd = span.Start + span.Offset;
        var gapStart = gapEnd - span.ShiftAtStart;
        var (from, end) = schedule.Gap switch
        {
            GapRule.RunAtEnd when at == span.Start => (gapStart, gapEnd),
            GapRule.RunShifted => (at + span.Offset - span.ShiftAtStart, at + span.Offset - span.ShiftAtStart + 1),
            _ => (gapEnd, gapEnd),
        };
        for (var time = schedule.Times.NextAtOrAfter(from); time != CronExpression.None && time < end; )
        {
            yield return time;
            time = schedule.Times.NextAtOrAfter(time + 1);
        }
    }

    private static string Repeated(long localBefore, long shift, long local, OverlapRule rule, bool isFirst)
    {
        var write = Writer(localBefore, localBefore + shift);
        var which = (rule, isFirst) switch
        {
            (OverlapRule.Both, true) => "this is the first of two runs",
            (OverlapRule.Both, false) => "this is the second of two runs",
            (_, true) => "it runs at the first pass only",
            (_, false) => "it runs at the second pass only",
        };
        return $"Clocks go back from {write(localBefore)} to {write(localBefore + shift)}, so {write(local)} comes twice: {which}.";
    }

    // The date is written only where the change reaches over midnight, as where a zone skipped a whole day.
    private static Func<long, string> Writer(long one, long other)
    {
        var format = At(one).Date == At(other).Date ? "HH:mm" : "yyyy-MM-dd HH:mm";
        return second => At(second).ToString(second % 60 == 0 ? format : format + ":ss", CultureInfo.InvariantCulture);
    }

    private static DateTime At(long second) => new(second * TimeSpan.TicksPerSecond, DateTimeKind.Unspecified);
}

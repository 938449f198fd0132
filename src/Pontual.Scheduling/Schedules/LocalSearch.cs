using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>
/// The search for the next occurrence where the clock may change on the way. It goes from one stretch of equal offset to the next:
/// <code>
///   UTC    ──── span ────┐gap┌──────── span ────────┐overlap┌──── span
///   local  … 01:30       │02:30 is missing          │02:30 comes twice
/// </code>
/// Inside a stretch local time is UTC plus the offset; at its start it may owe times that the gap swallowed, and its beginning or end may be one
/// pass of an overlap that the rule leaves out. All numbers are seconds since 0001-01-01.
/// </summary>
internal static class LocalSearch
{
    // No zone has ever moved its clocks by more than 26 hours, so further off than this no local time comes back.
    private const long FarAway = 2 * 86_400;

    /// <summary>The calendar's end: 9999-12-31T23:59:59Z.</summary>
    public static readonly long LastSecond = DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond;

    /// <summary>The first occurrence at or after a UTC second; <see cref="CronExpression.None"/> when there is none.</summary>
    public static long NextAtOrAfter(CronSchedule schedule, long from)
    {
        while (from <= LastSecond)
        {
            var span = schedule.Zone.SpanAt(from);
            var expected = schedule.Expression.NextAtOrAfter(Math.Max(0, from + span.Offset));
            var found = IsUntouched(span, from, expected) ? expected - span.Offset : AmidChanges(schedule, span, from);
            if (found != CronExpression.None)
            {
                return found;
            }

            var isFar = span.End - from > FarAway;
            if (expected == CronExpression.None && isFar)
            {
                return CronExpression.None;
            }

            // Up to two days before the expected local time no stretch can hold it, whatever its offset.
            from = isFar ? Math.Max(span.End, expected - span.Offset - FarAway) : span.End;
        }

        return CronExpression.None;
    }

    /// <summary>No change of the clock lies between a UTC second of the stretch and the local time expected after it.</summary>
    public static bool IsUntouched(ZoneSpan span, long from, long expected) =>
        expected != CronExpression.None && from >= span.CalmFrom && expected - span.Offset < span.CalmUntil;

    private static long AmidChanges(CronSchedule schedule, ZoneSpan span, long from) =>
        First(Owed(schedule, span, from), Regular(schedule, span, from));

    /// <summary>What matches inside the stretch, without the pass of an overlap that the rule leaves out.</summary>
    private static long Regular(CronSchedule schedule, ZoneSpan span, long from)
    {
        var first = from + span.Offset;
        if (span.ShiftAtStart < 0 && schedule.Overlap == OverlapRule.First)
        {
            first = Math.Max(first, span.Start + span.Offset - span.ShiftAtStart);
        }

        var end = span.End + span.Offset;
        if (span.ShiftAtEnd < 0 && schedule.Overlap == OverlapRule.Second)
        {
            end += span.ShiftAtEnd;
        }

        var match = schedule.Expression.NextAtOrAfter(Math.Max(0, first));
        return match != CronExpression.None && match < end ? match - span.Offset : CronExpression.None;
    }

    /// <summary>What the stretch owes for local times that the gap at its start left out.</summary>
    private static long Owed(CronSchedule schedule, ZoneSpan span, long from)
    {
        if (span.ShiftAtStart <= 0 || schedule.Gap == GapRule.Skip)
        {
            return CronExpression.None;
        }

        var gapEnd = span.Start + span.Offset;
        var gapStart = gapEnd - span.ShiftAtStart;
        if (schedule.Gap == GapRule.RunAtEnd)
        {
            return from == span.Start && IsDueWithin(schedule, gapStart, gapEnd) ? span.Start : CronExpression.None;
        }

        var offsetBefore = span.Offset - span.ShiftAtStart;
        var shifted = schedule.Expression.NextAtOrAfter(Math.Max(0, Math.Max(gapStart, from + offsetBefore)));
        var inTime = shifted != CronExpression.None && shifted < gapEnd && shifted - offsetBefore < span.End;
        return inTime ? shifted - offsetBefore : CronExpression.None;
    }

    private static bool IsDueWithin(CronSchedule schedule, long from, long until) =>
        schedule.Expression.NextAtOrAfter(Math.Max(0, from)) is var match && match != CronExpression.None && match < until;

    private static long First(long one, long other) =>
        one == CronExpression.None ? other
        : other == CronExpression.None ? one
        : Math.Min(one, other);
}

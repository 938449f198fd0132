using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>
/// The search for the next occurrence where the clock may change on the way. All numbers are seconds since 0001-01-01.
/// <code>
///   UTC    ──── span ────┐gap┌──────── span ────────┐overlap┌──── span
///   local  … 01:30       │02:30 is missing          │02:30 comes twice
/// </code>
/// Nearly every question is quick: when both the instant asked about and the local time that the expression names next are calm
/// (<see cref="ZoneSpan.IsCalm"/>), that local time is the answer, whatever clocks did between them. Every local time before it is either before
/// the instant or does not match, and what a gap swallowed between them would have been named sooner. Else the stretches are walked.
/// </summary>
internal static class LocalSearch
{
    /// <summary>The calendar's end: 9999-12-31T23:59:59Z.</summary>
    public static readonly long LastSecond = DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond;

    /// <summary>No zone has ever moved its clocks by more than 26 hours, so further off than this no local time comes back.</summary>
    public const long FarAway = 2 * 86_400;

    // Dates, weekdays and the rules of all zones repeat after 400 years: what has not come by then never comes.
    private const long CalendarCycle = 146_097L * 86_400;

    /// <summary>The first occurrence at or after a UTC second; <see cref="CronExpression.None"/> when there is none.</summary>
    public static long NextAtOrAfter(CronSchedule schedule, long from)
    {
        if (from > LastSecond)
        {
            return CronExpression.None;
        }

        var span = schedule.Zone.SpanAt(from);
        if (!span.IsCalm(from))
        {
            return Walk(schedule, from);
        }

        var local = schedule.Times.NextAtOrAfter(Math.Max(0, from + span.Offset));
        return local == CronExpression.None ? CronExpression.None
            : CalmInstant(schedule.Zone, span, local) is var at && at != CronExpression.None ? at
            : Walk(schedule, from);
    }

    /// <summary>The instant of a local time that was found from the stretch <paramref name="near"/>, when it is calm; <see cref="CronExpression.None"/> when it is not.</summary>
    public static long CalmInstant(Zone zone, ZoneSpan near, long local)
    {
        var at = local - near.Offset;
        var span = near.IsCalm(at) || !IsInCalendar(at) ? near : zone.SpanAt(at);
        at = local - span.Offset;
        return span.IsCalm(at) && IsInCalendar(at) ? at : CronExpression.None;
    }

    private static long Walk(CronSchedule schedule, long from)
    {
        var end = Math.Min(LastSecond, Math.Max(from, ZoneTable.End) + CalendarCycle);
        while (from <= end)
        {
            var stretch = new LocalStretch(schedule, schedule.Zone.SpanAt(from));
            var found = First(Owed(stretch, from), Own(stretch, from));
            if (found != CronExpression.None)
            {
                return found <= LastSecond ? found : CronExpression.None;
            }

            from = AfterStretch(stretch, from);
        }

        return CronExpression.None;
    }

    /// <summary>Where to go on: the next stretch, or one just before the next matching local time.</summary>
    private static long AfterStretch(in LocalStretch stretch, long from)
    {
        var (span, local) = (stretch.Span, stretch.Expression.NextAtOrAfter(Math.Max(0, from + stretch.Span.Offset)));
        return span.End - from <= FarAway ? span.End
            : local == CronExpression.None ? long.MaxValue
            : Math.Max(span.End, local - span.Offset - FarAway);
    }

    /// <summary>What matches inside the stretch itself.</summary>
    private static long Own(in LocalStretch stretch, long from)
    {
        var local = stretch.Expression.NextAtOrAfter(Math.Max(0, Math.Max(from + stretch.Span.Offset, stretch.OwnFrom)));
        return local != CronExpression.None && local < stretch.OwnUntil ? local - stretch.Span.Offset : CronExpression.None;
    }

    /// <summary>What runs here for local times that the gap before left out.</summary>
    private static long Owed(in LocalStretch stretch, long from)
    {
        if (stretch.Owes == GapRule.Skip || (stretch.Owes == GapRule.RunAtEnd && from > stretch.Span.Start))
        {
            return CronExpression.None;
        }

        var first = stretch.Owes == GapRule.RunAtEnd ? stretch.GapFrom : Math.Max(stretch.GapFrom, from + stretch.OffsetBefore);
        var missing = stretch.Expression.NextAtOrAfter(Math.Max(0, first));
        return missing != CronExpression.None && missing < stretch.GapUntil ? stretch.InsteadOf(missing) : CronExpression.None;
    }

    private static bool IsInCalendar(long second) => (ulong)second <= (ulong)LastSecond;

    private static long First(long one, long other) =>
        one == CronExpression.None ? other
        : other == CronExpression.None ? one
        : Math.Min(one, other);
}

using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Schedules;

/// <summary>The mirror of <see cref="LocalSearch"/>: the last occurrence at or before an instant, of the same occurrences. All numbers are seconds since 0001-01-01.</summary>
internal static class BackwardSearch
{
    /// <summary>The last occurrence at or before a UTC second; <see cref="CronExpression.None"/> when there is none.</summary>
    public static long PreviousAtOrBefore(CronSchedule schedule, long until)
    {
        var span = schedule.Zone.SpanAt(until);
        if (!span.IsCalm(until))
        {
            return Walk(schedule, until);
        }

        var local = schedule.Times.PreviousAtOrBefore(until + span.Offset);
        return local == CronExpression.None ? CronExpression.None
            : LocalSearch.CalmInstant(schedule.Zone, span, local) is var at && at != CronExpression.None ? at
            : Walk(schedule, until);
    }

    private static long Walk(CronSchedule schedule, long until)
    {
        while (until >= 0)
        {
            var stretch = new LocalStretch(schedule, schedule.Zone.SpanAt(until));
            var found = Math.Max(Owed(stretch, until), Own(stretch, until));
            if (found >= 0)
            {
                return found;
            }

            until = BeforeStretch(stretch, until);
        }

        return CronExpression.None;
    }

    /// <summary>Where to go on: the stretch before, or one just after the last matching local time.</summary>
    private static long BeforeStretch(in LocalStretch stretch, long until)
    {
        var (span, local) = (stretch.Span, stretch.Expression.PreviousAtOrBefore(until + stretch.Span.Offset));
        return until - span.Start < LocalSearch.FarAway ? span.Start - 1
            : local == CronExpression.None ? CronExpression.None
            : Math.Min(span.Start - 1, local - span.Offset + LocalSearch.FarAway);
    }

    /// <summary>What matches inside the stretch itself.</summary>
    private static long Own(in LocalStretch stretch, long until)
    {
        var local = stretch.Expression.PreviousAtOrBefore(Math.Min(until + stretch.Span.Offset, stretch.OwnUntil - 1));
        return local != CronExpression.None && local >= stretch.OwnFrom ? local - stretch.Span.Offset : CronExpression.None;
    }

    /// <summary>What runs here for local times that the gap before left out.</summary>
    private static long Owed(in LocalStretch stretch, long until)
    {
        if (stretch.Owes == GapRule.Skip)
        {
            return CronExpression.None;
        }

        var last = stretch.GapUntil - 1;
        if (stretch.Owes == GapRule.RunShifted)
        {
            last = Math.Min(last, until + stretch.OffsetBefore);
        }

        var missing = stretch.Expression.PreviousAtOrBefore(last);
        return missing != CronExpression.None && missing >= stretch.GapFrom ? stretch.InsteadOf(missing) : CronExpression.None;
    }
}

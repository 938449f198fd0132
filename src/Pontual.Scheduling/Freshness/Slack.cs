using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Freshness;

/// <summary>How long after its due time a run may start before the job counts as stale (S5-06).</summary>
/// <remarks>
/// For the period p, the smallest gap between two occurrences: 2p up to 15 minutes, max(30 min, p) up to an hour, 1 hour up to a day, 1 day beyond.
/// With p itself that is the documented table: 1 min → 3 min, 5 → 15, 10 → 30, 15 → 45, hourly → 2 h, daily → 25 h, weekly → 8 days.
/// </remarks>
public static class Slack
{
    // Where calendars leave times out or move them, the smallest gap that is left is looked for in so many: a year of a daily job.
    private const int Sample = 366;

    /// <summary>The slack for a period.</summary>
    public static TimeSpan OfPeriod(TimeSpan period)
    {
        if (period <= TimeSpan.FromMinutes(15))
        {
            return 2 * period;
        }

        if (period <= TimeSpan.FromHours(1))
        {
            return period > TimeSpan.FromMinutes(30) ? period : TimeSpan.FromMinutes(30);
        }

        return period <= TimeSpan.FromDays(1) ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
    }

    /// <summary>
    /// The smallest gap between two times of a schedule before they are spread, from an instant on; null when fewer than two occurrences follow.
    /// Changes of the clock do not count; what calendars leave out or move does.
    /// </summary>
    public static TimeSpan? PeriodOf(Schedule schedule, DateTimeOffset from)
    {
        if (schedule.Next(from) is not { } first || schedule.Next(first) is null)
        {
            return null;
        }

        TimeSpan? period = schedule switch
        {
            CronSchedule cron => CronPeriod.Of(cron.Expression, DateOnly.FromDateTime(cron.Zone.ToLocal(from).DateTime)),
            EverySchedule every => every.Period,
            DelaySchedule delay => delay.Delay,
            _ => null,
        };
        var calendars = schedule.Terms.Calendars;
        return period is not null && calendars.IsNone && calendars.Shift == DayShift.None ? period : SmallestLeft(schedule, from, period);
    }

    /// <summary>The slack of a schedule; a day for one that fires once. Where due times are spread, the longest spread is added.</summary>
    public static TimeSpan Of(Schedule schedule, DateTimeOffset from)
    {
        var slack = PeriodOf(schedule, from) is { } period ? OfPeriod(period) : TimeSpan.FromDays(1);
        return slack + (schedule.Terms.Jitter?.Most ?? TimeSpan.Zero);
    }

    /// <summary>The smallest gap that calendars leave: looked for until one is met that the schedule itself cannot undercut.</summary>
    private static TimeSpan? SmallestLeft(Schedule schedule, DateTimeOffset from, TimeSpan? period)
    {
        var nominal = schedule with { Terms = schedule.Terms with { Jitter = null } };
        TimeSpan? smallest = null;
        DateTimeOffset? before = null;
        foreach (var at in nominal.Occurrences(from).Take(Sample))
        {
            smallest = at - before is { } gap && !(gap >= smallest) ? gap : smallest;
            if (smallest <= period)
            {
                break;
            }

            before = at;
        }

        return smallest;
    }
}

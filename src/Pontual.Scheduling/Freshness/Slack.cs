using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Freshness;

/// <summary>How long after its due time a run may start before the job counts as stale (S5-06).</summary>
/// <remarks>
/// For the period p, the smallest gap between two occurrences: 2p up to 15 minutes, max(30 min, p) up to an hour, 1 hour up to a day, 1 day beyond.
/// With p itself that is the documented table: 1 min → 3 min, 5 → 15, 10 → 30, 15 → 45, hourly → 2 h, daily → 25 h, weekly → 8 days.
/// </remarks>
public static class Slack
{
    /// <summary>Gaps that are looked at: enough to meet the smallest one of any schedule people write, few enough to cost nothing.</summary>
    private const int Sample = 64;

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

    /// <summary>The smallest gap of a schedule, looked for from an instant on; null when fewer than two occurrences follow.</summary>
    public static TimeSpan? PeriodOf(Schedule schedule, DateTimeOffset from)
    {
        TimeSpan? smallest = null;
        DateTimeOffset? before = null;
        foreach (var occurrence in schedule.Occurrences(from).Take(Sample))
        {
            if (occurrence - before is { } gap && (smallest is null || gap < smallest))
            {
                smallest = gap;
            }

            before = occurrence;
        }

        return smallest;
    }

    /// <summary>The slack of a schedule; a day for one that fires once.</summary>
    public static TimeSpan Of(Schedule schedule, DateTimeOffset from) =>
        PeriodOf(schedule, from) is { } period ? OfPeriod(period) : TimeSpan.FromDays(1);
}

using NodaTime;
using NodaTime.TimeZones;
using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Tests.Oracle;

/// <summary>Occurrences by brute force: every local minute (or second) of a window is tried, and each that matches is put on the line of instants by
/// NodaTime's own mapping and the rule.</summary>
internal static class NaiveClock
{
    /// <summary>All occurrences in (after, after + length], sorted, each once.</summary>
    public static List<DateTimeOffset> Occurrences(
        NaiveCron cron,
        DateTimeZone zone,
        GapRule gap,
        OverlapRule overlap,
        DateTimeOffset after,
        TimeSpan length
    )
    {
        var step = cron.HasSeconds ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1);
        var margin = length + TimeSpan.FromHours(30);
        var local = Instant.FromDateTimeOffset(after).InZone(zone).ToDateTimeUnspecified() - TimeSpan.FromHours(30);
        var end = local + margin + margin;
        var found = new SortedSet<DateTimeOffset>();
        for (local = new DateTime(local.Ticks - (local.Ticks % step.Ticks)); local < end; local += step)
        {
            if (cron.Matches(local))
            {
                found.UnionWith(Instants(zone.MapLocal(LocalDateTime.FromDateTime(local)), local, gap, overlap));
            }
        }

        return [.. found.Where(at => at > after && at <= after + length)];
    }

    /// <summary>The same for an interval-like expression and no rule of its own: every instant at which the clock on the wall shows a matching time.</summary>
    public static List<DateTimeOffset> Shown(NaiveCron cron, DateTimeZone zone, DateTimeOffset after, TimeSpan length)
    {
        var step = cron.HasSeconds ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1);
        var found = new List<DateTimeOffset>();
        for (var at = new DateTimeOffset(after.UtcTicks - (after.UtcTicks % step.Ticks), TimeSpan.Zero); at <= after + length; at += step)
        {
            if (at > after && cron.Matches(Instant.FromDateTimeOffset(at).InZone(zone).ToDateTimeUnspecified()))
            {
                found.Add(at);
            }
        }

        return found;
    }

    private static IEnumerable<DateTimeOffset> Instants(ZoneLocalMapping mapping, DateTime local, GapRule gap, OverlapRule overlap) =>
        (mapping.Count, gap, overlap) switch
        {
            (1, _, _) => [At(local, mapping.EarlyInterval)],
            (2, _, OverlapRule.First) => [At(local, mapping.EarlyInterval)],
            (2, _, OverlapRule.Second) => [At(local, mapping.LateInterval)],
            (2, _, _) => [At(local, mapping.EarlyInterval), At(local, mapping.LateInterval)],
            (_, GapRule.RunAtEnd, _) => [mapping.LateInterval.Start.ToDateTimeOffset()],
            (_, GapRule.RunShifted, _) => [At(local, mapping.EarlyInterval)],
            _ => [],
        };

    private static DateTimeOffset At(DateTime local, ZoneInterval interval) => new(local.Ticks - interval.WallOffset.Ticks, TimeSpan.Zero);
}

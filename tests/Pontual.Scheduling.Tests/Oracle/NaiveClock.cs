using NodaTime;
using NodaTime.TimeZones;
using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Tests.Oracle;

/// <summary>Occurrences by brute force: every local minute (or second) of a window is tried, and each that matches is put on the line of instants by
/// looking at every stretch of the zone whether it shows that time, and by the rule where none or two do.</summary>
internal static class NaiveClock
{
    // No clock has ever been moved by more.
    private static readonly Duration LargestShift = Duration.FromHours(26);

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
        var from = Instant.FromDateTimeOffset(after);
        var stretches = zone.GetZoneIntervals(from - LargestShift, from + Duration.FromTimeSpan(length) + LargestShift)
            .Select(interval => new Stretch(interval))
            .ToArray();
        var step = cron.HasSeconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMinute;
        var end = after.UtcTicks + length.Ticks + stretches.Max(stretch => stretch.Offset);
        var first = after.UtcTicks + stretches.Min(stretch => stretch.Offset);
        var found = new HashSet<long>();
        for (var local = first - (first % step); local <= end; local += step)
        {
            if (cron.Matches(new DateTime(local)))
            {
                found.UnionWith(Instants(stretches, local, gap, overlap));
            }
        }

        return
        [
            .. found
                .Where(at => at > after.UtcTicks && at <= after.UtcTicks + length.Ticks)
                .Order()
                .Select(at => new DateTimeOffset(at, TimeSpan.Zero)),
        ];
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

    private static long[] Instants(Stretch[] stretches, long local, GapRule gap, OverlapRule overlap)
    {
        var shown = Array.FindAll(stretches, stretch => stretch.Shows(local)).Select(stretch => local - stretch.Offset).ToArray();
        if (shown.Length == 2)
        {
            return overlap switch
            {
                OverlapRule.First => shown[..1],
                OverlapRule.Second => shown[1..],
                _ => shown,
            };
        }

        var before = Array.FindIndex(stretches, stretch => local - stretch.Offset >= stretch.End);
        var after = before < 0 ? -1 : Array.FindIndex(stretches, before, stretch => local - stretch.Offset < stretch.Start);
        return (shown.Length, gap) switch
        {
            (1, _) => shown,
            (0, GapRule.RunAtEnd) when after > 0 => [stretches[after].Start],
            (0, GapRule.RunShifted) when after > 0 => [local - stretches[after - 1].Offset],
            _ => [],
        };
    }

    /// <summary>One offset from an instant to another, all in ticks.</summary>
    private readonly struct Stretch(ZoneInterval interval)
    {
        public long Offset { get; } = interval.WallOffset.Ticks;

        public long Start { get; } = interval.HasStart ? interval.Start.ToDateTimeUtc().Ticks : long.MinValue;

        public long End { get; } = interval.HasEnd ? interval.End.ToDateTimeUtc().Ticks : long.MaxValue;

        public bool Shows(long local) => local - Offset >= Start && local - Offset < End;
    }
}

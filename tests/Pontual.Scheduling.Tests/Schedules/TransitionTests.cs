using NodaTime;
using NodaTime.TimeZones;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>
/// Every change of the clock in every zone from 2020 to 2040, walked over forward and backward: what runs around it is what the oracle says, each
/// once, strictly rising, and the walk back meets the same. Links to another zone are walked as that zone.
/// </summary>
public sealed class TransitionTests
{
    private static readonly DstRules?[] AllRules =
    [
        null,
        .. from gap in Enum.GetValues<GapRule>() from overlap in Enum.GetValues<OverlapRule>() select new DstRules(gap, overlap),
    ];

    [Fact]
    public void They_are_all_there() => Changes().Count().ShouldBeGreaterThan(4000);

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("30 * * * *")]
    [InlineData("*/15 * * * *")]
    [InlineData("*/7 */2 * * *")]
    public void Interval_like_expressions(string cron)
    {
        var naive = new NaiveCron(cron);
        foreach (var change in Changes())
        {
            Walk(cron, naive, null, change, TimeSpan.FromHours(3));
        }
    }

    [Fact]
    public void Every_twenty_seconds()
    {
        var naive = new NaiveCron("*/20 * * * * *");
        foreach (var change in Changes())
        {
            Walk("*/20 * * * * *", naive, null, change, TimeSpan.FromMinutes(5));
        }
    }

    // The middle of the gap or overlap, both its edges, a minute outside of each, and a time with seconds inside of it.
    [Fact]
    public void Fixed_times_at_the_change_itself_by_every_rule()
    {
        Dictionary<string, NaiveCron> naive = [];
        foreach (var change in Changes())
        {
            var (first, end) = (change.Local, change.Local + change.Size);
            foreach (
                var times in (DateTime[][])
                    [
                        [first + (change.Size / 2)],
                        [first.AddMinutes(-1), first, end.AddMinutes(-1), end],
                    ]
            )
            {
                var cron = $"{List(times, time => time.Minute)} {List(times, time => time.Hour)} * * *";
                naive.TryAdd(cron, new NaiveCron(cron));
                foreach (var rules in AllRules)
                {
                    Walk(cron, naive[cron], rules, change, TimeSpan.FromHours(3));
                }
            }
        }
    }

    private static void Walk(string cron, NaiveCron naive, DstRules? rules, Change change, TimeSpan around)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse(change.Rules.Id), rules);
        var (after, length) = (change.At - change.Size - around, 2 * (change.Size + around));
        var gap = rules?.Gap ?? (naive.IntervalLike ? GapRule.Skip : GapRule.RunAtEnd);
        var overlap = rules?.Overlap ?? (naive.IntervalLike ? OverlapRule.Both : OverlapRule.First);

        var forward = schedule.Occurrences(after).TakeWhile(at => at <= after + length).ToList();
        var backward = schedule.Backward(after + length).TakeWhile(at => at > after).ToList();

        var expected = NaiveClock.Occurrences(naive, change.Rules, gap, overlap, after, length);
        Same(forward, expected, $"{cron} {rules} {change}");
        backward.Reverse();
        Same(backward, expected, $"{cron} {rules} {change}, backward");
    }

    // Shouldly's own comparison builds its message each time: too slow for some hundred thousand of them.
    private static void Same(List<DateTimeOffset> actual, List<DateTimeOffset> expected, string message)
    {
        if (!actual.SequenceEqual(expected))
        {
            actual.ShouldBe(expected, message);
        }
    }

    private static string List(DateTime[] times, Func<DateTime, int> part) => string.Join(',', times.Select(part).Distinct().Order());

    private static IEnumerable<Change> Changes() =>
        from id in TzdbDateTimeZoneSource.Default.CanonicalIdMap.Values.Distinct().Order(StringComparer.Ordinal)
        let rules = DateTimeZoneProviders.Tzdb[id]
        let intervals = rules.GetZoneIntervals(Instant.FromUtc(2020, 1, 1, 0, 0), Instant.FromUtc(2041, 1, 1, 0, 0)).ToList()
        from pair in intervals.Zip(intervals.Skip(1))
        let shift = TimeSpan.FromTicks(pair.Second.WallOffset.Ticks - pair.First.WallOffset.Ticks)
        where shift != TimeSpan.Zero
        let earlierOffset = shift > TimeSpan.Zero ? pair.First.WallOffset : pair.Second.WallOffset
        select new Change(
            rules,
            pair.First.End.ToDateTimeOffset(),
            pair.First.End.WithOffset(earlierOffset).LocalDateTime.ToDateTimeUnspecified(),
            shift.Duration()
        );

    /// <summary>A change of the clock: its instant, the first local time of the gap or overlap, and how long that is.</summary>
    private sealed record Change(DateTimeZone Rules, DateTimeOffset At, DateTime Local, TimeSpan Size);
}

using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>The search against an oracle that tries every local minute or second (PONTUAL_LONG=1 tries more than a million cases).</summary>
public sealed class CronSchedulePropertyTests
{
    private static readonly string[] ZoneIds =
    [
        "UTC",
        "America/Sao_Paulo",
        "America/New_York",
        "Europe/Dublin",
        "Europe/Berlin",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "America/St_Johns",
        "Antarctica/Troll",
    ];

    private static readonly Gen<DateTimeOffset> Instants =
        from second in Gen.Choose(0, int.MaxValue)
        from fraction in Gen.Elements(0, 0, 1, 9_999_999)
        select new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second * 1.5).AddTicks(fraction);

    /// <summary>Instants around a change of the clock in the zone; far from any where the zone has none.</summary>
    private static Gen<DateTimeOffset> NearChange(string zone) =>
        from instant in Instants
        from minutes in Gen.Choose(-60 * 40, 60 * 30)
        let interval = DateTimeZoneProviders.Tzdb[zone].GetZoneInterval(Instant.FromDateTimeOffset(instant))
        let change = interval.HasEnd ? interval.End.ToDateTimeOffset() : instant
        select change.AddMinutes(minutes);

    private static readonly Gen<(string Text, string Zone, DateTimeOffset After, DstRules? Dst)> AroundChanges =
        from text in Gen.Frequency((3, Expressions.NearMidnight), (1, Expressions.Valid))
        from zone in Gen.Elements(ZoneIds)
        from after in NearChange(zone)
        from gap in Gen.Elements<GapRule?>(null, GapRule.RunAtEnd, GapRule.RunShifted, GapRule.Skip)
        from overlap in Gen.Elements<OverlapRule?>(null, OverlapRule.First, OverlapRule.Second, OverlapRule.Both)
        from own in Gen.Elements(false, true)
        select (text, zone, after, own ? new DstRules(gap, overlap) : null);

    [Fact]
    public void Around_a_change_of_the_clock_the_occurrences_are_those_of_the_oracle() =>
        AroundChanges.Check(
            600,
            given =>
            {
                var schedule = new CronSchedule(CronExpression.Parse(given.Text), Zone.Parse(given.Zone), given.Dst);
                var naive = new NaiveCron(given.Text);
                var gap = given.Dst?.Gap ?? (naive.IntervalLike ? GapRule.Skip : GapRule.RunAtEnd);
                var overlap = given.Dst?.Overlap ?? (naive.IntervalLike ? OverlapRule.Both : OverlapRule.First);
                var length = naive.HasSeconds ? TimeSpan.FromHours(5) : TimeSpan.FromDays(3);

                var due = schedule.Occurrences(given.After).TakeWhile(at => at <= given.After + length).ToList();

                var expected = NaiveClock.Occurrences(naive, DateTimeZoneProviders.Tzdb[given.Zone], gap, overlap, given.After, length);
                due.ShouldBe(expected, $"{given}");
                schedule
                    .Backward(given.After + length)
                    .TakeWhile(at => at > given.After)
                    .ShouldBe(Enumerable.Reverse(expected), $"{given}");
                naive.IntervalLike.ShouldBe(schedule.Expression.IsIntervalLike);
            },
            longTimes: 2000
        );

    [Fact]
    public void An_interval_like_expression_runs_whenever_the_wall_clock_shows_its_time() =>
        AroundChanges
            .Where(given => given.Dst is null && new NaiveCron(given.Text).IntervalLike)
            .Check(
                100,
                given =>
                {
                    var schedule = new CronSchedule(CronExpression.Parse(given.Text), Zone.Parse(given.Zone));
                    var naive = new NaiveCron(given.Text);
                    var length = naive.HasSeconds ? TimeSpan.FromHours(3) : TimeSpan.FromDays(2);

                    var due = schedule.Occurrences(given.After).TakeWhile(at => at <= given.After + length).ToList();

                    due.ShouldBe(NaiveClock.Shown(naive, DateTimeZoneProviders.Tzdb[given.Zone], given.After, length), $"{given}");
                }
            );

    [Fact]
    public void Between_two_occurrences_far_apart_lies_no_matching_day() =>
        (from text in Expressions.Valid from zone in Gen.Elements(ZoneIds) from after in Instants select (text, zone, after)).Check(
            400,
            given =>
            {
                var schedule = new CronSchedule(CronExpression.Parse(given.text), Zone.Parse(given.zone));
                var naive = new NaiveCron(given.text);

                var next = schedule.Next(given.after);

                // The gap of a day in Apia moves a run by a day: leave a margin of two on either side.
                var first = DateOnly.FromDateTime(given.after.UtcDateTime).AddDays(3);
                var end = next is { } at ? DateOnly.FromDateTime(at.UtcDateTime).AddDays(-3) : first.AddDays(366 * 9);
                for (var day = first; day < end && day < first.AddDays(366 * 9); day = day.AddDays(1))
                {
                    naive.MatchesDay(day).ShouldBeFalse($"{given} has {day} before {next}");
                }
            }
        );

    [Fact]
    public void Occurrences_rise_strictly_in_every_zone_of_the_database()
    {
        var texts = new[] { "30 2 * * *", "*/20 * * * *", "0 0 * * *", "59 23 L * *" };
        foreach (var zone in Zone.Ids.Select(Zone.Parse))
        {
            foreach (var text in texts)
            {
                var schedule = new CronSchedule(CronExpression.Parse(text), zone);

                var after = DateTimeOffset.Parse("2026-01-01T00:00:00Z");
                foreach (var at in schedule.Occurrences(after).Take(400))
                {
                    at.ShouldBeGreaterThan(after);
                    after = at;
                }
            }
        }
    }
}

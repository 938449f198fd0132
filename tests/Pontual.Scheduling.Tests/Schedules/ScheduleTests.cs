using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Anchor = DateTimeOffset.Parse("2026-11-21T12:00:00Z");

    [Theory]
    [InlineData("12:00:00", "12:00:10")]
    [InlineData("12:00:09.9999999", "12:00:10")]
    [InlineData("12:00:10", "12:00:20")]
    [InlineData("11:59:59", "12:00:00")]
    [InlineData("11:59:50", "12:00:00")]
    [InlineData("11:59:49.9999999", "11:59:50")]
    [InlineData("11:59:41", "11:59:50")]
    public void A_fixed_rate_reaches_to_both_sides_of_its_anchor(string after, string expected)
    {
        var schedule = new EverySchedule(TimeSpan.FromSeconds(10), Anchor);

        var next = schedule.Next(DateTimeOffset.Parse($"2026-11-21T{after}Z"));

        next.ShouldBe(DateTimeOffset.Parse($"2026-11-21T{expected}Z"));
    }

    [Fact]
    public void A_fixed_rate_ends_with_the_calendar()
    {
        var second = new EverySchedule(TimeSpan.FromSeconds(1));
        var longest = new EverySchedule(TimeSpan.MaxValue, Anchor);

        second.Next(DateTimeOffset.MinValue).ShouldBe(DateTimeOffset.MinValue.AddSeconds(1));
        second.Next(DateTimeOffset.MaxValue).ShouldBeNull();
        longest.Next(DateTimeOffset.MinValue).ShouldBe(Anchor);
        longest.Next(Anchor).ShouldBeNull();
        longest.Next(DateTimeOffset.MaxValue).ShouldBeNull();
    }

    [Fact]
    public void A_period_below_a_second_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new EverySchedule(TimeSpan.Zero));
        Should.Throw<ArgumentOutOfRangeException>(() =>
            new EverySchedule(TimeSpan.FromSeconds(5)) with
            {
                Period = TimeSpan.FromTicks(-1),
            }
        );
    }

    [Fact]
    public void Once_is_before_its_instant_only()
    {
        var schedule = new OnceSchedule(Anchor.ToOffset(TimeSpan.FromHours(-3)));

        schedule.Next(Anchor.AddTicks(-1)).ShouldBe(Anchor);
        schedule.Next(Anchor.AddTicks(-1))!.Value.Offset.ShouldBe(TimeSpan.Zero);
        schedule.Next(Anchor).ShouldBeNull();
        ManualSchedule.Instance.Next(Anchor).ShouldBeNull();
    }

    [Theory]
    [InlineData("* * * * *", "Pacific/Kiritimati")]
    [InlineData("0 0 1 1 *", "America/New_York")]
    [InlineData("0 0 30 2 *", "Asia/Tokyo")]
    [InlineData("0 0 0 1 1 ? 2020", "Africa/Casablanca")]
    public void Cron_answers_at_the_ends_of_the_calendar(string cron, string zone)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse(zone));

        schedule.Next(DateTimeOffset.MaxValue).ShouldBeNull();
        schedule.Occurrences(DateTimeOffset.MaxValue.AddDays(-1)).Count().ShouldBeInRange(0, 1440);
        (schedule.Next(DateTimeOffset.MinValue) is not { } first || first > DateTimeOffset.MinValue).ShouldBeTrue();
    }

    [Fact]
    public void Equal_parts_make_equal_schedules()
    {
        var one = new CronSchedule(CronExpression.Parse("@daily"), Zone.Parse("america/sao_paulo"), new DstRules(GapRule.Skip));
        var other = new CronSchedule(CronExpression.Parse("0 0 * * *"), Zone.Default, new DstRules(GapRule.Skip));

        one.ShouldBe(other);
        one.ShouldNotBe(other with { Dst = null });
        one.ShouldNotBe(other with { Zone = Zone.Utc });
    }

    [Fact]
    public void A_preview_shows_the_zone_asked_for()
    {
        var schedule = new EverySchedule(TimeSpan.FromHours(1));

        var first = schedule.Preview(Anchor, Zone.Default).First();

        first.ShouldBe(new Occurrence(Anchor.AddHours(1), new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.FromHours(-3)), null));
    }
}

using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

public sealed class ScheduleLineTests
{
    [Theory]
    [InlineData("@every 90s", 90)]
    [InlineData(" @EVERY\t1h30m ", 5_400)]
    [InlineData("@every 1d2h3m4s", 93_784)]
    [InlineData("@every 366d", 31_622_400)]
    public void A_period_is_a_fixed_rate(string text, int seconds) =>
        Schedule.Parse(text).ShouldBe(new EverySchedule(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Expressions_macros_and_reboot_are_what_they_say()
    {
        var lisbon = Zone.Parse("Europe/Lisbon");

        Schedule.Parse("*/5 * * * *", lisbon).ShouldBe(new CronSchedule(CronExpression.Parse("*/5 * * * *"), lisbon));
        Schedule.Parse("@daily").ShouldBe(new CronSchedule(CronExpression.Parse("0 0 * * *"), Zone.Default));
        Schedule.Parse("@reboot", lisbon).ShouldBe(new StartupSchedule { Zone = lisbon });
        Schedule.Parse("H * * * *", null, new ParseOptions { Seed = "a" }).ShouldBeOfType<CronSchedule>();
    }

    [Theory]
    [InlineData("@every", 7)]
    [InlineData("@every  ", 9)]
    [InlineData("@every 90", 10)]
    [InlineData("@every s", 8)]
    [InlineData("@every 1m1h", 11)]
    [InlineData("@every 0s", 8)]
    [InlineData("@every 367d", 8)]
    [InlineData("@every 5x", 9)]
    [InlineData("@every 9999999999s", 8)]
    [InlineData("  @every 1h 5m", 12)]
    public void A_wrong_period_says_where(string text, int column)
    {
        Schedule.TryParse(text, null, null, out var schedule, out var problem).ShouldBeFalse();

        schedule.ShouldBeNull();
        problem.Column.ShouldBe(column);
        problem.Message.ShouldContain("@every 1h30m");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("61 * * * *")]
    [InlineData("@everyday")]
    [InlineData("@reboots")]
    public void What_is_no_schedule_is_refused_as_an_expression(string? text) =>
        Should.Throw<CronFormatException>(() => Schedule.Parse(text));
}

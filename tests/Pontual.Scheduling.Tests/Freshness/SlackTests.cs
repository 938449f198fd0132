using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Freshness;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Tests.Freshness;

public sealed class SlackTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Theory(DisplayName = "S5-06 a job is stale after its period and the slack of that period")]
    [InlineData("* * * * *", "00:03:00")]
    [InlineData("*/5 * * * *", "00:15:00")]
    [InlineData("*/10 * * * *", "00:30:00")]
    [InlineData("*/15 * * * *", "00:45:00")]
    [InlineData("0 * * * *", "02:00:00")]
    [InlineData("0 9 * * *", "1.01:00:00")]
    [InlineData("0 9 * * 1", "8.00:00:00")]
    public void The_documented_table_holds(string cron, string stale)
    {
        var schedule = Schedule(cron);

        var period = Slack.PeriodOf(schedule, From)!.Value;

        Assert.Equal(TimeSpan.Parse(stale), period + Slack.Of(schedule, From));
    }

    [Theory]
    [InlineData("00:15:00", "00:30:00")]
    [InlineData("00:15:01", "00:30:00")]
    [InlineData("00:30:00", "00:30:00")]
    [InlineData("00:45:00", "00:45:00")]
    [InlineData("01:00:00", "01:00:00")]
    [InlineData("01:00:01", "01:00:00")]
    [InlineData("1.00:00:00", "01:00:00")]
    [InlineData("1.00:00:01", "1.00:00:00")]
    public void Between_the_lines_of_the_table_the_rule_holds(string period, string slack) =>
        Assert.Equal(TimeSpan.Parse(slack), Slack.OfPeriod(TimeSpan.Parse(period)));

    [Theory]
    [InlineData("*/5 8-19 * * 1-5", "00:05:00")]
    [InlineData("0,50 8 * * *", "00:50:00")]
    [InlineData("0 0 1 1 *", "365.00:00:00")]
    public void The_period_is_the_smallest_gap(string cron, string period) =>
        Assert.Equal(TimeSpan.Parse(period), Slack.PeriodOf(Schedule(cron), From));

    [Fact]
    public void What_fires_once_or_never_has_no_period()
    {
        Assert.Null(Slack.PeriodOf(new OnceSchedule(From.AddDays(1)), From));
        Assert.Null(Slack.PeriodOf(ManualSchedule.Instance, From));
        Assert.Equal(TimeSpan.FromDays(1), Slack.Of(new OnceSchedule(From.AddDays(1)), From));
    }

    [Theory(DisplayName = "S5-06 a due time that passes without a start makes late, then stale")]
    [InlineData(59, Punctuality.Fresh)]
    [InlineData(64, Punctuality.Fresh)]
    [InlineData(65, Punctuality.Late)]
    [InlineData(180, Punctuality.Late)]
    [InlineData(181, Punctuality.Stale)]
    public void Time_makes_stale(int seconds, Punctuality expected)
    {
        var schedule = new EverySchedule(TimeSpan.FromMinutes(1));

        var judged = PunctualityRule.Of(schedule, From, TimeSpan.FromMinutes(2), From.AddSeconds(seconds));

        Assert.Equal(expected, judged);
    }

    [Fact(DisplayName = "S5-06 hours outside the schedule do not age a job")]
    public void A_night_does_not_count()
    {
        var schedule = Schedule("*/5 8-19 * * *");
        var lastStart = new DateTimeOffset(2026, 3, 9, 19, 55, 1, TimeSpan.FromHours(-3));

        var atNight = PunctualityRule.Of(schedule, lastStart, Slack.Of(schedule, lastStart), lastStart.AddHours(12));
        var inTheMorning = PunctualityRule.Of(schedule, lastStart, Slack.Of(schedule, lastStart), lastStart.AddHours(13));

        Assert.Equal(Punctuality.Fresh, atNight);
        Assert.Equal(Punctuality.Stale, inTheMorning);
    }

    private static CronSchedule Schedule(string cron) => new(CronExpression.Parse(cron), Zone.Default);
}

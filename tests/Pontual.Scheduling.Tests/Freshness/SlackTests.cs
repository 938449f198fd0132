using FsCheck.Fluent;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Freshness;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
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
    [InlineData("0 0 1-20,31 * *", "1.00:00:00")]
    [InlineData("0 0 20,31 * *", "11.00:00:00")]
    [InlineData("0 0,23 * * *", "01:00:00")]
    [InlineData("0 0,23 * * 1", "23:00:00")]
    [InlineData("0 0,23 * * 1,2", "01:00:00")]
    [InlineData("58,59 23 31 12 *", "00:01:00")]
    [InlineData("5,50 8-10 * * *", "00:15:00")]
    [InlineData("5,50 8,10 * * *", "00:45:00")]
    [InlineData("*/40 * * * *", "00:20:00")]
    [InlineData("*/30 * * * * *", "00:00:30")]
    [InlineData("10,55 30 * * * *", "00:00:45")]
    [InlineData("0 0 29 2 *", "1461.00:00:00")]
    [InlineData("0 9 1W * *", "28.00:00:00")]
    [InlineData("0 2 * * *", "1.00:00:00")]
    public void The_period_is_the_smallest_gap(string cron, string period) =>
        Assert.Equal(TimeSpan.Parse(period), Slack.PeriodOf(Schedule(cron), From));

    [Fact]
    public void The_period_of_cron_is_met_by_its_times_and_undercut_by_none() =>
        Expressions
            .Valid.Where(text => text.Split(' ').Length < 7)
            .Check(
                400,
                text =>
                {
                    var expression = CronExpression.Parse(text);
                    var first = expression.NextLocal(new DateTime(2026, 1, 1).AddTicks(-1));
                    if (first is null || Slack.PeriodOf(new CronSchedule(expression, Zone.Utc), From) is not { } period)
                    {
                        return;
                    }

                    // From one time to the next until the period is met: at the latest after all shapes of year.
                    var smallest = TimeSpan.MaxValue;
                    for (var at = first.Value; smallest > period && at < first.Value.AddYears(29); )
                    {
                        var next = expression.NextLocal(at)!.Value;
                        smallest = next - at < smallest ? next - at : smallest;
                        at = next;
                    }

                    Assert.Equal(period, smallest);
                }
            );

    [Fact(DisplayName = "S5-06 a year that is nearly over still has its period, and one that is over has none")]
    public void Years_that_end_bound_the_period()
    {
        Assert.Equal(TimeSpan.FromDays(1), Slack.PeriodOf(Schedule("0 0 9 30,31 12 ? 2026"), From));
        Assert.Null(Slack.PeriodOf(Schedule("0 0 9 31 12 ? 2026"), From));
        Assert.Null(Slack.PeriodOf(Schedule("0 0 9 * * ? 2025"), From));
    }

    [Fact]
    public void A_fixed_rate_a_fixed_delay_and_a_spread_schedule_have_the_period_they_say()
    {
        var spread = new Terms { Jitter = new Jitter(TimeSpan.FromMinutes(4), "job") };

        Assert.Equal(TimeSpan.FromHours(12), Slack.PeriodOf(new EverySchedule(TimeSpan.FromHours(12)), From));
        Assert.Equal(TimeSpan.FromMinutes(90), Slack.PeriodOf(new DelaySchedule(TimeSpan.FromMinutes(90)), From));
        Assert.Equal(TimeSpan.FromMinutes(5), Slack.PeriodOf(Schedule("*/5 * * * *") with { Terms = spread }, From));
        Assert.Equal(TimeSpan.FromMinutes(10 + 4), Slack.Of(Schedule("*/5 * * * *") with { Terms = spread }, From));
    }

    [Fact]
    public void Calendars_leave_the_period_of_the_times_that_are_left()
    {
        var mondays = new CalendarRules { Only = [new Calendar("mondays", [new WeekdayEntry([DayOfWeek.Monday])])] };
        var terms = new Terms { Calendars = mondays };

        Assert.Equal(TimeSpan.FromDays(7), Slack.PeriodOf(Schedule("0 9 * * *") with { Terms = terms }, From));
        Assert.Equal(TimeSpan.FromHours(5), Slack.PeriodOf(Schedule("0 9,14 * * *") with { Terms = terms }, From));
        Assert.Equal(TimeSpan.FromMinutes(1), Slack.PeriodOf(Schedule("* * * * *") with { Terms = terms }, From));
        Assert.Equal(TimeSpan.FromDays(7), Slack.PeriodOf(new EverySchedule(TimeSpan.FromDays(1)) { Terms = terms }, From));
    }

    [Fact(DisplayName = "S5-06 time that a calendar leaves out does not age a job")]
    public void Left_out_days_do_not_count()
    {
        var weekend = new Calendar("weekends", [new WeekdayEntry([DayOfWeek.Saturday, DayOfWeek.Sunday])]);
        var schedule = Schedule("*/15 * * * *") with { Terms = new Terms { Calendars = new CalendarRules { Except = [weekend] } } };
        var slack = Slack.Of(schedule, From);
        var fridayNight = new DateTimeOffset(2026, 3, 13, 23, 45, 1, TimeSpan.FromHours(-3));
        var monday = new DateTimeOffset(2026, 3, 16, 0, 0, 0, TimeSpan.FromHours(-3));

        var onSunday = PunctualityRule.Of(schedule, fridayNight, slack, monday.AddHours(-1));
        var afterDue = PunctualityRule.Of(schedule, fridayNight, slack, monday.AddSeconds(10));
        var afterSlack = PunctualityRule.Of(schedule, fridayNight, slack, monday + slack + TimeSpan.FromSeconds(1));

        Assert.Equal((Punctuality.Fresh, Punctuality.Late, Punctuality.Stale), (onSunday, afterDue, afterSlack));
    }

    [Fact(DisplayName = "S5-06 nights and the break at noon do not age a job that keeps business hours")]
    public void Time_outside_of_business_hours_does_not_count()
    {
        var workdays = new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday };
        var hours = workdays.SelectMany(day =>
            new WeekHours[] { new(day, new TimeOnly(8, 0), new TimeOnly(12, 0)), new(day, new TimeOnly(13, 30), new TimeOnly(18, 0)) }
        );
        var open = new Calendar("business hours", [new HoursEntry(hours)]);
        var schedule = Schedule("*/10 * * * *") with { Terms = new Terms { Calendars = new CalendarRules { Only = [open] } } };
        var slack = Slack.Of(schedule, From);
        var beforeNoon = new DateTimeOffset(2026, 3, 13, 11, 50, 1, TimeSpan.FromHours(-3)); // a Friday
        var evening = new DateTimeOffset(2026, 3, 13, 17, 50, 1, TimeSpan.FromHours(-3));
        var monday = new DateTimeOffset(2026, 3, 16, 8, 0, 0, TimeSpan.FromHours(-3));

        Punctuality At(DateTimeOffset since, DateTimeOffset now) => PunctualityRule.Of(schedule, since, slack, now);

        Assert.Equal(TimeSpan.FromMinutes(20), slack);
        Assert.Equal(Punctuality.Fresh, At(beforeNoon, beforeNoon.AddMinutes(99)));
        Assert.Equal(Punctuality.Late, At(beforeNoon, beforeNoon.AddMinutes(101)));
        Assert.Equal(Punctuality.Stale, At(beforeNoon, beforeNoon.AddMinutes(121)));
        Assert.Equal(Punctuality.Fresh, At(evening, monday.AddSeconds(4)));
        Assert.Equal(Punctuality.Stale, At(evening, monday.AddMinutes(21)));
    }

    [Fact]
    public void Days_that_are_moved_together_have_the_gap_that_is_left()
    {
        var rules = new CalendarRules { Shift = DayShift.NextBusinessDay };

        var period = Slack.PeriodOf(Schedule("0 9 * * 0,2") with { Terms = new Terms { Calendars = rules } }, From);

        Assert.Equal(TimeSpan.FromDays(1), period); // Sunday's run comes on Monday, Tuesday's on Tuesday.
    }

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

using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>The schedules of the documented jobs (S5-01), in their zone, over a fortnight: how often each runs, and that the oracle agrees.</summary>
public sealed class DocumentedSchedulesTests
{
    private static readonly DateTimeOffset Monday = DateTimeOffset.Parse("2026-11-02T02:59:59Z"); // a second before Monday 00:00 in São Paulo
    private static readonly TimeSpan Fortnight = TimeSpan.FromDays(14);

    [Theory]
    [InlineData("* * * * *", 20_160)]
    [InlineData("*/5 * * * *", 4_032)]
    [InlineData("*/5 8-19 * * *", 2_016)]
    [InlineData("*/10 * * * *", 2_016)]
    [InlineData("*/15 * * * *", 1_344)]
    [InlineData("0 * * * *", 336)]
    [InlineData("0 1 * * *", 14)]
    [InlineData("0 2 * * *", 14)]
    [InlineData("0 2 * * 0", 2)]
    [InlineData("0 3 * * *", 14)]
    [InlineData("0 4 * * 1", 2)]
    [InlineData("0 6 * * *", 14)]
    [InlineData("0 8 * * 1-5", 10)]
    [InlineData("0 9 * * 1", 2)]
    [InlineData("0 9,14 * * 1-5", 20)]
    [InlineData("0 10 * * *", 14)]
    [InlineData("0 10 * * 1", 2)]
    [InlineData("0 11 * * *", 14)]
    [InlineData("0 20 * * *", 14)]
    [InlineData("55 23 * * *", 14)]
    [InlineData("5 0 * * *", 14)]
    public void A_documented_schedule_runs_as_often_as_it_says(string cron, int expected)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Default);

        var due = schedule.Occurrences(Monday).TakeWhile(at => at <= Monday + Fortnight).ToList();

        due.Count.ShouldBe(expected);
        due.ShouldBe(
            NaiveClock.Occurrences(
                new NaiveCron(cron),
                NodaTime.DateTimeZoneProviders.Tzdb["America/Sao_Paulo"],
                GapRule.RunAtEnd,
                OverlapRule.First,
                Monday,
                Fortnight
            )
        );
    }
}

using System.Diagnostics;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

public sealed class CronScheduleTests
{
    [Fact(DisplayName = "S4-01 */30 * * * * * runs every 30 seconds, on the second")]
    public void Six_fields_run_on_the_second()
    {
        var schedule = new CronSchedule(CronExpression.Parse("*/30 * * * * *"), Zone.Default);
        var after = DateTimeOffset.Parse("2026-11-21T12:00:00.0000001Z");

        var due = schedule.Occurrences(after).Take(4).Select(at => at.ToString("HH:mm:ss.fffffff"));

        due.ShouldBe(["12:00:30.0000000", "12:01:00.0000000", "12:01:30.0000000", "12:02:00.0000000"]);
    }

    [Fact(DisplayName = "X-03 a schedule that names no zone runs by the clocks of America/Sao_Paulo")]
    public void The_default_zone_is_Sao_Paulo()
    {
        var schedule = new CronSchedule(CronExpression.Parse("0 9 * * 1"), Zone.Default);

        var next = schedule.Next(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));

        next.ShouldBe(DateTimeOffset.Parse("2026-01-05T12:00:00Z"));
        next!.Value.Offset.ShouldBe(TimeSpan.Zero);
        Zone.Default.Id.ShouldBe("America/Sao_Paulo");
    }

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("*/30 * * * * *")]
    [InlineData("0 9,14 * * 1-5")]
    [InlineData("0 0 29 2 *")]
    [InlineData("0 0 LW * *")]
    [InlineData("30 2 * * SUN")]
    public void Searching_allocates_nothing_in_either_direction(string cron)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse("America/New_York"));
        var (start, end) = (DateTimeOffset.Parse("2026-01-01T00:00:00Z"), DateTimeOffset.Parse("2090-01-01T00:00:00Z"));
        Walk(schedule, start, end);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(schedule, start, end);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void Walk(CronSchedule schedule, DateTimeOffset start, DateTimeOffset end)
        {
            var (forward, backward) = (start, end);
            for (var step = 0; step < 1000; step++)
            {
                forward = schedule.Next(forward) is { } next && next < end ? next : start;
                backward = schedule.Previous(backward) is { } last && last > start ? last : end;
            }
        }
    }

    [Theory]
    [InlineData("* * * * *", "Pacific/Kiritimati")]
    [InlineData("* * * * *", "Pacific/Midway")]
    [InlineData("0 0 1 1 *", "America/New_York")]
    [InlineData("0 0 31 12 *", "Pacific/Kiritimati")]
    [InlineData("59 59 23 31 12 ?", "Pacific/Midway")]
    public void Both_directions_meet_at_the_ends_of_the_calendar(string cron, string zone)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse(zone));

        var first = schedule.Next(DateTimeOffset.MinValue);
        var last = schedule.Previous(DateTimeOffset.MaxValue);

        schedule.Previous(DateTimeOffset.MinValue).ShouldBeNull();
        schedule.Next(DateTimeOffset.MaxValue).ShouldBeNull();
        schedule.Previous(first!.Value.AddTicks(1)).ShouldBe(first);
        schedule.Next(last!.Value.AddTicks(-1)).ShouldBe(last);
        schedule.Next(last.Value).ShouldBeNull();
        (schedule.Previous(first.Value) ?? DateTimeOffset.MinValue).ShouldBe(DateTimeOffset.MinValue);
    }

    // The last would only ever fire in the gap that its rule skips, year after year, and each of 400 years is looked at (half a millisecond when
    // nothing else runs).
    [Theory]
    [InlineData("0 0 31 2 *", GapRule.RunAtEnd, null, 1)]
    [InlineData("0 0 */31 2 1#5", GapRule.RunAtEnd, null, 1)]
    [InlineData("0 0 0 1 1 ? 2020", GapRule.RunAtEnd, "2020-01-01T05:00:00Z", 1)]
    [InlineData("* * * * * ? 1970", GapRule.RunShifted, "1971-01-01T04:59:59Z", 1)]
    [InlineData("30 2 ? 3 SUN#2", GapRule.Skip, "2006-03-12T07:30:00Z", 20)]
    public void A_search_that_finds_nothing_ends_soon(string cron, GapRule gap, string? previous, int milliseconds)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse("America/New_York"), new DstRules(gap));
        DateTimeOffset[] instants =
        [
            DateTimeOffset.Parse("2026-11-21T12:00:00Z"), // a calm day
            DateTimeOffset.Parse("2027-03-14T07:00:00Z"), // just after a gap
            DateTimeOffset.Parse("2027-11-07T06:30:00Z"), // in the second pass of an overlap
        ];

        foreach (var at in instants)
        {
            schedule.Next(at).ShouldBeNull();
            schedule.Previous(at).ShouldBe(previous is null ? null : DateTimeOffset.Parse(previous));
            Quickest(() => schedule.Next(at)).ShouldBeLessThan(TimeSpan.FromMilliseconds(milliseconds));
            Quickest(() => schedule.Previous(at)).ShouldBeLessThan(TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    // The best of many: what else the machine does is not the question.
    private static TimeSpan Quickest(Func<DateTimeOffset?> search) =>
        Enumerable
            .Range(0, 20)
            .Min(_ =>
            {
                var began = Stopwatch.GetTimestamp();
                search();
                return Stopwatch.GetElapsedTime(began);
            });
}

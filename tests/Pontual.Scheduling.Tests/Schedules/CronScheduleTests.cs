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
}

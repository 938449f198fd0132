using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>The oracle and the product must agree before the simulation may blame one of them.</summary>
public sealed class OracleScheduleTests
{
    [Fact(DisplayName = "X-03 the product's occurrences are the oracle's, over two years of clock changes in four zones")]
    public void The_product_agrees_with_the_oracle()
    {
        var random = new Random(11);
        var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var until = from.AddYears(2);
        for (var i = 0; i < 150; i++)
        {
            var oracle = OracleSchedule.Draw(random);
            var schedule = new CronSchedule(CronExpression.Parse(oracle.Cron), Zone.Parse(oracle.ZoneId));

            var occurrences = schedule.Occurrences(from).TakeWhile(at => at <= until);

            occurrences.SequenceEqual(oracle.Occurrences(from, until)).ShouldBeTrue(oracle.ToString());
        }
    }
}

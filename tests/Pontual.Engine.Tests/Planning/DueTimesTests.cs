using Pontual.Engine.Clocks;
using Pontual.Engine.Planning;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit;
using Shouldly;
using static Pontual.Engine.Tests.Planning.PlanTable;

namespace Pontual.Engine.Tests.Planning;

public class DueTimesTests
{
    [Theory]
    [InlineData(8.5, 10, 10)] // Planned ahead, and still to come.
    [InlineData(10, 10, 20)]
    [InlineData(4, 0, 10)]
    [InlineData(-600, 10, 20)] // The clock was set back: what is accounted for does not come again.
    public void What_is_planned_but_not_yet_due_is_still_next(double now, int mark, int next)
    {
        var time = new ManualTime(Noon.AddSeconds(now));
        var job = Due(Definition(Overlap.Skip, CatchUp.Latest)).Job with
        {
            Mark = Noon.AddSeconds(mark),
            NextDue = Noon.AddSeconds(mark + 10),
        };

        DueTimes.NextRun(job, new ScheduleClock(time)).ShouldBe(Noon.AddSeconds(next));
    }
}

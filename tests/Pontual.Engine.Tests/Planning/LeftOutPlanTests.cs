using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;
using static Pontual.Engine.Tests.Planning.PlanTable;

namespace Pontual.Engine.Tests.Planning;

/// <summary>What calendars leave out, and due times that come one by one. Noon is 12:00 UTC of a Monday; a "window" leaves out some seconds after it.</summary>
public class LeftOutPlanTests
{
    [Theory]
    [InlineData(CatchUp.Latest, 11, 29, 39.9, "skip catch-up 10, skip window 20, run 30", "Allow")]
    [InlineData(CatchUp.Latest, 9, 31, 49.9, "skip window 10-30 x3, run 40", "Skip")]
    [InlineData(CatchUp.Latest, 39, 60, 59.9, "skip catch-up 10-20 x2, run 30, skip window 40-50 x2", "Skip")]
    [InlineData(CatchUp.None, 39, 60, 59.9, "skip catch-up 10-30 x3, skip window 40-50 x2", "Skip")]
    [InlineData(CatchUp.Latest, 9, 60, 59.9, "skip window 10-50 x5", "Skip")]
    [InlineData(CatchUp.All, 19, 31, 41, "run 10, skip window 20-30 x2, hold 40", "BufferAll")]
    public void Windows_are_judged_after_pauses_and_before_catch_up(
        CatchUp catchUp,
        int from,
        int to,
        double now,
        string expected,
        string overlap
    )
    {
        var due = Due(WithWindow(Definition(Enum.Parse<Overlap>(overlap), catchUp), from, to));

        var plan = Decide(due, now);

        Read(due, plan).ShouldBe(expected);
        plan.NextDue.ShouldBe(plan.Mark.AddSeconds(10));
    }

    [Fact]
    public void A_pause_comes_first_and_names_differ_in_stretches_of_their_own()
    {
        var definition = WithWindow(Definition(Overlap.Skip, CatchUp.Latest), 9, 41);
        var due = Due(definition, paused: new Pause(Noon, null, null, Noon.AddSeconds(25)));

        var plan = Decide(due, 59.9);

        Read(due, plan).ShouldBe("skip paused 10-20 x2, skip window 30-40 x2, run 50");
        plan.Skips.Select(skip => skip.Detail).ShouldBe([null, "upkeep: quiet"]);
    }

    [Fact]
    public void A_stretch_that_is_open_for_another_detail_is_not_extended()
    {
        var open = new OpenStretch(RunId.New(Noon, new SystemRandomBytes()), RunReason.Window, "other: hours");
        var due = Due(WithWindow(Definition(Overlap.Skip, CatchUp.Latest), 9, 11), stretch: open);

        Read(due, Decide(due, 10.1)).ShouldBe("skip window 10");
        Read(due, Decide(due with { Stretch = open with { Detail = "upkeep: quiet" } }, 10.1)).ShouldBe("more window 10");
    }

    [Theory]
    [InlineData(CatchUp.Latest, 0.1, "run 0", null)]
    [InlineData(CatchUp.Latest, 3600, "run 0", null)]
    [InlineData(CatchUp.All, 100, "skip catch-up 0-35 x2, run 70", null)]
    [InlineData(CatchUp.None, 59.9, "skip catch-up 0-35 x2", 70)]
    [InlineData(CatchUp.None, 71, "skip catch-up 0-35 x2, run 70", null)]
    public void A_delay_owes_one_run_whatever_was_missed(CatchUp catchUp, double now, string expected, int? nextDue)
    {
        var definition = Definition(Overlap.Skip, catchUp) with { Schedule = new DelaySchedule(TimeSpan.FromSeconds(35)) };
        var due = Due(definition);
        due = due with { Job = due.Job with { NextDue = Noon } };

        var plan = Decide(due, now);

        Read(due, plan).ShouldBe(expected);
        plan.NextDue.ShouldBe(nextDue is { } at ? Noon.AddSeconds(at) : null);
    }

    private static JobDefinition WithWindow(JobDefinition definition, int from, int to) =>
        definition with
        {
            Schedule = definition.Schedule with
            {
                Terms = new Terms
                {
                    Calendars = new CalendarRules
                    {
                        Except = [new Calendar("upkeep", [new Quiet(Noon.AddSeconds(from), Noon.AddSeconds(to))])],
                    },
                },
            },
        };

    private sealed record Quiet(DateTimeOffset From, DateTimeOffset To) : CalendarEntry
    {
        public override CalendarStretch StretchAt(DateTimeOffset at, Zone zone) =>
            at < From ? new(false, ExclusionKind.Window, null, DateTimeOffset.MinValue, From)
            : at < To ? new(true, ExclusionKind.Window, "quiet", From, To)
            : new(false, ExclusionKind.Window, null, To, DateTimeOffset.MaxValue);
    }
}

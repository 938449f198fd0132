using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Shouldly;
using static Pontual.Engine.Tests.Planning.PlanTable;

namespace Pontual.Engine.Tests.Planning;

public class OccurrencePlannerTests
{
    [Theory(DisplayName = "S2-03 one occurrence on time")]
    [InlineData(Overlap.Skip, "", "run 10")]
    [InlineData(Overlap.Skip, "R", "skip overlap 10")]
    [InlineData(Overlap.Skip, "r", "run 10, drop r")]
    [InlineData(Overlap.Skip, "w", "run 10")]
    [InlineData(Overlap.Skip, "m", "run 10")]
    [InlineData(Overlap.Skip, "Rw", "skip overlap 10")]
    [InlineData(Overlap.BufferOne, "", "run 10")]
    [InlineData(Overlap.BufferOne, "R", "hold 10")]
    [InlineData(Overlap.BufferOne, "Rh", "skip overlap 10")]
    [InlineData(Overlap.BufferOne, "r", "run 10, drop r")]
    [InlineData(Overlap.BufferAll, "", "run 10")]
    [InlineData(Overlap.BufferAll, "R", "hold 10")]
    [InlineData(Overlap.BufferAll, "Rhh", "hold 10")]
    [InlineData(Overlap.BufferAll, "r", "hold 10")]
    [InlineData(Overlap.BufferAll, "h", "hold 10")]
    [InlineData(Overlap.CancelRunning, "", "run 10")]
    [InlineData(Overlap.CancelRunning, "R", "hold 10, cancel R")]
    [InlineData(Overlap.CancelRunning, "Rh", "hold 10, drop h, cancel R")]
    [InlineData(Overlap.CancelRunning, "r", "run 10, drop r")]
    [InlineData(Overlap.Allow, "RRRr", "run 10")]
    public void One_occurrence_on_time(Overlap overlap, string hot, string expected)
    {
        var due = Due(Definition(overlap, CatchUp.Latest), hot);

        var plan = Decide(due, atSecond: 10.01);

        Read(due, plan).ShouldBe(expected);
        plan.Mark.ShouldBe(Noon.AddSeconds(10));
        plan.NextDue.ShouldBe(Noon.AddSeconds(20));
    }

    [Theory]
    [InlineData(Overlap.Skip, CatchUp.None, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.Skip, CatchUp.Latest, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.Skip, CatchUp.All, "", "run 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData(Overlap.BufferOne, CatchUp.None, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.BufferOne, CatchUp.Latest, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.BufferOne, CatchUp.All, "", "run 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData(Overlap.BufferAll, CatchUp.None, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.BufferAll, CatchUp.Latest, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.BufferAll, CatchUp.All, "", "run 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData(Overlap.CancelRunning, CatchUp.None, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.CancelRunning, CatchUp.Latest, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.CancelRunning, CatchUp.All, "", "run 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData(Overlap.Allow, CatchUp.None, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.Allow, CatchUp.Latest, "", "skip catch-up 10-40 x4, run 50")]
    [InlineData(Overlap.Allow, CatchUp.All, "", "run 10, run 20, run 30, run 40, run 50")]
    [InlineData(Overlap.Skip, CatchUp.None, "R", "skip catch-up 10-40 x4, skip overlap 50")]
    [InlineData(Overlap.Skip, CatchUp.Latest, "R", "skip catch-up 10-40 x4, skip overlap 50")]
    [InlineData(Overlap.Skip, CatchUp.All, "R", "skip overlap 10-50 x5")]
    [InlineData(Overlap.BufferOne, CatchUp.Latest, "R", "skip catch-up 10-40 x4, hold 50")]
    [InlineData(Overlap.BufferOne, CatchUp.All, "R", "hold 10, skip overlap 20-50 x4")]
    [InlineData(Overlap.BufferAll, CatchUp.All, "R", "hold 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData(Overlap.CancelRunning, CatchUp.Latest, "R", "skip catch-up 10-40 x4, hold 50, cancel R")]
    [InlineData(Overlap.CancelRunning, CatchUp.All, "R", "skip superseded 10-40 x4, hold 50, cancel R")]
    [InlineData(Overlap.Allow, CatchUp.All, "R", "run 10, run 20, run 30, run 40, run 50")]
    [InlineData(Overlap.Skip, CatchUp.All, "r", "hold 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData(Overlap.Skip, CatchUp.Latest, "r", "skip catch-up 10-40 x4, run 50, drop r")]
    public void Five_occurrences_after_a_stall(Overlap overlap, CatchUp catchUp, string hot, string expected)
    {
        var due = Due(Definition(overlap, catchUp), hot);

        // The one due at 50 s is planned 10 s late to the tick: not missed yet.
        var plan = Decide(due, atSecond: 59.9);

        Read(due, plan).ShouldBe(expected);
        plan.Mark.ShouldBe(Noon.AddSeconds(50));
    }

    [Theory(DisplayName = "S2-03 a job overdue by two days, its newest occurrence missed too, runs as its catch-up policy says")]
    [InlineData(CatchUp.None, "skip catch-up 3600-172800 x48")]
    [InlineData(CatchUp.Latest, "skip catch-up 3600-169200 x47, run 172800")]
    [InlineData(CatchUp.All, "skip catch-up 3600-162000 x45, run 165600, hold 169200, hold 172800")]
    public void A_job_overdue_by_two_days(CatchUp catchUp, string expected)
    {
        var hourly = Definition(Overlap.Skip, catchUp) with
        {
            Schedule = new EverySchedule(TimeSpan.FromHours(1)),
            CatchUpWindow = TimeSpan.FromHours(3),
        };
        var due = Due(hourly);

        var plan = Decide(due, atSecond: 172_800 + 1_200);

        Read(due, plan).ShouldBe(expected);
        plan.NextDue.ShouldBe(Noon.AddSeconds(172_800 + 3_600));
    }

    [Theory]
    [InlineData(Overlap.Skip, "", "skip superseded 1-2 x2, run 3")]
    [InlineData(Overlap.Skip, "r", "skip superseded 1-2 x2, run 3, drop r")]
    [InlineData(Overlap.Skip, "R", "skip overlap 1-3 x3")]
    [InlineData(Overlap.BufferOne, "R", "hold 1, skip overlap 2-3 x2")]
    [InlineData(Overlap.BufferAll, "", "run 1, hold 2, hold 3")]
    [InlineData(Overlap.CancelRunning, "R", "skip superseded 1-2 x2, hold 3, cancel R")]
    [InlineData(Overlap.Allow, "", "run 1, run 2, run 3")]
    public void Several_on_time_in_one_round(Overlap overlap, string hot, string expected)
    {
        var due = Due(Definition(overlap, CatchUp.Latest) with { Schedule = new EverySchedule(TimeSpan.FromSeconds(1)) }, hot);

        Read(due, Decide(due, atSecond: 3.2)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "run 10, run 20, hold 30, hold 40, hold 50")]
    [InlineData("R", "run 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData("Rr", "hold 10, hold 20, hold 30, hold 40, hold 50")]
    [InlineData("RR", "hold 10, hold 20, hold 30, hold 40, hold 50")]
    public void Side_by_side_up_to_the_jobs_slots(string hot, string expected)
    {
        var due = Due(Definition(Overlap.Allow, CatchUp.All, concurrency: 2), hot);

        Read(due, Decide(due, atSecond: 55)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, null, CatchUp.Latest, "skip paused 10-50 x5")]
    [InlineData(25, null, CatchUp.Latest, "skip catch-up 10, run 20, skip paused 30-50 x3")]
    [InlineData(0, 35.0, CatchUp.Latest, "skip paused 10-30 x3, skip catch-up 40, run 50")]
    [InlineData(20, 40.0, CatchUp.Latest, "skip catch-up 10, skip paused 20-30 x2, skip catch-up 40, run 50")]
    [InlineData(20, 40.0, CatchUp.All, "run 10, skip paused 20-30 x2, hold 40, hold 50")]
    [InlineData(20, 40.0, CatchUp.None, "skip catch-up 10, skip paused 20-30 x2, skip catch-up 40, run 50")]
    [InlineData(51, null, CatchUp.All, "run 10, hold 20, hold 30, hold 40, hold 50")]
    public void Each_occurrence_is_judged_by_the_pause_at_its_own_instant(double since, double? until, CatchUp catchUp, string expected)
    {
        var pause = new Pause(Noon.AddSeconds(since), "works", "ana", until is { } end ? Noon.AddSeconds(end) : null);
        var due = Due(Definition(Overlap.Skip, catchUp), paused: pause);

        Read(due, Decide(due, atSecond: 59.9)).ShouldBe(expected);
    }

    [Fact]
    public void A_stretch_grows_while_its_reason_stays()
    {
        var stretch = new OpenStretch(RunId.New(Noon, new SystemRandomBytes()), RunReason.Overlap);
        var due = Due(Definition(Overlap.Skip, CatchUp.Latest), hot: "R", stretch: stretch);

        var plan = Decide(due, atSecond: 10);

        Read(due, plan).ShouldBe("more overlap 10");
        plan.Skips.Single().Id.ShouldBe(stretch.Id);
        plan.Stretch.ShouldBe(stretch);
    }

    [Fact]
    public void Another_reason_begins_another_stretch()
    {
        var stretch = new OpenStretch(RunId.New(Noon, new SystemRandomBytes()), RunReason.Paused);
        var due = Due(Definition(Overlap.Skip, CatchUp.Latest), hot: "R", stretch: stretch);

        var plan = Decide(due, atSecond: 10);

        Read(due, plan).ShouldBe("skip overlap 10");
        plan.Stretch.ShouldBe(new OpenStretch(plan.Skips.Single().Id, RunReason.Overlap));
    }

    [Fact]
    public void A_run_closes_the_stretch_even_when_it_is_followed_by_the_same_reason()
    {
        var stretch = new OpenStretch(RunId.New(Noon, new SystemRandomBytes()), RunReason.Overlap);
        var due = Due(Definition(Overlap.BufferOne, CatchUp.All), hot: "R", stretch: stretch);

        var plan = Decide(due, atSecond: 59.9);

        Read(due, plan).ShouldBe("hold 10, skip overlap 20-50 x4");
        plan.Stretch!.Id.ShouldNotBe(stretch.Id);
    }

    [Fact]
    public void Nothing_owed_moves_the_mark_to_now_and_keeps_the_stretch()
    {
        var stretch = new OpenStretch(RunId.New(Noon, new SystemRandomBytes()), RunReason.Paused);
        var due = Due(Definition(Overlap.Skip, CatchUp.Latest), stretch: stretch);

        var plan = Decide(due, atSecond: 9);

        Read(due, plan).ShouldBe("");
        (plan.Mark, plan.NextDue, plan.Stretch).ShouldBe((Noon.AddSeconds(9), Noon.AddSeconds(10), stretch));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-86_400)]
    public void A_clock_set_back_plans_nothing_twice_and_never_moves_the_mark_back(double atSecond)
    {
        var due = Due(Definition(Overlap.Skip, CatchUp.All));

        var plan = Decide(due, atSecond);

        Read(due, plan).ShouldBe("");
        (plan.Mark, plan.NextDue).ShouldBe((Noon, Noon.AddSeconds(10)));
    }

    [Fact]
    public void A_plan_is_bounded_in_runs_and_goes_on_in_the_next_round()
    {
        var options = new PlannerOptions { MostRuns = 2 };
        var due = Due(Definition(Overlap.BufferAll, CatchUp.All));

        var first = Decide(due, atSecond: 59.9, options);
        var rest = Due(Definition(Overlap.BufferAll, CatchUp.All)) with { Job = due.Job with { Mark = first.Mark } };
        var second = Decide(rest, atSecond: 59.9, options);

        (Read(due, first), first.NextDue).ShouldBe(("run 10, hold 20", Noon.AddSeconds(30)));
        Read(rest, second).ShouldBe("run 30, hold 40");
    }

    [Fact]
    public void A_plan_is_bounded_in_occurrences_and_the_stretch_goes_on_in_the_next_round()
    {
        var options = new PlannerOptions { MostOccurrences = 3 };
        var due = Due(Definition(Overlap.Skip, CatchUp.Latest));

        var first = Decide(due, atSecond: 59.9, options);
        var rest = due with { Job = due.Job with { Mark = first.Mark }, Stretch = first.Stretch };
        var second = Decide(rest, atSecond: 59.9, options);

        (Read(due, first), first.NextDue).ShouldBe(("skip catch-up 10-30 x3", Noon.AddSeconds(40)));
        Read(rest, second).ShouldBe("more catch-up 40, run 50");
    }

    [Fact]
    public void Ids_carry_the_due_time_and_are_all_different()
    {
        var plan = Decide(Due(Definition(Overlap.BufferAll, CatchUp.All)), atSecond: 59.9);

        plan.Runs.Select(run => run.Id).ShouldBeUnique();
        plan.Runs.ShouldAllBe(run => run.Id >= RunId.Lowest(run.DueAt) && run.Id < RunId.Lowest(run.DueAt.AddMilliseconds(1)));
    }

    [Fact]
    public void A_paused_year_of_seconds_costs_no_memory_for_each_occurrence()
    {
        var pause = new Pause(Noon, null, null, null);
        var due = Due(
            Definition(Overlap.Skip, CatchUp.Latest) with
            {
                Schedule = new EverySchedule(TimeSpan.FromSeconds(1)),
            },
            paused: pause
        );
        Decide(due, atSecond: 100_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var plan = Decide(due, atSecond: 100_000);
        var spent = GC.GetAllocatedBytesForCurrentThread() - before;

        plan.Skips.Single().Count.ShouldBe(100_000);
        spent.ShouldBeLessThan(10_000);
    }

    [Theory]
    [InlineData(Overlap.Skip, "", false, "ready")]
    [InlineData(Overlap.Skip, "R", false, "refused R")]
    [InlineData(Overlap.Skip, "R", true, "ready")]
    [InlineData(Overlap.Skip, "r", false, "ready")]
    [InlineData(Overlap.Skip, "w", false, "ready")]
    [InlineData(Overlap.BufferOne, "R", false, "held")]
    [InlineData(Overlap.BufferOne, "Rh", false, "refused R")]
    [InlineData(Overlap.BufferAll, "Rhh", false, "held")]
    [InlineData(Overlap.CancelRunning, "R", false, "held, cancel R")]
    [InlineData(Overlap.Allow, "RR", false, "ready")]
    public void A_run_that_somebody_wishes_obeys_the_overlap_policy(Overlap overlap, string hot, bool allow, string expected)
    {
        var due = Due(Definition(overlap, CatchUp.Latest), hot);

        Read(due, OccurrencePlanner.Decide(Wish(Noon, allow), due, Noon)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("R", "ready")]
    [InlineData("RR", "held")]
    public void A_run_that_somebody_wishes_waits_for_a_slot_of_its_job(string hot, string expected)
    {
        var due = Due(Definition(Overlap.Allow, CatchUp.Latest, concurrency: 2), hot);

        Read(due, OccurrencePlanner.Decide(Wish(Noon), due, Noon)).ShouldBe(expected);
    }

    [Fact]
    public void A_run_that_somebody_wishes_for_later_is_not_refused_for_what_is_active_now()
    {
        var due = Due(Definition(Overlap.Skip, CatchUp.Latest), hot: "R");

        Read(due, OccurrencePlanner.Decide(Wish(Noon.AddHours(1)), due, Noon)).ShouldBe("ready");
    }

    private static EnqueueRequest Wish(DateTimeOffset at, bool allow = false) =>
        new(RunId.New(at, new SystemRandomBytes()), 7, RunTrigger.Manual, at, at, AllowOverlap: allow);
}

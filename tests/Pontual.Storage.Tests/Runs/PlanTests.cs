using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class PlanTests
{
    private static readonly EverySchedule EachMinute = new(TimeSpan.FromMinutes(1));

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_due_job_gets_its_run_and_its_mark_moves(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(StorageRig.Define("due", schedule: EachMinute));
        await rig.PutAsync(StorageRig.Define("later", schedule: new EverySchedule(TimeSpan.FromHours(1))));
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        var planned = await PlanAsync(rig, RunOnce(rig));
        var idle = await PlanAsync(rig, _ => throw new InvalidOperationException("Nothing is due."));

        planned.ShouldBe(new PlanResult(1, 1, false, StorageRig.At(120)));
        idle.ShouldBe(new PlanResult(0, 0, false, StorageRig.At(120)));
        var job = (await rig.FindAsync("due"))!;
        (job.Mark, job.NextDue).ShouldBe((StorageRig.At(60), StorageRig.At(120)));
        var leased = (await rig.ClaimAsync()).Single();
        (leased.Run.Trigger, leased.Run.DueAt, leased.Run.Job).ShouldBe((RunTrigger.Schedule, StorageRig.At(60), job.Name));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_job_that_cannot_be_planned_does_not_stop_the_others(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(StorageRig.Define("bad", schedule: EachMinute));
        await rig.PutAsync(StorageRig.Define("good", schedule: EachMinute));
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        var planned = await PlanAsync(
            rig,
            due => due.Job.Name.ToString() == "bad" ? throw new InvalidOperationException("A defect.") : RunOnce(rig)(due)
        );

        (planned.Jobs, planned.Runs).ShouldBe((1, 1));
        var bad = (await rig.FindAsync("bad"))!;
        (bad.Mark, bad.NextDue).ShouldBe((StorageRig.At(0), rig.Now.AddSeconds(60)));
        (await rig.FindAsync("good"))!.Mark.ShouldBe(rig.Now);
    }

    [Theory(DisplayName = "S1-10 an occurrence that has a run cannot get another, and the job it belongs to does not stop the others")]
    [MemberData(nameof(Both))]
    public async Task An_occurrence_cannot_run_twice(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(StorageRig.Define("twice", Overlap.Allow, EachMinute));
        await rig.PutAsync(StorageRig.Define("once", Overlap.Allow, EachMinute));
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        var planned = await PlanAsync(
            rig,
            due =>
            {
                var plan = RunOnce(rig)(due);
                var again = new PlannedRun(rig.NewId(rig.Now), plan.Runs[0].DueAt, Held: false);
                return due.Job.Name.ToString() == "twice" ? plan with { Runs = [.. plan.Runs, again] } : plan;
            }
        );

        (planned.Jobs, planned.Runs).ShouldBe((1, 1));
        (await rig.FindAsync("twice"))!.Mark.ShouldBe(StorageRig.At(0));
        (await rig.ClaimAsync()).Single().Run.Job.ToString().ShouldBe("once");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Skipped_stretches_are_one_row_that_grows(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(StorageRig.Define("sync", schedule: EachMinute));
        var stretch = rig.NewId(StorageRig.At(60));
        var open = new OpenStretch(stretch, RunReason.Paused);
        OpenStretch? seen = null;
        rig.Time.Advance(TimeSpan.FromMinutes(2));
        await PlanAsync(rig, due => Skip(due, open, new(stretch, false, RunReason.Paused, StorageRig.At(60), StorageRig.At(120), 2)));
        rig.Time.Advance(TimeSpan.FromMinutes(3));

        await PlanAsync(
            rig,
            due =>
            {
                seen = due.Stretch;
                return Skip(due, open, new(stretch, true, RunReason.Paused, StorageRig.At(180), StorageRig.At(300), 3));
            }
        );

        seen.ShouldBe(open);
        var run = (await rig.Database.Views.ListAsync(new RunQuery(), StorageRig.None)).Single();
        (run.Id, run.State, run.Reason, run.Count).ShouldBe((stretch, RunState.Skipped, RunReason.Paused, 5));
        (run.DueAt, run.DueUntil, run.FinishedAt).ShouldBe((StorageRig.At(60), StorageRig.At(300), rig.Now));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_stretch_that_was_pruned_begins_anew(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(StorageRig.Define("sync", schedule: EachMinute));
        var stretch = rig.NewId(StorageRig.At(60));
        var open = new OpenStretch(stretch, RunReason.Paused);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        await PlanAsync(rig, due => Skip(due, open, new(stretch, false, RunReason.Paused, StorageRig.At(60), StorageRig.At(60), 1)));
        var first = (await rig.Database.Views.ListAsync(new RunQuery(), StorageRig.None)).Single();
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.Database.Runs.PruneAsync(rig.Now, 10, StorageRig.None);

        await PlanAsync(rig, due => Skip(due, open, new(stretch, true, RunReason.Paused, StorageRig.At(120), StorageRig.At(120), 1)));

        first.DueUntil.ShouldBeNull();
        var run = (await rig.Database.Views.ListAsync(new RunQuery(), StorageRig.None)).Single();
        (run.Id, run.DueAt, run.Count).ShouldBe((stretch, StorageRig.At(120), 1));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_plan_supersedes_what_waits_and_asks_to_cancel_what_runs(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.CancelRunning, EachMinute));
        var running = await rig.EnqueueAsync(job);
        await rig.ClaimAsync();
        var waiting = await rig.EnqueueAsync(job, held: true);
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        var planned = await PlanAsync(
            rig,
            due =>
            {
                due.Hot.Select(run => (run.Id, run.State, run.Held))
                    .ShouldBe([(running, RunState.Running, false), (waiting, RunState.Pending, true)]);
                return RunOnce(rig, held: true)(due) with { Supersede = [waiting], Cancel = [running] };
            }
        );

        planned.Cancelled.ShouldBeTrue();
        (await rig.ViewAsync(waiting)).State.ShouldBe(RunState.Skipped);
        (await rig.Database.Runs.FindLeasedAsync(running, StorageRig.None))!.CancelReason.ShouldBe(RunReason.Superseded);
        (await rig.ClaimAsync()).ShouldBeEmpty();
    }

    [Theory(DisplayName = "S2-01 S2-02 planners at the same moment plan each job once")]
    [MemberData(nameof(Both))]
    public async Task Planners_at_the_same_moment_plan_each_job_once(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var puts = Enumerable.Range(0, 40).Select(index => new JobPut(StorageRig.Define($"job-{index}", schedule: EachMinute)));
        await rig.ApplyAsync(new JobChanges([.. puts], []));
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PlanAsync(rig, RunOnce(rig), limit: 15))));
        while ((await PlanAsync(rig, RunOnce(rig))).Jobs > 0) { }

        results.Sum(result => result.Runs).ShouldBeLessThanOrEqualTo(40);
        var claimed = await rig.ClaimAsync();
        claimed.Select(leased => leased.Run.JobId).Distinct().Count().ShouldBe(40);
        claimed.Count.ShouldBe(40);
    }

    private static Task<PlanResult> PlanAsync(StorageRig rig, Func<DueJob, JobPlan> decide, int limit = 100) =>
        rig.Database.Plans.PlanDueAsync(rig.Now, limit, decide, StorageRig.None);

    private static Func<DueJob, JobPlan> RunOnce(StorageRig rig, bool held = false) =>
        due => new JobPlan
        {
            Mark = rig.Now,
            NextDue = due.Job.Definition.Schedule.Next(rig.Now),
            Runs = [new PlannedRun(rig.NewId(due.Job.NextDue!.Value), due.Job.NextDue.Value, held)],
        };

    private static JobPlan Skip(DueJob due, OpenStretch open, SkippedStretch skip) =>
        new()
        {
            Mark = skip.Last,
            NextDue = due.Job.Definition.Schedule.Next(skip.Last),
            Skips = [skip],
            Stretch = open,
        };
}

using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

/// <summary>Runs that are planned ahead and armed: they begin at their instant, and not at all when something changes before.</summary>
public class ArmedStartTests
{
    private static readonly JobName Sync = JobName.Parse("sync");

    [Fact]
    public async Task An_idle_job_starts_at_its_very_instant_without_a_step_of_any_room()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var due = await ArmAsync(rig, node, SomeJob.Definition("sync"));
        var armed = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();

        rig.Time.AdvanceTo(due.AddTicks(-1));
        var before = node.Runner.Started.Count;
        rig.Time.AdvanceTo(due);
        await node.SettleAsync();

        (before, node.Runner.Started.Count).ShouldBe((0, 1));
        (armed.State, armed.Attempt, armed.StartedAt, armed.Node).ShouldBe((RunState.Pending, 0, null, null));
        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.Attempt, run.StartedAt, run.FinishedAt).ShouldBe((RunState.Succeeded, 1, due, due));
    }

    [Fact]
    public async Task A_pause_before_the_due_time_stops_a_start_that_is_armed()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var due = await ArmAsync(rig, node, SomeJob.Definition("sync"));

        await node.Get<JobEdits>().PauseAsync(Sync, "no", new Actor("me"), null, default);
        await TakeBackAsync(node);
        rig.Time.AdvanceTo(due);
        await node.WorkAsync();

        node.Runner.Started.ShouldBeEmpty();
        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.Reason, run.DueAt, run.Count).ShouldBe((RunState.Skipped, RunReason.Paused, due, 1));
    }

    [Fact]
    public async Task A_pause_before_a_run_that_was_planned_ahead_is_claimed_takes_it_back_at_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var due = await PlanAheadAsync(rig, node, SomeJob.Definition("sync"));
        var planned = await rig.RunsAsync("sync");

        await node.Get<JobEdits>().PauseAsync(Sync, "no", new Actor("me"), null, default);
        var after = await rig.RunsAsync("sync");
        await node.Get<JobEdits>().ResumeAsync(Sync, Actor.Product, default);
        rig.Time.AdvanceTo(due);
        await node.WorkAsync();

        (planned.Count, after.Count).ShouldBe((1, 0));
        node.Runner.Started.ShouldHaveSingleItem().Leased.Run.DueAt.ShouldBe(due);
    }

    [Fact]
    public async Task An_edit_while_a_start_is_armed_makes_it_run_as_edited_and_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var definition = SomeJob.Definition("sync");
        var due = await ArmAsync(rig, node, definition);

        await ApplyAsync(
            node,
            definition with
            {
                Timeout = TimeSpan.FromSeconds(77),
                Schedule = new EverySchedule(TimeSpan.FromSeconds(30)),
            }
        );
        await TakeBackAsync(node);
        await node.PlanAsync();
        await node.ClaimAsync();
        rig.Time.AdvanceTo(due);
        await node.WorkAsync();

        var attempt = node.Runner.Started.ShouldHaveSingleItem();
        (attempt.Leased.Run.DueAt, attempt.Leased.Job.Definition.Timeout).ShouldBe((due, TimeSpan.FromSeconds(77)));
        (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_armed_start_that_nobody_could_take_back_in_time_stands_for_its_due_time_after_an_edit()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var definition = SomeJob.Definition("sync");
        var due = await ArmAsync(rig, node, definition);

        await ApplyAsync(node, definition with { Schedule = new EverySchedule(TimeSpan.FromSeconds(30)) });
        await node.PlanAsync();
        rig.Time.AdvanceTo(due);
        await node.WorkAsync();
        await node.RenewAsync();
        await node.WorkAsync();

        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.DueAt).ShouldBe((RunState.Succeeded, due));
        (await rig.JobAsync("sync")).NextDue.ShouldBe(due.AddSeconds(30));
    }

    [Fact]
    public async Task A_run_that_somebody_wishes_goes_before_an_armed_start_which_then_meets_it()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        node.Runner.Outcomes = _ => null;
        var due = await ArmAsync(rig, node, SomeJob.Definition("sync"));

        var wished = await node.Get<RunRequests>().RunNowAsync(Sync, null, false, Actor.Product, default);
        await TakeBackAsync(node);
        await node.ClaimAsync();
        var started = node.Runner.Started.Select(attempt => attempt.Leased.Run.Trigger).ToList();
        rig.Time.AdvanceTo(due);
        await node.WorkAsync();

        wished.ShouldBeOfType<RunNowResult.Queued>();
        started.ShouldBe([RunTrigger.Manual]);
        var scheduled = (await rig.RunsAsync("sync")).Single(run => run.Trigger is RunTrigger.Schedule);
        (scheduled.State, scheduled.Reason, scheduled.DueAt).ShouldBe((RunState.Skipped, RunReason.Overlap, due));
    }

    [Fact]
    public async Task A_node_that_stops_gives_armed_starts_back_without_an_attempt()
    {
        await using var rig = await EngineRig.StartAsync();
        var (one, two) = (await rig.NodeAsync(), await rig.NodeAsync());
        var due = await ArmAsync(rig, one, SomeJob.Definition("sync"));

        one.Rooms.Executor.TakeBackArmed();
        await one.SettleAsync();
        await two.RenewAsync();
        await two.PlanAsync();
        await two.ClaimAsync();
        rig.Time.AdvanceTo(due);
        await two.SettleAsync();

        (one.Runner.Started.Count, two.Runner.Started.Count).ShouldBe((0, 1));
        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.Attempt, run.DueAt, run.Node).ShouldBe((RunState.Succeeded, 1, due, two.Id));
    }

    [Fact]
    public async Task A_node_that_lost_its_lease_starts_nothing_that_it_had_armed()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync(options => options.Claiming.ArmAhead = TimeSpan.FromSeconds(5));
        await rig.DefineAsync(SomeJob.Definition("sync"));
        await node.PlanAsync();
        await node.Get<RunRequests>().EnqueueAsync(Sync, new RunWish(NotBefore: rig.Time.GetUtcNow().AddSeconds(4)), default);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await node.ClaimAsync();
        var armed = node.Rooms.Executor.Count;

        node.Rooms.Executor.LeaseLost(node.Rooms.Lease.Current!);
        rig.Time.Advance(TimeSpan.FromSeconds(10));

        (armed, node.Rooms.Executor.Count, node.Runner.Started.Count).ShouldBe((1, 0, 0));
    }

    [Fact]
    public async Task A_machine_that_was_suspended_begins_nothing_that_was_armed_until_its_lease_is_confirmed()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var due = await ArmAsync(rig, node, SomeJob.Definition("sync"));

        // Its clock goes on, the time it counts does not: by that its lease is as young as before.
        rig.Time.Jump(TimeSpan.FromSeconds(3));
        node.Rooms.Executor.LookAtClock();
        await node.WorkAsync();
        var asleep = (node.Runner.Started.Count, node.Rooms.Executor.Count);
        await node.RenewAsync();
        await node.WorkAsync();

        asleep.ShouldBe((0, 0));
        node.Runner.Started.ShouldHaveSingleItem().Leased.Run.DueAt.ShouldBe(due);
        (await rig.RunsAsync("sync")).ShouldHaveSingleItem().Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_planned_ahead_while_nobody_was_left_to_run_it_is_missed_like_anything_else()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await PlanAheadAsync(rig, node, SomeJob.Definition("sync", job => job with { CatchUp = CatchUp.None }));

        rig.Time.Advance(TimeSpan.FromMinutes(30.5));
        await node.RenewAsync();
        var successor = await rig.NodeAsync();
        await successor.ClaimAsync();
        await successor.WorkAsync();

        successor.Runner.Started.ShouldBeEmpty();
        var skipped = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (skipped.State, skipped.Reason, skipped.Count).ShouldBe((RunState.Skipped, RunReason.CatchUp, 31));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_lets_an_armed_start_wait_for_its_time_and_begin_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var due = await ArmAsync(rig, node, SomeJob.Definition("sync"));

        rig.Time.Jump(TimeSpan.FromHours(-1));
        await node.PassAsync(rig, TimeSpan.FromSeconds(2));
        await node.WorkAsync();
        var meanwhile = node.Runner.Started.Count;
        await node.PassAsync(rig, due - rig.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await node.WorkAsync();

        (meanwhile, node.Runner.Started.Count).ShouldBe((0, 1));
        node.Runner.Started[0].Leased.Run.DueAt.ShouldBe(due);
    }

    [Fact]
    public async Task Work_that_is_ready_goes_before_a_start_that_is_armed()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync(options => options.Claiming.Concurrency = 1);
        await rig.DefineAsync(SomeJob.Definition("other", job => job with { Schedule = ManualSchedule.Instance }));
        var due = await ArmAsync(rig, node, SomeJob.Definition("sync"));
        node.Runner.Outcomes = attempt => attempt.Leased.Run.Trigger is RunTrigger.Manual ? null : new Outcome.Success();

        await node.Get<RunRequests>().RunNowAsync(JobName.Parse("other"), null, false, Actor.Product, default);
        await node.ClaimAsync();
        var first = node.Runner.Started.ShouldHaveSingleItem().Leased.Run;
        rig.Time.AdvanceTo(due);
        await node.WorkAsync();
        var before = node.Runner.Started.Count;
        node.Runner.End(first.Id, new Outcome.Success());
        await node.WorkAsync();

        (first.Job.ToString(), before, node.Rooms.Claimer.Active).ShouldBe(("other", 1, 0));
        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.Attempt, run.DueAt).ShouldBe((RunState.Succeeded, 1, due));
    }

    [Fact]
    public async Task A_person_may_cancel_a_start_that_is_armed()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        var due = await ArmAsync(rig, node, SomeJob.Definition("sync"));
        var armed = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();

        await node.Get<RunRequests>().CancelAsync(armed.Id, Actor.Product, default);
        await TakeBackAsync(node);
        rig.Time.AdvanceTo(due);
        await node.WorkAsync();

        node.Runner.Started.ShouldBeEmpty();
        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.Reason, run.Attempt, run.StartedAt).ShouldBe((RunState.Cancelled, RunReason.Requested, 0, null));
    }

    /// <summary>Defines a job of each minute and plans its first due time a second and a half ahead.</summary>
    private static async Task<DateTimeOffset> PlanAheadAsync(EngineRig rig, RigNode node, JobDefinition definition)
    {
        var job = await rig.DefineAsync(definition);
        await node.PassAsync(rig, TimeSpan.FromSeconds(58));
        rig.Time.Advance(TimeSpan.FromSeconds(0.5));
        await node.PlanAsync();
        return job.NextDue!.Value;
    }

    /// <summary>The same, and has the node arm it half a second before.</summary>
    private static async Task<DateTimeOffset> ArmAsync(EngineRig rig, RigNode node, JobDefinition definition)
    {
        var due = await PlanAheadAsync(rig, node, definition);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await node.ClaimAsync();
        node.Rooms.Executor.Count.ShouldBe(1);
        return due;
    }

    private static async Task TakeBackAsync(RigNode node)
    {
        await node.RenewAsync();
        await node.SettleAsync();
    }

    private static Task ApplyAsync(RigNode node, JobDefinition definition) =>
        node.Get<JobEdits>().ApplyAsync(new JobChanges([new JobPut(definition)], []), default);
}

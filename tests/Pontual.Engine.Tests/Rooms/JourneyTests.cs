using Pontual.Engine.Audit;
using Pontual.Engine.Claiming;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

public class JourneyTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_due_run_goes_through_all_rooms()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync"));

        var sleep = await node.PlanAsync();
        await node.PassAsync(rig, Minute);
        await node.WorkAsync();

        // It looks ahead at the first 0.3 or 0.8 of a second within two seconds of the due time.
        sleep.ShouldBe(Minute - TimeSpan.FromSeconds(1.7));
        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.Attempt, run.Lateness, run.Node).ShouldBe((RunState.Succeeded, 1, TimeSpan.Zero, node.Id));
        var job = await rig.JobAsync("sync");
        (job.Totals.Runs, job.Totals.LastState, job.NextDue).ShouldBe((1, RunState.Succeeded, rig.Time.GetUtcNow() + Minute));
    }

    [Fact(DisplayName = "S2-01 after a kill the schedule, the totals and the history are as before, and the overdue job runs")]
    public async Task State_survives_a_kill()
    {
        await using var rig = await EngineRig.StartAsync();
        var first = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync"));
        await first.PassAsync(rig, Minute);
        await first.WorkAsync();
        var before = await rig.JobAsync("sync");

        rig.Time.Advance(3.5 * Minute);
        var second = await rig.NodeAsync();
        var found = await rig.JobAsync("sync");
        await second.WorkAsync();

        found.ShouldBe(before with { Definition = found.Definition });
        var runs = await rig.RunsAsync("sync");
        runs.Select(run => (run.State, run.Reason, run.Count))
            .ShouldBe([(RunState.Succeeded, null, 1), (RunState.Skipped, RunReason.CatchUp, 2), (RunState.Succeeded, null, 1)]);
        (await rig.JobAsync("sync")).Totals.Runs.ShouldBe(2);
    }

    [Fact(DisplayName = "S2-01 a run whose node died runs again elsewhere, and the dead node's late result is refused")]
    public async Task A_lost_run_runs_again()
    {
        await using var rig = await EngineRig.StartAsync();
        var dead = await rig.NodeAsync();
        await rig.DefineAsync(Retrying("sync"));
        dead.Runner.Outcomes = _ => null;
        dead.Runner.IgnoresCancellation = true;
        await dead.PassAsync(rig, Minute);
        await dead.WorkAsync();
        var run = dead.Runner.Started.ShouldHaveSingleItem().Leased;

        var living = await rig.NodeAsync();
        await living.PassAsync(rig, TimeSpan.FromSeconds(11));
        await living.RescueAsync();
        await living.PassAsync(rig, TimeSpan.FromSeconds(10));
        await living.WorkAsync();
        var late = await rig.Database.Runs.SettleAsync(
            [Settlement.Of(run, new Outcome.Success(), run.ClaimedAt, rig.Time.GetUtcNow(), 0)],
            default
        );

        late.ShouldBe([false]);
        var detail = await rig.RunAsync(run.Run.Id);
        (detail.Run.State, detail.Run.Attempt, detail.Run.Node).ShouldBe((RunState.Succeeded, 2, living.Id));
        detail.Attempts[0].Reason.ShouldBe(RunReason.LeaseLost);
        living.Runner.Started.ShouldHaveSingleItem().Leased.LeaseToken.ShouldBeGreaterThan(run.LeaseToken);
    }

    [Theory(DisplayName = "S2-03 a job runs when it is active and due, and never when it is paused")]
    [InlineData(59, false, 0)]
    [InlineData(60, false, 1)]
    [InlineData(60, true, 0)]
    public async Task The_due_rule(int seconds, bool paused, int starts)
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync"));
        if (paused)
        {
            await node.Get<Requests.JobEdits>().PauseAsync(JobName.Parse("sync"), "works", new Actor("ana"), null, default);
        }

        await node.PassAsync(rig, TimeSpan.FromSeconds(seconds));
        await node.WorkAsync();

        node.Runner.Started.Count.ShouldBe(starts);
        (await rig.RunsAsync("sync")).Count(run => run.Reason == RunReason.Paused).ShouldBe(paused ? 1 : 0);
    }

    [Fact(DisplayName = "S2-03 a run that is stuck past its limit is stopped, and the job runs again")]
    public async Task A_stuck_run_is_taken_from_its_node()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(
            SomeJob.Definition(
                "sync",
                job => job with { Timeout = TimeSpan.FromDays(1), Schedule = new EverySchedule(TimeSpan.FromDays(7)) }
            )
        );
        node.Runner.Outcomes = _ => null;
        await RunNowAsync(node, "sync");
        await node.WorkAsync();

        await node.PassAsync(rig, TimeSpan.FromMinutes(5));
        await rig.Database.Runs.SweepAsync(rig.Time.GetUtcNow().AddDays(1.1), TimeSpan.FromHours(2), default);
        await node.RenewAsync();
        await node.SettleAsync();

        node.Runner.Stopped.ShouldBe([StopReason.Cancelled]);
        var run = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        (run.State, run.Reason).ShouldBe((RunState.Cancelled, RunReason.Stuck));
    }

    [Fact]
    public async Task A_failed_attempt_waits_and_is_tried_again_between_the_bounds_of_its_policy()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(Retrying("sync"));
        node.Runner.Outcomes = attempt =>
            attempt.Leased.Run.Attempt < 3 ? new Outcome.Failure(FailureKinds.Network, "no route") : new Outcome.Success(200);
        await RunNowAsync(node, "sync");

        await node.ClaimAsync();
        await node.SettleAsync();
        var waiting = (await rig.RunsAsync("sync")).ShouldHaveSingleItem();
        var sleep = await node.ClaimAsync();
        await node.PassAsync(rig, TimeSpan.FromSeconds(21));
        await node.WorkAsync();
        await node.PassAsync(rig, TimeSpan.FromSeconds(21));
        await node.WorkAsync();

        (waiting.State, waiting.Attempt).ShouldBe((RunState.Pending, 1));
        (sleep!.Value + new ClaimingOptions().ArmAhead).ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        var detail = await rig.RunAsync(waiting.Id);
        (detail.Run.State, detail.Run.Attempt, detail.Run.ResponseCode).ShouldBe((RunState.Succeeded, 3, 200));
        detail.Attempts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Two_nodes_that_plan_and_claim_at_once_run_an_occurrence_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var (one, two) = (await rig.NodeAsync(), await rig.NodeAsync());
        for (var i = 0; i < 20; i++)
        {
            await rig.DefineAsync(SomeJob.Definition($"job-{i}"));
        }

        await Task.WhenAll(one.PassAsync(rig, Minute), Task.CompletedTask);
        await two.RenewAsync();
        await Task.WhenAll(one.PlanAsync(), two.PlanAsync());
        await Task.WhenAll(one.ClaimAsync(), two.ClaimAsync());
        await Task.WhenAll(one.SettleAsync(), two.SettleAsync());

        var starts = one.Runner.Started.Concat(two.Runner.Started).Select(attempt => attempt.Leased.Run.Id).ToList();
        starts.Count.ShouldBe(20);
        starts.ShouldBeUnique();
    }

    private static JobDefinition Retrying(string name) =>
        SomeJob.Definition(
            name,
            job =>
                job with
                {
                    Schedule = new EverySchedule(TimeSpan.FromHours(1), new DateTimeOffset(2026, 3, 9, 12, 1, 0, TimeSpan.Zero)),
                    Retry = new RetryPolicy(3, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), FailureKinds.Transient),
                }
        );

    private static Task<Requests.RunNowResult> RunNowAsync(RigNode node, string job) =>
        node.Get<Requests.RunRequests>().RunNowAsync(JobName.Parse(job), null, false, Actor.Product, default);
}

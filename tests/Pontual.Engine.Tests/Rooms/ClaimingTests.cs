using Pontual.Engine.Audit;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Pacing;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

public class ClaimingTests
{
    [Fact]
    public async Task The_most_urgent_runs_go_first_and_waiting_makes_urgent()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync(options => options.Claiming.Concurrency = 1);
        await DefineAsync(rig, "plain", 0);
        await DefineAsync(rig, "urgent", 5);
        await WishAsync(node, "plain");
        await node.PassAsync(rig, TimeSpan.FromMinutes(4));
        await WishAsync(node, "urgent");
        await node.PassAsync(rig, TimeSpan.FromMinutes(2));
        await WishAsync(node, "plain");
        await WishAsync(node, "urgent");

        for (var i = 0; i < 4; i++)
        {
            await node.ClaimAsync();
            await node.SettleAsync();
        }

        // Five steps of priority are worth five minutes: the plain run of minute 0 is as old as an urgent one of minute 5.
        node.Runner.Started.Select(attempt => $"{attempt.Leased.Run.Job}@{(attempt.Leased.Run.DueAt - Start(rig)).TotalMinutes:0}")
            .ShouldBe(["urgent@4", "plain@0", "urgent@6", "plain@6"]);
    }

    [Fact]
    public async Task A_node_takes_no_more_than_it_has_room_for_and_goes_on_when_room_frees()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync(options => options.Claiming.Concurrency = 3);
        await DefineAsync(rig, "many", 0);
        node.Runner.Outcomes = _ => null;
        for (var i = 0; i < 5; i++)
        {
            await WishAsync(node, "many");
        }

        await node.ClaimAsync();
        var first = node.Runner.Started.Count;
        await node.ClaimAsync();
        var still = node.Runner.Started.Count;
        node.Runner.End(node.Runner.Started[0].Leased.Run.Id, new Outcome.Success());
        await node.ClaimAsync();

        (first, still, node.Runner.Started.Count).ShouldBe((3, 3, 4));
    }

    [Fact]
    public async Task A_queue_with_a_limit_of_its_own_neither_takes_nor_gives_room()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync(Limit);
        await DefineAsync(rig, "common", 0);
        await DefineAsync(rig, "slow", 0, "reports");
        await DefineAsync(rig, "closed", 0, "closed");
        node.Runner.Outcomes = _ => null;
        foreach (var job in new[] { "slow", "slow", "slow", "closed", "common", "common", "common" })
        {
            await WishAsync(node, job);
        }

        await node.ClaimAsync();
        await node.ClaimAsync();

        node.Runner.Started.CountBy(attempt => attempt.Leased.Run.Job.ToString())
            .OrderBy(pair => pair.Key)
            .ShouldBe([new("common", 2), new("slow", 1)]);

        static void Limit(EngineOptions options)
        {
            options.Claiming.Concurrency = 2;
            options.Claiming.Queues["reports"] = 1;
            options.Claiming.Queues["closed"] = 0;
        }
    }

    [Fact]
    public async Task A_scheduler_without_the_worker_role_leaves_other_kinds_alone()
    {
        await using var rig = await EngineRig.StartAsync();
        var scheduler = await rig.NodeAsync(options => options.Roles = NodeRoles.Scheduler);
        var worker = await rig.NodeAsync(options => options.Roles = NodeRoles.Worker);
        await DefineAsync(rig, "handled", 0);
        await WishAsync(scheduler, "handled");

        await scheduler.ClaimAsync();
        await worker.ClaimAsync();

        (scheduler.Runner.Started.Count, worker.Runner.Started.Count).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Held_runs_go_one_after_the_other_as_their_job_has_slots()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("chain", job => job with { Overlap = Overlap.BufferAll }));
        node.Runner.Outcomes = _ => null;
        var most = 0;

        for (var minute = 1; minute <= 3; minute++)
        {
            await node.PassAsync(rig, TimeSpan.FromMinutes(1));
            await node.WorkAsync();
            most = Math.Max(most, node.Rooms.Claimer.Active);
        }

        var before = node.Runner.Started.Count;
        for (var i = 0; i < 3; i++)
        {
            node.Runner.End(node.Runner.Started[i].Leased.Run.Id, new Outcome.Success());
            await node.SettleAsync();
            await node.ClaimAsync();
            most = Math.Max(most, node.Rooms.Claimer.Active);
        }

        (before, node.Runner.Started.Count, most).ShouldBe((1, 3, 1));
        node.Runner.Started.Select(attempt => attempt.Leased.Run.DueAt).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_newer_occurrence_takes_the_place_of_one_that_no_worker_was_free_for()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync"));

        for (var minute = 1; minute <= 3; minute++)
        {
            await node.PassAsync(rig, TimeSpan.FromMinutes(1));
            await node.PlanAsync();
        }

        await node.WorkAsync();

        var runs = await rig.RunsAsync("sync");
        runs.Where(run => run.State is RunState.Skipped).ShouldAllBe(run => run.Reason == RunReason.Superseded);
        runs.Sum(run => run.Count).ShouldBe(3);
        runs.Single(run => run.State is RunState.Succeeded).DueAt.ShouldBe(rig.Time.GetUtcNow());
    }

    [Fact]
    public async Task Cancel_running_stops_the_active_run_for_the_newer_one()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync", job => job with { Overlap = Overlap.CancelRunning }));
        node.Runner.Outcomes = _ => null;

        await node.PassAsync(rig, TimeSpan.FromMinutes(1));
        await node.WorkAsync();
        await node.PassAsync(rig, TimeSpan.FromMinutes(1));
        await node.PlanAsync();
        var wished = node.Get<Signals>().Renewing.TryTake();
        await node.RenewAsync();
        await node.SettleAsync();
        await node.ClaimAsync();

        wished.ShouldBeTrue();
        var runs = await rig.RunsAsync("sync");
        runs.Select(run => (run.State, run.Reason)).ShouldBe([(RunState.Cancelled, RunReason.Superseded), (RunState.Running, null)]);
    }

    private static DateTimeOffset Start(EngineRig rig) => rig.Time.GetUtcNow() - TimeSpan.FromMinutes(6);

    private static Task<Job> DefineAsync(EngineRig rig, string name, int priority, string queue = JobDefinition.DefaultQueue) =>
        rig.DefineAsync(
            SomeJob.Definition(
                name,
                job => job with { Schedule = ManualSchedule.Instance, Overlap = Overlap.Allow, Priority = priority, Queue = queue }
            )
        );

    private static Task<RunNowResult> WishAsync(RigNode node, string job) =>
        node.Get<RunRequests>().RunNowAsync(JobName.Parse(job), null, false, Actor.Product, default);
}

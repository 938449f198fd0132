using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

public class UnreliableStoreTests
{
    [Fact]
    public async Task What_a_claim_took_is_started_although_its_answer_was_lost()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, store) = await NodeAsync(rig, runs: 3);

        store.LosesNextClaim = true;
        await Should.ThrowAsync<IOException>(node.ClaimAsync);
        var before = node.Runner.Started.Count;
        await node.ClaimAsync();
        await node.SettleAsync();

        (before, node.Runner.Started.Count).ShouldBe((0, 3));
        (await rig.RunsAsync("sync")).ShouldAllBe(run => run.State == RunState.Succeeded && run.Attempt == 1);
    }

    [Fact]
    public async Task Results_wait_for_a_store_that_does_not_answer()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, store) = await NodeAsync(rig, runs: 5);
        store.BeforeSettle = _ => throw new IOException("disk full");
        await node.ClaimAsync();

        await Should.ThrowAsync<IOException>(node.SettleAsync);
        await Should.ThrowAsync<IOException>(node.SettleAsync);
        var waiting = node.Rooms.Settler.IsIdle;
        store.BeforeSettle = _ => { };
        await node.SettleAsync();

        (waiting, node.Rooms.Settler.IsIdle).ShouldBe((false, true));
        (await rig.RunsAsync("sync")).ShouldAllBe(run => run.State == RunState.Succeeded);
    }

    [Fact]
    public async Task One_result_that_can_never_be_written_stops_no_other()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, store) = await NodeAsync(rig, runs: 20);
        await node.ClaimAsync();
        var poison = node.Runner.Started[7].Leased.Run.Id;
        store.BeforeSettle = batch =>
        {
            if (batch.Any(settlement => settlement.RunId == poison))
            {
                throw new InvalidOperationException("cannot be stored");
            }
        };

        for (var round = 0; round < 40; round++)
        {
            await node.Rooms.Settler.StepAsync(default).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        var runs = await rig.RunsAsync("sync");
        runs.Count(run => run.State is RunState.Succeeded).ShouldBe(19);
        runs.Single(run => run.State is RunState.Running).Id.ShouldBe(poison);
    }

    [Fact]
    public async Task Results_that_wait_are_dropped_when_their_lease_is_lost()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, store) = await NodeAsync(rig, runs: 2);
        store.BeforeSettle = _ => throw new IOException("no connection");
        await node.ClaimAsync();
        await Should.ThrowAsync<IOException>(node.SettleAsync);

        rig.Time.Advance(TimeSpan.FromSeconds(7));
        store.BeforeSettle = _ => { };
        await node.SettleAsync();

        node.Rooms.Settler.IsIdle.ShouldBeTrue();
        (await rig.RunsAsync("sync")).ShouldAllBe(run => run.State == RunState.Running);
    }

    [Fact]
    public async Task What_attempts_come_to_at_once_is_written_at_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, store) = await NodeAsync(rig, runs: 100);

        await node.ClaimAsync();
        await node.SettleAsync();

        store.Settles.ShouldBe(1);
        (await rig.RunsAsync("sync")).Count(run => run.State is RunState.Succeeded).ShouldBe(100);
    }

    private static async Task<(RigNode Node, UnreliableRunStore Store)> NodeAsync(EngineRig rig, int runs)
    {
        var store = new UnreliableRunStore(rig.Database.Runs);
        var node = await rig.NodeAsync(replace: services => services.AddSingleton<IRunStore>(store));
        await rig.DefineAsync(SomeJob.Definition("sync", job => job with { Schedule = ManualSchedule.Instance, Overlap = Overlap.Allow }));
        await node.Get<RunRequests>().EnqueueAsync(JobName.Parse("sync"), [.. Enumerable.Repeat(new RunWish(), runs)], default);
        return (node, store);
    }
}

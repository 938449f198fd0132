using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Audit;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

public class LeaseTests
{
    [Fact]
    public async Task A_node_that_cannot_renew_stops_everything_seven_seconds_after_its_last_renewal_began()
    {
        await using var rig = await EngineRig.StartAsync();
        var store = new UnreliableNodeStore(rig.Database.Nodes);
        var node = await rig.NodeAsync(replace: services => services.AddSingleton<INodeStore>(store));
        await StartAsync(rig, node);
        var id = node.Id;

        store.Answers = false;
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        var renewal = node.RenewAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(3.999));
        var stoppedBefore = node.Runner.Stopped.Count;
        rig.Time.Advance(TimeSpan.FromSeconds(0.001));
        await renewal;
        await node.SettleAsync();
        store.Answers = true;
        await node.RenewAsync();

        stoppedBefore.ShouldBe(0);
        node.Runner.Stopped.ShouldBe([StopReason.LeaseLost]);
        node.Rooms.Executor.Count.ShouldBe(0);
        node.Id.ShouldNotBe(id);
        (await rig.RunsAsync("sync")).Single().State.ShouldBe(RunState.Running);
    }

    [Fact]
    public async Task A_result_that_comes_after_the_lease_was_lost_is_dropped()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        node.Runner.IgnoresCancellation = true;
        await StartAsync(rig, node);
        var run = node.Runner.Started.Single().Leased.Run.Id;

        rig.Time.Advance(TimeSpan.FromSeconds(7));
        node.Runner.End(run, new Outcome.Success());
        await node.SettleAsync();

        (await rig.RunAsync(run)).Run.State.ShouldBe(RunState.Running);
        node.Rooms.Settler.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task A_process_held_up_between_a_claim_and_its_start_starts_nothing_when_it_goes_on()
    {
        await using var rig = await EngineRig.StartAsync();
        var store = new UnreliableRunStore(rig.Database.Runs) { AfterClaim = () => rig.Time.Stall(TimeSpan.FromSeconds(15)) };
        var node = await rig.NodeAsync(replace: services => services.AddSingleton<IRunStore>(store));
        await rig.DefineAsync(SomeJob.Definition("sync", job => job with { Schedule = ManualSchedule.Instance }));
        await node.Get<RunRequests>().RunNowAsync(JobName.Parse("sync"), null, false, Actor.Product, default);

        await node.ClaimAsync();
        rig.Time.Advance(TimeSpan.Zero);
        await node.SettleAsync();

        node.Runner.Started.ShouldBeEmpty();
        (await rig.RunsAsync("sync")).Single().State.ShouldBe(RunState.Running, "those who take over decide what follows");
    }

    [Fact]
    public async Task Nothing_is_claimed_without_a_lease()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition());

        rig.Time.Advance(TimeSpan.FromSeconds(60));
        await node.PlanAsync();
        await node.ClaimAsync();
        var without = node.Runner.Started.Count;
        await node.RenewAsync();
        await node.ClaimAsync();

        (without, node.Runner.Started.Count).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task A_clock_that_is_set_declares_no_living_node_dead(int hours)
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, other) = (await rig.NodeAsync(), await rig.NodeAsync());
        await StartAsync(rig, node);
        var id = node.Id;

        rig.Time.Jump(TimeSpan.FromHours(hours));
        await other.RescueAsync();
        await node.RenewAsync();
        await other.RenewAsync();
        await node.PassAsync(rig, TimeSpan.FromSeconds(12));
        await other.RescueAsync();

        node.Id.ShouldBe(id);
        node.Runner.Stopped.ShouldBeEmpty();
        (await rig.RunsAsync("sync")).Single(run => run.Trigger is RunTrigger.Manual).State.ShouldBe(RunState.Running);
    }

    [Fact]
    public async Task A_renewal_that_is_refused_ends_the_stay_at_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await StartAsync(rig, node);
        var id = node.Id!;

        await rig.Database.Nodes.LeaveAsync(id, rig.Time.GetUtcNow(), default, default);
        await node.RenewAsync();
        await node.RenewAsync();

        node.Runner.Stopped.ShouldBe([StopReason.LeaseLost]);
        node.Id.ShouldNotBe(id);
    }

    [Fact]
    public async Task A_predecessor_whose_process_is_gone_is_rescued_without_waiting_for_its_lease()
    {
        await using var rig = await EngineRig.StartAsync();
        var now = rig.Time.GetUtcNow();
        var record = new NodeRecord("gone", Environment.MachineName, 4_000_000, "0-0", "1", ["worker"], now, now.AddSeconds(10));
        await rig.Database.Nodes.RegisterAsync(record, false, rig.Time.GetUtcNow(), default);
        var job = await rig.DefineAsync(SomeJob.Definition("sync", job => job with { Schedule = ManualSchedule.Instance }));
        var id = RunId.New(now, new SystemRandomBytes());
        await rig.Database.Runs.EnqueueAsync(
            [new EnqueueRequest(id, job.Id, RunTrigger.Manual, now, now)],
            (_, _) => new EnqueueDecision(true, false, null, []),
            now,
            default
        );
        await rig.Database.Runs.ClaimAsync(new ClaimRequest("gone", [new ClaimLane(null, 1)], null, now), default);

        var node = await rig.NodeAsync();
        await node.RescueAsync();

        var run = (await rig.RunAsync(id)).Run;
        (run.State, run.Reason).ShouldBe((RunState.Failed, RunReason.LeaseLost));
        run.Error.ShouldNotBeNull().ShouldContain("gone");
    }

    [Fact]
    public async Task A_cancelled_run_whose_node_died_is_cancelled_and_not_retried()
    {
        await using var rig = await EngineRig.StartAsync();
        var (dead, living) = (await rig.NodeAsync(), await rig.NodeAsync());
        await StartAsync(rig, dead);
        var run = dead.Runner.Started.Single().Leased.Run.Id;

        await living.Get<RunRequests>().CancelAsync(run, Actor.Product, default);
        await living.PassAsync(rig, TimeSpan.FromSeconds(11));
        await living.RescueAsync();

        var ended = (await rig.RunAsync(run)).Run;
        (ended.State, ended.Reason).ShouldBe((RunState.Cancelled, RunReason.Requested));
    }

    private static async Task StartAsync(EngineRig rig, RigNode node)
    {
        await rig.DefineAsync(SomeJob.Definition("sync", job => job with { Schedule = ManualSchedule.Instance }));
        node.Runner.Outcomes = _ => null;
        await node.Get<RunRequests>().RunNowAsync(JobName.Parse("sync"), null, false, Actor.Product, default);
        await node.ClaimAsync();
        node.Runner.Started.Count.ShouldBe(1);
    }

    /// <summary>The real store behind a wire that can go silent: calls then wait until they are cancelled.</summary>
    private sealed class UnreliableNodeStore(INodeStore store) : INodeStore
    {
        public bool Answers { get; set; } = true;

        public Task<bool> RegisterAsync(NodeRecord node, bool isFirstStay, DateTimeOffset now, CancellationToken cancellation) =>
            store.RegisterAsync(node, isFirstStay, now, cancellation);

        public async Task<Renewal> RenewAsync(
            string node,
            DateTimeOffset now,
            DateTimeOffset until,
            NodeCondition condition,
            CancellationToken cancellation
        )
        {
            if (!Answers)
            {
                var silence = new TaskCompletionSource();
                await using var end = cancellation.Register(() => silence.TrySetCanceled(cancellation));
                await silence.Task;
            }

            return await store.RenewAsync(node, now, until, condition, cancellation);
        }

        public Task LeaveAsync(string node, DateTimeOffset now, NodeCondition condition, CancellationToken cancellation) =>
            store.LeaveAsync(node, now, condition, cancellation);

        public Task<IReadOnlyList<string>> ReapAsync(
            string host,
            Func<NodeRecord, bool> isAlive,
            DateTimeOffset now,
            CancellationToken cancellation
        ) => store.ReapAsync(host, isAlive, now, cancellation);

        public Task<IReadOnlyList<NodeRecord>> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation);
    }
}

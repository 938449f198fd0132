using Pontual.Engine.Audit;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Pacing;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

public class ExecutingTests
{
    [Fact]
    public async Task An_attempt_that_takes_too_long_is_stopped_and_fails_as_a_timeout()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => null);

        await node.PassAsync(rig, TimeSpan.FromSeconds(299));
        var before = node.Runner.Stopped.Count;
        await node.PassAsync(rig, TimeSpan.FromSeconds(1));
        await node.SettleAsync();

        before.ShouldBe(0);
        node.Runner.Stopped.ShouldBe([StopReason.Timeout]);
        var ended = (await rig.RunAsync(run)).Run;
        (ended.State, ended.Reason, ended.Error).ShouldBe(
            (RunState.Failed, RunReason.Timeout, "It took longer than its timeout of 300 s.")
        );
    }

    [Fact]
    public async Task A_wish_to_cancel_reaches_an_attempt_in_this_process_at_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => null);
        var signals = node.Get<Signals>();
        signals.Renewing.TryTake();

        var result = await node.Get<RunRequests>().CancelAsync(run, Actor.Product, default);
        var woken = signals.Renewing.TryTake();
        await node.RenewAsync();
        await node.SettleAsync();

        (result, woken).ShouldBe((CancelResult.Requested, true));
        var ended = (await rig.RunAsync(run)).Run;
        (ended.State, ended.Reason).ShouldBe((RunState.Cancelled, RunReason.Requested));
    }

    [Fact]
    public async Task Work_that_was_done_in_spite_of_a_wish_to_cancel_is_done()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => null, ignoresCancellation: true);

        await node.Get<RunRequests>().CancelAsync(run, Actor.Product, default);
        await node.RenewAsync();
        node.Runner.End(run, new Outcome.Success());
        await node.SettleAsync();

        (await rig.RunAsync(run)).Run.State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task An_exception_is_a_failure_that_says_which()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => throw new InvalidOperationException("no such table"));

        await node.SettleAsync();

        var ended = (await rig.RunAsync(run)).Run;
        (ended.State, ended.Reason, ended.Error).ShouldBe((RunState.Failed, RunReason.Error, "InvalidOperationException: no such table"));
    }

    [Fact]
    public async Task A_kind_without_a_runner_fails_and_says_so()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(
            SomeJob.Definition("odd", job => job with { Schedule = ManualSchedule.Instance, Target = job.Target with { Kind = "ftp" } })
        );

        var run = await RunNowAsync(node, "odd");
        await node.WorkAsync();

        var ended = (await rig.RunAsync(run)).Run;
        (ended.State, ended.Reason).ShouldBe((RunState.Failed, RunReason.Target));
        ended.Error.ShouldNotBeNull().ShouldContain("'ftp'");
    }

    [Fact]
    public async Task A_stopping_node_gives_attempts_back_without_counting_them()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => null);

        node.Rooms.Executor.StopAll(StopReason.NodeStopping);
        await node.SettleAsync();

        node.Runner.Stopped.ShouldBe([StopReason.NodeStopping]);
        var waiting = (await rig.RunAsync(run)).Run;
        (waiting.State, waiting.Reason, waiting.Attempt, waiting.NotBefore).ShouldBe(
            (RunState.Pending, RunReason.Interrupted, 0, rig.Time.GetUtcNow())
        );
    }

    [Fact]
    public async Task An_attempt_that_will_not_stop_is_given_back_all_the_same()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => null, ignoresCancellation: true);

        node.Rooms.Executor.StopAll(StopReason.NodeStopping);
        await node.Rooms.Executor.AbandonAllAsync();
        node.Runner.End(run, new Outcome.Success());
        await node.SettleAsync();

        (await rig.RunAsync(run)).Run.State.ShouldBe(RunState.Pending);
    }

    [Fact]
    public async Task A_deferred_run_gives_its_room_back_and_ends_by_its_callback()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => new Outcome.Deferred());
        var token = node.Runner.Started.Single().Leased.LeaseToken;
        var requests = node.Get<RunRequests>();

        var active = node.Rooms.Claimer.Active;
        var completed = await CompleteAsync(node, requests, run, token);
        var again = await CompleteAsync(node, requests, run, token);

        (active, completed, again).ShouldBe((0, true, false));
        var ended = (await rig.RunAsync(run)).Run;
        (ended.State, ended.ItemsProcessed).ShouldBe((RunState.Succeeded, 12));
    }

    [Fact]
    public async Task A_callback_may_come_to_another_node_and_with_a_stale_token_it_is_refused()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => new Outcome.Deferred());
        var other = await rig.NodeAsync();
        var token = node.Runner.Started.Single().Leased.LeaseToken;

        var stale = await CompleteAsync(other, other.Get<RunRequests>(), run, token - 1);
        var right = await CompleteAsync(other, other.Get<RunRequests>(), run, token);

        (stale, right).ShouldBe((false, true));
        (await rig.RunAsync(run)).Run.State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task A_callback_that_is_quicker_than_the_answer_that_announced_it_counts()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => null);
        var token = node.Runner.Started.Single().Leased.LeaseToken;

        var completed = await CompleteAsync(node, node.Get<RunRequests>(), run, token);
        node.Runner.End(run, new Outcome.Deferred());
        await node.PassAsync(rig, TimeSpan.FromSeconds(301));
        await node.SettleAsync();

        completed.ShouldBeTrue();
        (await rig.RunAsync(run)).Run.State.ShouldBe(RunState.Succeeded);
        (node.Rooms.Executor.Count, node.Rooms.Claimer.Active, node.Rooms.Settler.Refused).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task A_deferred_run_that_nobody_calls_back_for_ends_by_its_timeout()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => new Outcome.Deferred());

        await node.PassAsync(rig, TimeSpan.FromSeconds(300));
        await node.SettleAsync();

        var ended = (await rig.RunAsync(run)).Run;
        (ended.State, ended.Reason).ShouldBe((RunState.Failed, RunReason.Timeout));
        node.Rooms.Executor.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_deferred_run_can_be_cancelled()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, run) = await StartAsync(rig, _ => new Outcome.Deferred());

        await node.Get<RunRequests>().CancelAsync(run, Actor.Product, default);
        await node.RenewAsync();
        await node.SettleAsync();

        (await rig.RunAsync(run)).Run.State.ShouldBe(RunState.Cancelled);
    }

    private static async Task<bool> CompleteAsync(RigNode node, RunRequests requests, Guid run, long token)
    {
        var completed = requests.CompleteAsync(run, token, new Outcome.Success(ItemsProcessed: 12), default);
        while (!completed.IsCompleted)
        {
            await node.SettleAsync();
            await Task.Yield();
        }

        return await completed;
    }

    private static async Task<(RigNode Node, Guid Run)> StartAsync(
        EngineRig rig,
        Func<AttemptContext, Outcome?> outcomes,
        bool ignoresCancellation = false
    )
    {
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync", job => job with { Schedule = ManualSchedule.Instance }));
        node.Runner.Outcomes = outcomes;
        node.Runner.IgnoresCancellation = ignoresCancellation;
        var run = await RunNowAsync(node, "sync");
        await node.ClaimAsync();
        return (node, run);
    }

    private static async Task<Guid> RunNowAsync(RigNode node, string job) =>
        (await node.Get<RunRequests>().RunNowAsync(JobName.Parse(job), null, false, Actor.Product, default))
            .ShouldBeOfType<RunNowResult.Queued>()
            .RunId;
}

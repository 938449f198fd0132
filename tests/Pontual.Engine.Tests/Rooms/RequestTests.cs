using Pontual.Engine.Audit;
using Pontual.Engine.Claiming;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

public class RequestTests
{
    private static readonly JobName Sync = JobName.Parse("sync");

    [Fact]
    public async Task Run_now_obeys_overlap_unless_told_otherwise()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, requests) = await DefinedAsync(rig, Overlap.Skip);
        node.Runner.Outcomes = _ => null;

        var first = (await requests.RunNowAsync(Sync, """{"a":1}""", false, Actor.Product, default)).ShouldBeOfType<RunNowResult.Queued>();
        await node.ClaimAsync();
        var refused = await requests.RunNowAsync(Sync, null, false, Actor.Product, default);
        var beside = await requests.RunNowAsync(Sync, null, true, Actor.Product, default);
        await node.ClaimAsync();
        var unknown = await requests.RunNowAsync(JobName.Parse("nobody"), null, false, Actor.Product, default);

        refused.ShouldBe(new RunNowResult.AlreadyActive(first.RunId));
        beside.ShouldBeOfType<RunNowResult.Queued>();
        unknown.ShouldBe(new RunNowResult.JobNotFound());
        node.Runner.Started.Count.ShouldBe(2);
        node.Runner.Started[0].Leased.Run.Parameters.ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task A_job_can_be_run_while_it_is_paused()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, requests) = await DefinedAsync(rig, Overlap.Skip);
        await node.Get<JobEdits>().PauseAsync(Sync, null, Actor.Product, null, default);

        await requests.RunNowAsync(Sync, null, false, Actor.Product, default);
        await node.ClaimAsync();

        node.Runner.Started.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_for_later_waits_for_its_time()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, _) = await DefinedAsync(rig, Overlap.Skip);
        var later = rig.Time.GetUtcNow().AddMinutes(10);

        await node.Get<IJobClient>().EnqueueAsync(Sync, new { Customer = 5 }, later);
        var sleep = await node.ClaimAsync();
        await node.PassAsync(rig, TimeSpan.FromMinutes(10));
        await node.ClaimAsync();

        sleep.ShouldBe(TimeSpan.FromMinutes(10) - new ClaimingOptions().ArmAhead);
        var run = node.Runner.Started.ShouldHaveSingleItem().Leased.Run;
        (run.DueAt, run.Parameters).ShouldBe((later, """{"customer":5}"""));
    }

    [Fact]
    public async Task A_client_learns_why_a_run_was_refused()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, _) = await DefinedAsync(rig, Overlap.Skip);
        node.Runner.Outcomes = _ => null;
        var client = node.Get<IJobClient>();
        await client.EnqueueAsync(Sync);
        await node.ClaimAsync();

        var active = await Should.ThrowAsync<RunRefusedException>(() => client.EnqueueAsync(Sync));
        var unknown = await Should.ThrowAsync<RunRefusedException>(() => client.EnqueueAsync(JobName.Parse("nobody")));
        await Should.ThrowAsync<ArgumentException>(() => client.EnqueueAsync(Sync, new[] { 1 }));

        active.Message.ShouldContain("overlap");
        unknown.Message.ShouldContain("nobody");
    }

    [Fact]
    public async Task An_ended_run_can_be_run_again_with_its_parameters_and_a_hot_one_cannot()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, requests) = await DefinedAsync(rig, Overlap.Skip);
        var first = (await requests.RunNowAsync(Sync, """{"a":1}""", false, Actor.Product, default))
            .ShouldBeOfType<RunNowResult.Queued>()
            .RunId;

        var hot = await requests.RetryAsync(first, Actor.Product, default);
        await node.WorkAsync();
        var again = (await requests.RetryAsync(first, Actor.Product, default)).ShouldBeOfType<RetryResult.Queued>();
        await node.WorkAsync();
        var unknown = await requests.RetryAsync(Guid.Empty, Actor.Product, default);

        hot.ShouldBe(new RetryResult.NotEnded(RunState.Pending));
        unknown.ShouldBe(new RetryResult.RunNotFound());
        var run = (await rig.RunAsync(again.RunId)).Run;
        (run.State, run.Parameters, run.Trigger).ShouldBe((RunState.Succeeded, """{"a":1}""", RunTrigger.Manual));
    }

    [Fact]
    public async Task A_waiting_run_is_cancelled_at_once()
    {
        await using var rig = await EngineRig.StartAsync();
        var (node, requests) = await DefinedAsync(rig, Overlap.Skip);
        var run = (await requests.RunNowAsync(Sync, null, false, Actor.Product, default)).ShouldBeOfType<RunNowResult.Queued>().RunId;

        var first = await requests.CancelAsync(run, Actor.Product, default);
        var second = await requests.CancelAsync(run, Actor.Product, default);
        var unknown = await requests.CancelAsync(Guid.Empty, Actor.Product, default);
        await node.WorkAsync();

        (first, second, unknown).ShouldBe((CancelResult.Cancelled, CancelResult.AlreadyEnded, CancelResult.NotFound));
        node.Runner.Started.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pause_that_ends_by_itself_leaves_one_stretch_behind()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync"));
        await node.Get<JobEdits>().PauseAsync(Sync, "works", new Actor("ana"), rig.Time.GetUtcNow().AddMinutes(5.5), default);

        for (var minute = 0; minute < 7; minute++)
        {
            await node.PassAsync(rig, TimeSpan.FromMinutes(1));
            await node.WorkAsync();
        }

        (await rig.RunsAsync("sync"))
            .Select(run => (run.State, run.Reason, run.Count))
            .ShouldBe([(RunState.Skipped, RunReason.Paused, 5), (RunState.Succeeded, null, 1), (RunState.Succeeded, null, 1)]);
    }

    private static async Task<(RigNode Node, RunRequests Requests)> DefinedAsync(EngineRig rig, Overlap overlap)
    {
        var node = await rig.NodeAsync();
        await rig.DefineAsync(SomeJob.Definition("sync", job => job with { Schedule = ManualSchedule.Instance, Overlap = overlap }));
        return (node, node.Get<RunRequests>());
    }
}

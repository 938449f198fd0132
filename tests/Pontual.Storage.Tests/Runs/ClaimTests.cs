using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class ClaimTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_claim_takes_due_runs_in_their_order_and_gives_each_a_lease(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        var later = await rig.EnqueueAsync(job, rig.Now);
        var earlier = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-5));
        await rig.EnqueueAsync(job, rig.Now.AddSeconds(5));

        var claimed = await rig.ClaimResultAsync();

        claimed.Runs.Select(leased => leased.Run.Id).ShouldBe([earlier, later]);
        claimed.NextReady.ShouldBe(rig.Now.AddSeconds(5));
        var first = claimed.Runs[0];
        first.Run.State.ShouldBe(RunState.Running);
        first.Run.Attempt.ShouldBe(1);
        first.Run.Node.ShouldBe("a");
        first.Run.StartedAt.ShouldBe(rig.Now);
        first.LeaseToken.ShouldBe(1);
        first.Job.Name.ShouldBe(job.Name);
        first.Run.Job.ShouldBe(job.Name);
        (await rig.ClaimAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_settled_run_is_in_the_history_and_a_late_result_is_refused(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync"));
        var id = await rig.EnqueueAsync(job);
        var leased = (await rig.ClaimAsync()).Single();

        var settled = await rig.SettleAsync(leased, RunState.Succeeded, s => s with { ResponseCode = 200, Result = "{\"n\":1}" });
        var again = await rig.SettleAsync(leased, RunState.Failed);

        settled.ShouldBeTrue();
        again.ShouldBeFalse();
        var run = await rig.ViewAsync(id);
        run.State.ShouldBe(RunState.Succeeded);
        run.Result.ShouldBe("{\"n\":1}");
        (await rig.FindAsync("sync"))!.Totals.Runs.ShouldBe(1);
    }
}

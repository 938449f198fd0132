using System.Text;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Engine.Workers;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class WorkerStoreTests
{
    private static readonly WorkerName Php = new(TenantName.Default, "php-1");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_nodes_claim_leaves_the_runs_of_tasks_to_programs_outside(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Send());
        await rig.EnqueueAsync(job);

        (await rig.ClaimAsync()).ShouldBeEmpty();
        var claimed = await ClaimAsync(rig);

        claimed.Run.Queue.ShouldBe("worker/default/send");
        claimed.Run.Node.ShouldBe("worker/default/php-1");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_that_is_not_named_in_time_is_lost_while_its_worker_holds_another(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Send());
        await rig.EnqueueAsync(job);
        await rig.EnqueueAsync(job);
        var (named, unnamed) = (await ClaimAsync(rig), await ClaimAsync(rig));

        for (var i = 0; i < 4; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(10));
            (await HoldAsync(rig, named)).ShouldBeTrue();
        }

        var lost = await rig.Database.Runs.FindLostAsync(rig.Now, 10, StorageRig.None);
        lost.Select(leased => leased.Run.Id).ShouldBe([unnamed.Run.Id]);
        (await HoldAsync(rig, unnamed)).ShouldBeFalse();
        (await HoldAsync(rig, named with { LeaseToken = named.LeaseToken + 1 })).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task No_lease_outlasts_the_jobs_timeout_and_none_is_renewed_against_a_wish(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Send() with { Timeout = TimeSpan.FromSeconds(15) });
        await rig.EnqueueAsync(job);
        await rig.EnqueueAsync(job);
        var (slow, unwanted) = (await ClaimAsync(rig), await ClaimAsync(rig));

        await rig.Database.Runs.RequestCancelAsync(unwanted.Run.Id, RunReason.Requested, null, rig.Now, StorageRig.None);
        (await HoldAsync(rig, slow)).ShouldBeTrue();
        (await HoldAsync(rig, unwanted)).ShouldBeFalse();
        rig.Time.Advance(TimeSpan.FromSeconds(15));

        (await HoldAsync(rig, slow)).ShouldBeFalse();
        var lost = await rig.Database.Runs.FindLostAsync(rig.Now, 10, StorageRig.None);
        lost.Select(leased => leased.Run.Id).ShouldBe([slow.Run.Id]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_workers_print_is_kept_in_order_and_cut_at_the_bound(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.EnqueueAsync(await rig.PutAsync(Send()));
        var run = await ClaimAsync(rig);

        foreach (var text in new[] { "one ", "two ", "three", "four" })
        {
            await HoldAsync(rig, run, text, keptBytes: 10);
        }

        var pieces = await rig.Database.Output.ReadAsync(run.Run.Id, 0, 10, StorageRig.None);
        string.Concat(pieces.Select(piece => Encoding.UTF8.GetString(piece.Bytes.Span)))
            .ShouldBe("one two th\n[output cut after 10 bytes]\n");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Waiting_runs_follow_their_job_to_another_task_and_out_of_it(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var id = await rig.EnqueueAsync(await rig.PutAsync(Send()));

        await rig.PutAsync(Send("""{"task": "post"}"""));
        var renamed = (await rig.ViewAsync(id)).Queue;
        await rig.PutAsync(StorageRig.Define("send", Overlap.Allow));

        renamed.ShouldBe("worker/default/post");
        (await rig.ClaimAsync()).Select(leased => leased.Run.Id).ShouldBe([id]);
    }

    private static JobDefinition Send(string settings = "{}") =>
        StorageRig.Define("send", Overlap.Allow) with
        {
            Target = new Target(WorkerTask.Kind, StorageRig.Json(settings)),
        };

    private static async Task<LeasedRun> ClaimAsync(StorageRig rig)
    {
        var store = rig.Database.Workers;
        await store.EnterAsync(Php, rig.Now, rig.Now.AddSeconds(60), StorageRig.None);
        var lane = new ClaimLane(WorkerTask.QueueOf(TenantName.Default, "send"), 1);
        var request = new ClaimRequest(Php.Node, [lane], null, rig.Now) { LeaseUntil = rig.Now.AddSeconds(30) };
        return (await rig.Database.Runs.ClaimAsync(request, StorageRig.None)).Runs.ShouldHaveSingleItem();
    }

    private static async Task<bool> HoldAsync(StorageRig rig, LeasedRun run, string? output = null, int keptBytes = 1_000)
    {
        var held = new HeldRun(run.Run.Id, run.LeaseToken, output);
        var terms = new HoldTerms(rig.Now, TimeSpan.FromSeconds(30), keptBytes);
        return (await rig.Database.Workers.HoldAsync(Php, [held], terms, StorageRig.None)).ShouldHaveSingleItem();
    }
}

using Pontual.Engine.Output;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class UpkeepTests
{
    private static readonly TimeSpan TwoHours = TimeSpan.FromHours(2);

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory(DisplayName = "S2-01 a run is lost when its node's lease has ended or the node has left, and only then")]
    [MemberData(nameof(Both))]
    public async Task Runs_of_dead_nodes_are_found(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        await rig.RegisterAsync("dies", leaseSeconds: 10);
        await rig.RegisterAsync("leaves");
        var ids = new Dictionary<string, Guid>();
        foreach (var node in new[] { "a", "dies", "leaves" })
        {
            await rig.EnqueueAsync(job);
            ids[node] = (await rig.ClaimAsync(node: node)).Single().Run.Id;
        }

        var early = await LostAsync(rig);
        await rig.Database.Nodes.LeaveAsync("leaves", rig.Now, default, StorageRig.None);
        var left = await LostAsync(rig);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        var both = await LostAsync(rig);

        early.ShouldBeEmpty();
        left.Single().Run.Id.ShouldBe(ids["leaves"]);
        both.Select(leased => leased.Run.Id).Order().ShouldBe(new[] { ids["dies"], ids["leaves"] }.Order());
        both.ShouldAllBe(leased => leased.LeaseToken == 1 && leased.Job.Id == job.Id && leased.ClaimedAt == StorageRig.At(0));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_stuck_run_is_asked_to_stop_and_lost_ten_seconds_later(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("short")));
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("long") with { Timeout = TimeSpan.FromHours(3) }));
        var leased = await rig.ClaimAsync();
        var stuck = leased.Single(run => run.Job.Name.ToString() == "short");

        rig.Time.Advance(TwoHours - TimeSpan.FromSeconds(1));
        await rig.Database.Runs.SweepAsync(rig.Now, TwoHours, StorageRig.None);
        var before = await rig.Database.Runs.FindLeasedAsync(stuck.Run.Id, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.Database.Runs.SweepAsync(rig.Now, TwoHours, StorageRig.None);
        var asked = await rig.Database.Nodes.RenewAsync("a", rig.Now, rig.Now.AddSeconds(10), default, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await rig.Database.Runs.SweepAsync(rig.Now, TwoHours, StorageRig.None);
        var notYet = await LostAsync(rig);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await rig.Database.Nodes.RenewAsync("a", rig.Now.AddSeconds(-1), rig.Now.AddSeconds(10), default, StorageRig.None);

        before!.CancelReason.ShouldBeNull();
        asked.Cancel.Single().ShouldBe(new(stuck.Run.Id, 1, RunReason.Stuck));
        notYet.ShouldBeEmpty();
        var lost = (await LostAsync(rig)).Single();
        (lost.Run.Id, lost.CancelReason).ShouldBe((stuck.Run.Id, RunReason.Stuck));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_sweep_lets_go_what_waits_for_a_slot_that_is_free(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var one = await rig.PutAsync(StorageRig.Define("one", Overlap.BufferAll));
        var two = await rig.PutAsync(StorageRig.Define("two", Overlap.Allow) with { Concurrency = 2 });
        foreach (var job in new[] { one, one, two, two, two })
        {
            await rig.EnqueueAsync(job, held: true);
        }

        await rig.Database.Runs.SweepAsync(rig.Now, TwoHours, StorageRig.None);
        await rig.Database.Runs.SweepAsync(rig.Now, TwoHours, StorageRig.None);

        var claimed = await rig.ClaimAsync();
        claimed.Count(leased => leased.Run.JobId == one.Id).ShouldBe(1);
        claimed.Count(leased => leased.Run.JobId == two.Id).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Cancelling_ends_what_waits_and_asks_what_runs(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferAll));
        var waiting = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-1));
        var behind = await rig.EnqueueAsync(job, held: true);

        var cancelled = await CancelAsync(rig, waiting);
        var next = (await rig.ClaimAsync()).Single();
        var asked = await CancelAsync(rig, behind);
        await rig.SettleAsync(next, RunState.Cancelled);

        (cancelled, asked).ShouldBe((CancelResult.Cancelled, CancelResult.Requested));
        next.Run.Id.ShouldBe(behind);
        var run = await rig.ViewAsync(waiting);
        (run.State, run.Reason, run.FinishedAt).ShouldBe((RunState.Cancelled, RunReason.Requested, rig.Now));
        (await CancelAsync(rig, behind)).ShouldBe(CancelResult.AlreadyEnded);
        (await CancelAsync(rig, rig.NewId(rig.Now))).ShouldBe(CancelResult.NotFound);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Pruning_takes_old_runs_with_all_that_hangs_on_them(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        var ids = new List<Guid>();
        for (var index = 0; index < 5; index++)
        {
            ids.Add(await rig.EnqueueAsync(job));
            var leased = (await rig.ClaimAsync()).Single();
            await rig.SettleAsync(leased, RunState.Pending, settled => settled with { NotBefore = rig.Now });
            await rig.Database.Output.AppendAsync([new OutputPiece(ids[^1], 1, rig.Now, new byte[] { 1 })], StorageRig.None);
            await rig.SettleAsync((await rig.ClaimAsync()).Single(), RunState.Succeeded);
            rig.Time.Advance(TimeSpan.FromDays(1));
        }

        var before = StorageRig.Start.AddDays(3);
        var first = await rig.Database.Runs.PruneAsync(before, 2, StorageRig.None);
        var second = await rig.Database.Runs.PruneAsync(before, 2, StorageRig.None);

        (first, second).ShouldBe((2, 1));
        (await rig.Database.Views.ListAsync(new RunQuery(), StorageRig.None)).Select(run => run.Id).ShouldBe([ids[4], ids[3]]);
        (await rig.Database.Views.FindAsync(ids[0], StorageRig.None)).ShouldBeNull();
        (await rig.Database.Output.ReadAsync(ids[0], 0, 10, StorageRig.None)).ShouldBeEmpty();
        (await rig.Database.Views.FindAsync(ids[3], StorageRig.None))!.Attempts.Count.ShouldBe(2);
        (await rig.Database.Output.ReadAsync(ids[3], 0, 10, StorageRig.None)).Count.ShouldBe(1);
    }

    private static Task<IReadOnlyList<LeasedRun>> LostAsync(StorageRig rig) =>
        rig.Database.Runs.FindLostAsync(rig.Now, 100, StorageRig.None);

    private static Task<CancelResult> CancelAsync(StorageRig rig, Guid id) =>
        rig.Database.Runs.RequestCancelAsync(id, RunReason.Requested, null, rig.Now, StorageRig.None);
}

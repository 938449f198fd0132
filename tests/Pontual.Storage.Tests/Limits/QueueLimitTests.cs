using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Limits;

public class QueueLimitTests
{
    private const string Queue = "whatsapp";

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task No_more_runs_of_a_queue_are_active_than_its_limit_says_over_all_nodes(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.RegisterAsync("b");
        var job = await PutAsync(rig, new Limit(3, null));
        var free = await rig.PutAsync(StorageRig.Define("free", Overlap.Allow));
        await EnqueueAsync(rig, job, 6);
        await EnqueueAsync(rig, free, 2);

        var byA = await rig.ClaimAsync(limit: 2, queue: Queue);
        var byB = await rig.ClaimAsync(node: "b");
        await rig.SettleAsync(byA[0], RunState.Succeeded);
        var again = await rig.ClaimAsync(node: "b");

        byA.Count.ShouldBe(2);
        byA.ShouldAllBe(leased => leased.IsLimited && leased.LetsOthersGo);
        byB.CountBy(leased => leased.Run.Queue)
            .ToDictionary()
            .ShouldBe(new Dictionary<string, int> { [Queue] = 1, ["default"] = 2 }, ignoreOrder: true);
        again.ShouldHaveSingleItem().Run.Queue.ShouldBe(Queue);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_rate_of_a_queue_spreads_its_starts_and_the_claim_says_when_the_next_can_start(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await PutAsync(rig, new Limit(null, new Rate(60, TimeSpan.FromMinutes(1)), Burst: 2));
        await EnqueueAsync(rig, job, 4);

        var first = await rig.ClaimResultAsync();
        var none = await rig.ClaimResultAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await rig.ClaimResultAsync();

        first.Runs.Count.ShouldBe(2);
        (none.Runs.Count, none.NextReady).ShouldBe((0, StorageRig.At(1)));
        (second.Runs.Count, second.NextReady).ShouldBe((1, StorageRig.At(2)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_limit_of_a_queue_is_edited_and_removed_for_those_that_wait(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await PutAsync(rig, new Limit(1, null));
        await EnqueueAsync(rig, job, 6);
        var counts = new List<int> { (await rig.ClaimAsync()).Count };

        var changed = await rig.Database.Limits.SetQueueAsync(Queue, new Limit(3, null), Actor.Product, rig.Now, StorageRig.None);
        var same = await rig.Database.Limits.SetQueueAsync(Queue, new Limit(3, null), Actor.Product, rig.Now, StorageRig.None);
        counts.Add((await rig.ClaimAsync()).Count);
        var removed = await rig.Database.Limits.SetQueueAsync(Queue, null, Actor.Product, rig.Now, StorageRig.None);
        var gone = await rig.Database.Limits.SetQueueAsync(Queue, null, Actor.Product, rig.Now, StorageRig.None);
        counts.Add((await rig.ClaimAsync()).Count);

        counts.ShouldBe([1, 2, 3]);
        (changed, same, removed, gone).ShouldBe((true, false, true, false));
        (await rig.Database.Limits.QueuesAsync(StorageRig.None)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_under_both_a_key_and_a_queue_waits_for_both(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await PutAsync(
            rig,
            new Limit(3, new Rate(30, TimeSpan.FromMinutes(1)), Burst: 3),
            new JobLimit("{{parameters.chip}}", new Limit(1, null))
        );
        foreach (var chip in "aaabbbcccddd")
        {
            await rig.EnqueueAsync(job, parameters: $$"""{"chip": "{{chip}}"}""");
        }

        var first = await rig.ClaimAsync();
        await rig.SettleAsync(first.Single(leased => leased.Run.LimitKey == "a"), RunState.Succeeded);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        var second = await rig.ClaimAsync();

        // What a key sent back took nothing of the queue's rate.
        first.Count.ShouldBe(3);
        first.Select(leased => leased.Run.LimitKey).Distinct().Count().ShouldBe(3);
        second.Count.ShouldBe(1);
    }

    private static async Task<Job> PutAsync(StorageRig rig, Limit bound, JobLimit? limit = null)
    {
        await rig.Database.Limits.SetQueueAsync(Queue, bound, Actor.Product, rig.Now, StorageRig.None);
        return await rig.PutAsync(StorageRig.Define("send", Overlap.Allow) with { Queue = Queue, Limit = limit });
    }

    private static async Task EnqueueAsync(StorageRig rig, Job job, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await rig.EnqueueAsync(job);
        }
    }
}

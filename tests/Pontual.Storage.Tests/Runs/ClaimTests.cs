using Pontual.Engine.Jobs;
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
        first.ClaimedAt.ShouldBe(rig.Now);
        first.Job.Definition.ShouldBe(job.Definition);
        first.Run.Job.ShouldBe(job.Name);
        (await rig.ClaimAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_step_of_priority_is_worth_a_minute_of_waiting(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        var old = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-70), priority: 0);
        var urgent = await rig.EnqueueAsync(job, rig.Now, priority: 2);
        var low = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-30), priority: -10);
        var normal = await rig.EnqueueAsync(job, rig.Now);
        await rig.EnqueueAsync(job, rig.Now.AddSeconds(1), priority: 10);

        var claimed = await rig.ClaimResultAsync();

        claimed.Runs.Select(leased => leased.Run.Id).ShouldBe([urgent, old, normal, low]);
        claimed.NextReady.ShouldBe(rig.Now.AddSeconds(1));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_job_never_gets_more_active_runs_than_slots(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var one = await rig.PutAsync(StorageRig.Define("one", Overlap.BufferAll));
        var two = await rig.PutAsync(StorageRig.Define("two", Overlap.Allow) with { Concurrency = 2 });
        var any = await rig.PutAsync(StorageRig.Define("any", Overlap.Allow));
        foreach (var job in new[] { one, one, one, two, two, two, any, any, any })
        {
            await rig.EnqueueAsync(job);
        }

        var first = await rig.ClaimAsync();
        var second = await rig.ClaimAsync();
        await rig.SettleAsync(first.First(leased => leased.Run.JobId == two.Id), RunState.Succeeded);
        var third = await rig.ClaimAsync();

        Counts(first).ShouldBe([1, 2, 3]);
        second.ShouldBeEmpty();
        third.Single().Run.JobId.ShouldBe(two.Id);

        int[] Counts(List<LeasedRun> runs) => [.. new[] { one, two, any }.Select(job => runs.Count(leased => leased.Run.JobId == job.Id))];
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Runs_that_find_no_slot_do_not_stand_in_the_way_of_others(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var crowded = await rig.PutAsync(StorageRig.Define("crowded"));
        var other = await rig.PutAsync(StorageRig.Define("other"));
        for (var index = 0; index < 20; index++)
        {
            await rig.EnqueueAsync(crowded, rig.Now.AddSeconds(-60));
        }

        await rig.EnqueueAsync(other);

        var claimed = await rig.ClaimAsync(limit: 5);

        claimed.Select(leased => leased.Run.JobId).ShouldBe([crowded.Id, other.Id]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_that_may_overlap_starts_beside_an_active_one_and_counts_as_active(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync"));
        await rig.EnqueueAsync(job);
        await rig.ClaimAsync();
        var beside = await rig.EnqueueAsync(job, overlap: true);
        await rig.EnqueueAsync(job);

        var claimed = await rig.ClaimAsync();

        claimed.Single().Run.Id.ShouldBe(beside);
        (await rig.ClaimAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_that_may_overlap_starts_beside_full_slots(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow) with { Concurrency = 2 });
        await rig.EnqueueAsync(job);
        await rig.EnqueueAsync(job);
        await rig.ClaimAsync();
        await rig.EnqueueAsync(job, overlap: true);

        (await rig.ClaimAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_lane_without_a_name_serves_every_queue_no_other_lane_names(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var jobs = new List<Job>();
        foreach (var queue in new[] { "default", "mail", "reports", "zz" })
        {
            jobs.Add(await rig.PutAsync(StorageRig.Define(queue, Overlap.Allow) with { Queue = queue }));
        }

        for (var round = 0; round < 3; round++)
        {
            foreach (var job in jobs)
            {
                await rig.EnqueueAsync(job, rig.Now.AddSeconds(-10 + round));
            }
        }

        var request = new ClaimRequest("a", [new("mail", 1), new("reports", 0), new(null, 4)], null, rig.Now);
        var claimed = (await rig.Database.Runs.ClaimAsync(request, StorageRig.None)).Runs;

        claimed.Count(leased => leased.Run.Queue == "mail").ShouldBe(1);
        var rest = claimed.Where(leased => leased.Run.Queue != "mail").ToList();
        rest.Select(leased => leased.Run.DueAt)
            .ShouldBe([rig.Now.AddSeconds(-10), rig.Now.AddSeconds(-10), rig.Now.AddSeconds(-9), rig.Now.AddSeconds(-9)]);
        rest.Select(leased => leased.Run.Queue).Distinct().Order().ShouldBe(["default", "zz"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_node_gets_only_kinds_it_may_run(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var target = new Target("http", StorageRig.Json("""{"url": "http://127.0.0.1/"}"""));
        var web = await rig.PutAsync(StorageRig.Define("web") with { Target = target });
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("handler")));
        await rig.EnqueueAsync(web);

        var claimed = await rig.Database.Runs.ClaimAsync(
            new ClaimRequest("a", [new(null, 10)], ["process", "http"], rig.Now),
            StorageRig.None
        );

        claimed.Runs.Single().Run.JobId.ShouldBe(web.Id);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_node_without_a_lease_of_its_own_gets_nothing(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.RegisterAsync("late", leaseSeconds: 10);
        await rig.RegisterAsync("gone");
        await rig.Database.Nodes.LeaveAsync("gone", rig.Now, default, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("sync")));

        var late = await rig.ClaimAsync(node: "late");
        var gone = await rig.ClaimAsync(node: "gone");
        var unknown = await rig.ClaimAsync(node: "never-seen");

        late.Concat(gone).Concat(unknown).ShouldBeEmpty();
        (await rig.ClaimAsync(node: "a")).Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_full_lane_takes_its_limit_and_leaves_the_rest(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        for (var index = 0; index < 130; index++)
        {
            await rig.EnqueueAsync(job);
        }

        var counts = new List<int>();
        for (var round = 0; round < 3; round++)
        {
            counts.Add((await rig.ClaimAsync(limit: 64)).Count);
        }

        counts.ShouldBe([64, 64, 2]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_a_lost_claim_took_can_be_found(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("sync")));
        var claimed = await rig.ClaimAsync();

        var found = await rig.Database.Runs.FindClaimedAsync("a", rig.Now, StorageRig.None);

        found.Single().ShouldBe(claimed.Single());
        (await rig.Database.Runs.FindClaimedAsync("b", rig.Now, StorageRig.None)).ShouldBeEmpty();
    }

    [Theory(DisplayName = "S2-01 nodes that claim at the same moment never run a job beside itself")]
    [MemberData(nameof(Both))]
    public async Task Nodes_that_claim_together_keep_to_the_slots(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.RegisterAsync("b");
        var one = await rig.PutAsync(StorageRig.Define("one"));
        var three = await rig.PutAsync(StorageRig.Define("three", Overlap.Allow) with { Concurrency = 3 });
        for (var index = 0; index < 8; index++)
        {
            await rig.EnqueueAsync(one);
            await rig.EnqueueAsync(three);
        }

        var claims = Enumerable.Range(0, 8).Select(index => Task.Run(() => rig.ClaimAsync(limit: 2, node: index % 2 == 0 ? "a" : "b")));
        var claimed = (await Task.WhenAll(claims)).SelectMany(runs => runs).ToList();

        claimed.Count(leased => leased.Run.JobId == one.Id).ShouldBe(1);
        claimed.Count(leased => leased.Run.JobId == three.Id).ShouldBe(3);
        claimed.DistinctBy(leased => leased.Run.Id).Count().ShouldBe(claimed.Count);
    }
}

using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class EnqueueTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_decision_sees_the_job_and_the_runs_before_it_in_the_batch(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferAll));
        var running = await rig.EnqueueAsync(job);
        await rig.ClaimAsync();
        var seen = new List<(Guid Id, RunState State, bool Held)[]>();
        var requests = new[] { Wish(rig, job), Wish(rig, job), Wish(rig, job) };

        var results = await rig.Database.Runs.EnqueueAsync(requests, Decide, rig.Now, StorageRig.None);

        seen.ShouldBe([
            [(running, RunState.Running, false)],
            [(running, RunState.Running, false), (requests[0].Id, RunState.Pending, true)],
            [(running, RunState.Running, false), (requests[0].Id, RunState.Pending, true)],
        ]);
        results.ShouldBe([
            new EnqueueResult(requests[0].Id, null, true),
            new EnqueueResult(null, running, true),
            new EnqueueResult(null, running, true),
        ]);

        EnqueueDecision Decide(EnqueueRequest request, DueJob due)
        {
            seen.Add([.. due.Hot.Select(run => (run.Id, run.State, run.Held))]);
            return due.Hot.Count > 1
                ? new EnqueueDecision(false, false, due.Hot[0].Id, [])
                : new EnqueueDecision(true, Held: true, null, []);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_job_that_is_gone_is_reported_and_the_others_are_added(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var gone = await rig.PutAsync(StorageRig.Define("gone"));
        var there = await rig.PutAsync(StorageRig.Define("there"));
        await rig.ApplyAsync(new JobChanges([], [gone.Name]));
        var requests = new[] { Wish(rig, gone), Wish(rig, there), Wish(rig, there with { Id = 12_345 }) };

        var results = await rig.Database.Runs.EnqueueAsync(requests, (_, _) => new(true, false, null, []), rig.Now, StorageRig.None);

        results.Select(result => result.JobFound).ShouldBe([false, true, false]);
        (await rig.ClaimAsync()).Single().Run.JobId.ShouldBe(there.Id);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_wish_may_ask_for_the_cancellation_of_what_runs(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.CancelRunning));
        var running = await rig.EnqueueAsync(job);
        await rig.ClaimAsync();

        await rig.Database.Runs.EnqueueAsync(
            [Wish(rig, job)],
            (_, due) => new EnqueueDecision(true, true, null, [.. due.Hot.Select(run => run.Id)]),
            rig.Now,
            StorageRig.None
        );

        var renewal = await rig.Database.Nodes.RenewAsync("a", rig.Now, rig.Now.AddSeconds(10), default, StorageRig.None);
        renewal.Cancel.Single().ShouldBe(new(running, 1, RunReason.Superseded));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Parameters_priority_and_text_of_any_kind_come_through(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync"));
        const string Parameters = """{ "texto": "ação 🚀 '\"; DROP TABLE run; --", "n": 1.50 }""";
        var request = Wish(rig, job) with { Parameters = Parameters, Priority = -3, Trigger = RunTrigger.Backfill };

        await rig.Database.Runs.EnqueueAsync([request], (_, _) => new(true, false, null, []), rig.Now, StorageRig.None);

        var run = await rig.ViewAsync(request.Id);
        (run.Parameters, run.Priority, run.Trigger).ShouldBe((Parameters, -3, RunTrigger.Backfill));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_decision_that_throws_leaves_nothing_behind(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        var requests = new[] { Wish(rig, job), Wish(rig, job) };

        var refused = () =>
            rig.Database.Runs.EnqueueAsync(
                requests,
                (request, _) => request == requests[1] ? throw new InvalidOperationException("no") : new(true, false, null, []),
                rig.Now,
                StorageRig.None
            );

        (await refused.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldBe("no");
        (await rig.ClaimAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Callers_at_the_same_moment_all_get_their_runs(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));

        var ids = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Wish(rig, job)).ToList().Select(wish => Task.Run(() => AddAsync(wish)))
        );

        (await rig.ClaimAsync()).Select(leased => leased.Run.Id).Order().ShouldBe(ids.Order());

        async Task<Guid> AddAsync(EnqueueRequest wish) =>
            (await rig.Database.Runs.EnqueueAsync([wish], (_, _) => new(true, false, null, []), rig.Now, StorageRig.None))
                .Single()
                .RunId!.Value;
    }

    private static EnqueueRequest Wish(StorageRig rig, Job job) => new(rig.NewId(rig.Now), job.Id, RunTrigger.Manual, rig.Now, rig.Now);
}

using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Limits;

public class KeyLimitTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task No_more_runs_of_a_key_are_active_than_its_limit_says_and_each_end_lets_the_next_go(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip-{{parameters.chip}}", new Limit(2, null)));
        var runs = await EnqueueAsync(rig, job, "55", 4);
        var other = await EnqueueAsync(rig, job, "66", 1);

        var first = await rig.ClaimAsync();
        var none = await rig.ClaimAsync();
        await rig.SettleAsync(first[0], RunState.Succeeded);
        var second = await rig.ClaimAsync();

        first.Select(leased => leased.Run.Id).ShouldBe([runs[0], runs[1], other[0]], ignoreOrder: true);
        first.Select(leased => leased.Run.LimitKey).ShouldBe(["chip-55", "chip-55", "chip-66"], ignoreOrder: true);
        none.ShouldBeEmpty();
        second.ShouldHaveSingleItem().Run.Id.ShouldBe(runs[2]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_key_belongs_to_all_jobs_that_name_it(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var one = await rig.PutAsync(Limited("one", "erp", new Limit(1, null)));
        var two = await rig.PutAsync(Limited("two", "erp", new Limit(1, null)));
        var older = await rig.EnqueueAsync(two);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        var newer = await rig.EnqueueAsync(one);

        var first = (await rig.ClaimAsync()).ShouldHaveSingleItem();
        await rig.SettleAsync(first, RunState.Failed);
        var second = (await rig.ClaimAsync()).ShouldHaveSingleItem();

        (first.Run.Id, second.Run.Id).ShouldBe((older, newer));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_rate_spreads_starts_evenly_and_the_claim_says_when_the_next_can_start(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(null, new Rate(20, TimeSpan.FromMinutes(1)))));
        var runs = await EnqueueAsync(rig, job, "55", 3);

        var first = await rig.ClaimResultAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(2.9));
        var early = await rig.ClaimResultAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        var second = await rig.ClaimResultAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(60));
        var third = await rig.ClaimResultAsync();

        first.Runs.ShouldHaveSingleItem().Run.Id.ShouldBe(runs[0]);
        first.NextReady.ShouldBe(StorageRig.At(3));
        early.Runs.ShouldBeEmpty();
        early.NextReady.ShouldBe(StorageRig.At(3));
        second.Runs.ShouldHaveSingleItem().Run.Id.ShouldBe(runs[1]);
        third.Runs.ShouldHaveSingleItem().Run.Id.ShouldBe(runs[2]);
        third.NextReady.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_burst_may_start_together_and_is_saved_up_again(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(null, new Rate(6, TimeSpan.FromMinutes(1)), Burst: 3)));
        await EnqueueAsync(rig, job, "55", 9);

        var counts = new List<int>();
        for (var second = 0; second <= 40; second += 10)
        {
            counts.Add((await rig.ClaimAsync()).Count);
            rig.Time.Advance(TimeSpan.FromSeconds(10));
        }

        rig.Time.Advance(TimeSpan.FromMinutes(1));
        counts.Add((await rig.ClaimAsync()).Count);
        counts.ShouldBe([3, 1, 1, 1, 1, 2]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_blocked_key_holds_up_nobody_behind_it_and_costs_nothing_while_it_is_blocked(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip-{{parameters.chip}}", new Limit(1, null)));
        var free = await rig.PutAsync(StorageRig.Define("free", Overlap.Allow));
        await EnqueueAsync(rig, job, "55", 300);
        (await rig.ClaimAsync()).Count.ShouldBe(1);

        var behind = await rig.EnqueueAsync(free);
        var claim = await rig.ClaimResultAsync(limit: 1);

        claim.Runs.ShouldHaveSingleItem().Run.Id.ShouldBe(behind);
        (await rig.ClaimResultAsync()).NextReady.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task In_the_line_priority_and_age_decide_also_against_who_was_let_go_already(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(null, new Rate(1, TimeSpan.FromMinutes(1)))));
        var runs = await EnqueueAsync(rig, job, "55", 3);
        (await rig.ClaimAsync()).Single().Run.Id.ShouldBe(runs[0]);
        var urgent = await rig.EnqueueAsync(job, priority: 5);

        rig.Time.Advance(TimeSpan.FromMinutes(1));
        var second = (await rig.ClaimAsync()).Select(leased => leased.Run.Id);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        var third = (await rig.ClaimAsync()).Select(leased => leased.Run.Id);

        second.ShouldBe([urgent]);
        third.ShouldBe([runs[1]]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_retry_takes_a_start_again_and_one_that_waits_for_its_retry_takes_no_place(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(1, new Rate(1, TimeSpan.FromSeconds(10)))));
        var runs = await EnqueueAsync(rig, job, "55", 2);
        var first = (await rig.ClaimAsync()).Single();

        await rig.SettleAsync(first, RunState.Pending, settled => settled with { NotBefore = rig.Now.AddSeconds(15) });
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        var second = (await rig.ClaimAsync()).Single();
        await rig.SettleAsync(second, RunState.Succeeded);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        var early = await rig.ClaimResultAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        var retried = (await rig.ClaimAsync()).Single();

        second.Run.Id.ShouldBe(runs[1]);
        early.Runs.ShouldBeEmpty();
        early.NextReady.ShouldBe(StorageRig.At(20));
        (retried.Run.Id, retried.Run.Attempt).ShouldBe((runs[0], 2));
        (await rig.ViewAsync(runs[0])).StartedAt.ShouldBe(StorageRig.At(0));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_a_limit_sends_back_has_not_been_tried_and_keeps_its_place(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(1, null)));
        var later = await rig.EnqueueAsync(job, rig.Now.AddSeconds(5));
        var also = await rig.EnqueueAsync(job, rig.Now.AddSeconds(6));
        rig.Time.Advance(TimeSpan.FromSeconds(10));

        var claimed = (await rig.ClaimAsync()).ShouldHaveSingleItem();
        var waiting = await rig.ViewAsync(also);
        var newer = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-2));
        await rig.SettleAsync(claimed, RunState.Succeeded);
        var next = (await rig.ClaimAsync()).ShouldHaveSingleItem();

        claimed.Run.Id.ShouldBe(later);
        (waiting.State, waiting.Attempt, waiting.Node, waiting.StartedAt).ShouldBe((RunState.Pending, 0, null, null));
        waiting.WaitsFor.ShouldBe(new LimitWait(LimitScope.Key, "chip", new Limit(1, null), null));
        next.Run.Id.ShouldBe(also, $"it keeps the place of its own time, before {newer}");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Cancelling_the_one_that_was_let_go_lets_the_next_go(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(1, new Rate(1, TimeSpan.FromSeconds(10)))));
        var runs = await EnqueueAsync(rig, job, "55", 3);
        await rig.SettleAsync((await rig.ClaimAsync()).Single(), RunState.Succeeded);

        (await rig.Database.Runs.RequestCancelAsync(runs[1], RunReason.Requested, null, rig.Now, StorageRig.None)).ShouldBe(
            CancelResult.Cancelled
        );
        rig.Time.Advance(TimeSpan.FromSeconds(10));

        (await rig.ClaimAsync()).ShouldHaveSingleItem().Run.Id.ShouldBe(runs[2]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_places_of_a_lost_node_come_back_with_the_rescue(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.RegisterAsync("b", leaseSeconds: 10);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(1, null)));
        var runs = await EnqueueAsync(rig, job, "55", 2);
        (await rig.ClaimAsync(node: "b")).Count.ShouldBe(1);

        rig.Time.Advance(TimeSpan.FromSeconds(11));
        (await rig.ClaimAsync()).ShouldBeEmpty();
        var lost = (await rig.Database.Runs.FindLostAsync(rig.Now, 10, StorageRig.None)).Single();
        var settlement = Settlement.Of(lost, new Outcome.Failure(FailureKinds.LeaseLost, "gone"), lost.ClaimedAt, rig.Now, 0);
        await rig.SettleAsync(settlement);

        (await rig.ClaimAsync()).ShouldHaveSingleItem().Run.Id.ShouldBe(runs[1]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_edit_holds_at_once_for_those_that_wait(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip", new Limit(null, new Rate(1, TimeSpan.FromHours(1)))));
        var runs = await EnqueueAsync(rig, job, "55", 6);
        (await rig.ClaimAsync()).Count.ShouldBe(1);

        await rig.PutAsync(Limited("send", "chip", new Limit(null, new Rate(1, TimeSpan.FromSeconds(10)))));
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        (await rig.ClaimAsync()).ShouldHaveSingleItem().Run.Id.ShouldBe(runs[1]);
        await rig.PutAsync(Limited("send", "other", new Limit(3, null)));
        var underAnother = await rig.ClaimAsync();
        await rig.PutAsync(StorageRig.Define("send", Overlap.Allow));
        var underNone = await rig.ClaimAsync();

        // The two that run count under the new key.
        underAnother.ShouldHaveSingleItem().Run.Id.ShouldBe(runs[2]);
        underNone.Select(leased => leased.Run.Id).ShouldBe([runs[3], runs[4], runs[5]]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_limit_given_to_a_job_holds_for_the_runs_it_has(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("send", Overlap.Allow));
        await EnqueueAsync(rig, job, "55", 5);

        await rig.PutAsync(Limited("send", "chip-{{parameters.chip}}", new Limit(2, null)));

        (await rig.ClaimAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_waits_for_its_jobs_slot_first_and_for_its_limit_then(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("one", "erp", new Limit(1, null)) with { Overlap = Overlap.BufferAll });
        var other = await rig.PutAsync(Limited("two", "erp", new Limit(1, null)));
        var first = await rig.EnqueueAsync(job);
        var held = await rig.EnqueueAsync(job, held: true);
        var running = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        var between = await rig.EnqueueAsync(other);

        running.Run.Id.ShouldBe(first);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.SettleAsync(running, RunState.Succeeded);
        var second = (await rig.ClaimAsync()).ShouldHaveSingleItem();
        await rig.SettleAsync(second, RunState.Succeeded);
        var third = (await rig.ClaimAsync()).ShouldHaveSingleItem();

        // It stands in the line of its limit from when its slot was free.
        (second.Run.Id, third.Run.Id).ShouldBe((between, held));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_sweep_lets_go_what_was_let_go_to_where_nobody_claims(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var dead = await rig.PutAsync(Limited("dead", "erp", new Limit(1, null)) with { Queue = "nobody" });
        var alive = await rig.PutAsync(Limited("alive", "erp", new Limit(1, null)));
        await rig.EnqueueAsync(dead);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        var run = await rig.EnqueueAsync(alive);

        (await rig.ClaimAsync(queue: "default")).ShouldBeEmpty();
        rig.Time.Advance(TimeSpan.FromSeconds(40));
        await rig.Database.Runs.SweepAsync(rig.Now, TimeSpan.FromHours(2), StorageRig.None);

        (await rig.ClaimAsync(queue: "default")).ShouldHaveSingleItem().Run.Id.ShouldBe(run);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Use_of_limits_is_listed_page_by_page(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Limited("send", "chip-{{parameters.chip}}", new Limit(2, new Rate(20, TimeSpan.FromMinutes(1)))));
        await EnqueueAsync(rig, job, "55", 3);
        await EnqueueAsync(rig, job, "66", 1);
        await rig.Database.Limits.SetQueueAsync("default", new Limit(9, null), Actor.Product, rig.Now, StorageRig.None);
        await rig.ClaimAsync();

        var first = await rig.Database.Limits.ListAsync(null, null, 2, rig.Now, StorageRig.None);
        var rest = await rig.Database.Limits.ListAsync(null, (first[1].Scope, first[1].Name), 2, rig.Now, StorageRig.None);

        var bound = new Limit(2, new Rate(20, TimeSpan.FromMinutes(1)));
        first.ShouldBe([
            new LimitStatus(LimitScope.Queue, "default", new Limit(9, null), 2, 0, null),
            new LimitStatus(LimitScope.Key, "chip-55", bound, 1, 2, StorageRig.At(3)),
        ]);
        rest.ShouldBe([new LimitStatus(LimitScope.Key, "chip-66", bound, 1, 0, StorageRig.At(3))]);
    }

    private static JobDefinition Limited(string name, string key, Limit bound) =>
        StorageRig.Define(name, Overlap.Allow) with
        {
            Limit = new JobLimit(key, bound),
        };

    private static async Task<List<Guid>> EnqueueAsync(StorageRig rig, Job job, string chip, int count)
    {
        var runs = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var at = rig.Now.AddMicroseconds(i - count);
            runs.Add(await rig.EnqueueAsync(job, at, parameters: $$"""{"chip": "{{chip}}"}"""));
        }

        return runs;
    }
}

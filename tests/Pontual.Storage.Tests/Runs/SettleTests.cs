using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class SettleTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_settled_run_is_in_the_history_with_all_that_was_known(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync") with { Priority = 3 });
        var id = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-1));
        var leased = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(TimeSpan.FromSeconds(2));

        await rig.SettleAsync(
            leased,
            RunState.Succeeded,
            settled => settled with { ResponseCode = 200, Result = "{\"n\": 1}", ItemsProcessed = 7, Reason = "why" }
        );

        var run = await rig.ViewAsync(id);
        run.ShouldBe(
            leased.Run with
            {
                State = RunState.Succeeded,
                NotBefore = null,
                FinishedAt = rig.Now,
                ResponseCode = 200,
                Result = "{\"n\": 1}",
                ItemsProcessed = 7,
                Reason = "why",
            }
        );
        run.Lateness.ShouldBe(TimeSpan.FromSeconds(1));
        run.Duration.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory(DisplayName = "S2-01 the late result of a claim that was taken over is refused")]
    [MemberData(nameof(Both))]
    public async Task A_result_needs_the_lease_token_of_the_latest_claim(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.RegisterAsync("b");
        var id = await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("sync")));
        var first = (await rig.ClaimAsync()).Single();
        await rig.SettleAsync(first, RunState.Pending, settled => settled with { NotBefore = rig.Now, Reason = RunReason.LeaseLost });
        var second = (await rig.ClaimAsync(node: "b")).Single();

        var late = await rig.SettleAsync(first, RunState.Succeeded);
        var done = await rig.SettleAsync(second, RunState.Failed);
        var twice = await rig.SettleAsync(second, RunState.Succeeded);

        second.LeaseToken.ShouldBe(2);
        second.Run.Attempt.ShouldBe(2);
        (late, done, twice).ShouldBe((false, true, false));
        (await rig.ViewAsync(id)).State.ShouldBe(RunState.Failed);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Each_attempt_that_was_not_the_last_is_kept(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var id = await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("sync")));
        var first = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.SettleAsync(
            first,
            RunState.Pending,
            settled => settled with { NotBefore = rig.Now.AddSeconds(9), Reason = "error", Error = "boom", ResponseCode = 500 }
        );
        var waiting = await rig.ViewAsync(id);
        var early = await rig.ClaimResultAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(9));
        var second = (await rig.ClaimAsync()).Single();
        await rig.SettleAsync(second, RunState.Succeeded);

        var detail = (await rig.Database.Views.FindAsync(id, StorageRig.None))!;

        (waiting.State, waiting.Error, waiting.Reason, waiting.NotBefore).ShouldBe((RunState.Pending, "boom", "error", StorageRig.At(10)));
        early.Runs.ShouldBeEmpty();
        early.NextReady.ShouldBe(StorageRig.At(10));
        detail.Attempts.ShouldBe([
            new Attempt(1, "a", StorageRig.At(0), StorageRig.At(1), "failed", "error", 500, "boom"),
            new Attempt(2, "a", StorageRig.At(10), StorageRig.At(10), "succeeded", null, null, null),
        ]);
        detail.Run.StartedAt.ShouldBe(StorageRig.At(0));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_attempt_given_back_does_not_count(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var id = await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("sync")));
        var first = (await rig.ClaimAsync()).Single();

        await rig.SettleAsync(first, RunState.Pending, settled => settled with { NotBefore = rig.Now, GivesAttemptBack = true });

        var detail = (await rig.Database.Views.FindAsync(id, StorageRig.None))!;
        detail.Run.Attempt.ShouldBe(0);
        detail.Attempts.ShouldBeEmpty();
        var again = (await rig.ClaimAsync()).Single();
        (again.Run.Attempt, again.LeaseToken).ShouldBe((1, 2));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_success_supersedes_older_runs_that_wait_for_a_retry(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync"));
        var old = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-60));
        var failing = (await rig.ClaimAsync()).Single();
        await rig.SettleAsync(failing, RunState.Pending, settled => settled with { NotBefore = rig.Now.AddHours(1) });
        var newer = await rig.EnqueueAsync(job);
        var untried = await rig.EnqueueAsync(job, rig.Now.AddSeconds(-30));
        var leased = (await rig.ClaimAsync()).Single();
        await rig.SettleAsync(leased, RunState.Succeeded);
        var last = (await rig.ClaimAsync()).Single();

        await rig.SettleAsync(last, RunState.Succeeded, settled => settled with { SupersedesOlder = true });

        leased.Run.Id.ShouldBe(untried);
        last.Run.Id.ShouldBe(newer);
        var superseded = await rig.ViewAsync(old);
        (superseded.State, superseded.Reason, superseded.Attempt).ShouldBe((RunState.Skipped, RunReason.Superseded, 1));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Totals_count_runs_and_failures_in_a_row(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        RunState[] ends = [RunState.Failed, RunState.Succeeded, RunState.Failed, RunState.Cancelled, RunState.Failed];
        foreach (var _ in ends)
        {
            await rig.EnqueueAsync(job);
        }

        var leased = await rig.ClaimAsync();
        var settlements = leased.Zip(ends, (run, end) => rig.Settlement(run, end)).Select((s, i) => s with { At = StorageRig.At(i) });
        await rig.SettleAsync([.. settlements]);
        var streak = (await rig.FindAsync("sync"))!.Totals;
        await rig.EnqueueAsync(job);
        await rig.SettleAsync((await rig.ClaimAsync()).Single(), RunState.Failed);

        (streak.Runs, streak.FailureStreak, streak.LastRunId, streak.LastState).ShouldBe((5, 2, leased[4].Run.Id, RunState.Failed));
        (streak.LastStartedAt, streak.LastFinishedAt, streak.FailingSince).ShouldBe((StorageRig.At(0), StorageRig.At(4), StorageRig.At(4)));
        var after = (await rig.FindAsync("sync"))!.Totals;
        (after.Runs, after.FailureStreak).ShouldBe((6, 3));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_runs_usually_take_is_learned_and_runs_that_take_much_longer_are_counted(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        foreach (var seconds in new[] { 10, 12, 8, 11, 9 })
        {
            await TakeAsync(rig, job, seconds);
        }

        var usual = (await rig.FindAsync("sync"))!.Totals;
        await TakeAsync(rig, job, 60);
        await TakeAsync(rig, job, 60);
        var slow = (await rig.FindAsync("sync"))!.Totals;
        await TakeAsync(rig, job, 10);

        usual.Usual!.Value.TotalSeconds.ShouldBeInRange(9.5, 10.5);
        usual.SlowStreak.ShouldBe(0);
        slow.SlowStreak.ShouldBe(2);
        slow.LastDuration.ShouldBe(TimeSpan.FromSeconds(60));
        slow.Usual!.Value.TotalSeconds.ShouldBeInRange(11, 14);
        (await rig.FindAsync("sync"))!.Totals.SlowStreak.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_ended_is_counted_by_hours(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        await TakeAsync(rig, job, 10);
        await TakeAsync(rig, job, 30, RunState.Failed);
        rig.Time.Advance(TimeSpan.FromHours(2));
        await TakeAsync(rig, job, 20);

        var day = await rig.Database.Views.LastDayAsync(TenantName.Default, rig.Now, StorageRig.None);
        var later = await rig.Database.Views.LastDayAsync(TenantName.Default, rig.Now.AddHours(24), StorageRig.None);

        day[job.Id].ShouldBe(new DayTotals(2, 1, 0, 0, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), 0));
        later[job.Id].Ended.ShouldBe(1);
        (await rig.Database.Views.LastDayAsync(TenantName.Parse("shop"), rig.Now, StorageRig.None)).ShouldBeEmpty();
    }

    private static async Task TakeAsync(StorageRig rig, Job job, int seconds, RunState end = RunState.Succeeded)
    {
        await rig.EnqueueAsync(job);
        var leased = (await rig.ClaimAsync()).Single();
        var began = rig.Now;
        rig.Time.Advance(TimeSpan.FromSeconds(seconds));
        await rig.SettleAsync([rig.Settlement(leased, end) with { AttemptStartedAt = began, At = rig.Now }]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_freed_slot_lets_the_oldest_held_run_go(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferAll));
        await rig.EnqueueAsync(job);
        var running = (await rig.ClaimAsync()).Single();
        var second = await rig.EnqueueAsync(job, rig.Now.AddSeconds(2), held: true);
        var first = await rig.EnqueueAsync(job, rig.Now.AddSeconds(1), held: true);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        var before = await rig.ClaimResultAsync();

        await rig.SettleAsync(running, RunState.Succeeded);
        var next = await rig.ClaimAsync();

        before.Runs.ShouldBeEmpty();
        before.NextReady.ShouldBeNull();
        next.Single().Run.Id.ShouldBe(first);
        next.Single().Run.NotBefore.ShouldBe(rig.Now);
        (await rig.ViewAsync(second)).NotBefore.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_that_waits_for_its_retry_frees_its_slot(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferOne));
        await rig.EnqueueAsync(job);
        var running = (await rig.ClaimAsync()).Single();
        var held = await rig.EnqueueAsync(job, held: true);

        await rig.SettleAsync(running, RunState.Pending, settled => settled with { NotBefore = rig.Now.AddMinutes(1) });

        var next = await rig.ClaimAsync();
        next.Single().Run.Id.ShouldBe(held);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        (await rig.ClaimAsync()).ShouldBeEmpty();
        await rig.SettleAsync(next.Single(), RunState.Succeeded);
        (await rig.ClaimAsync()).Single().Run.Id.ShouldBe(running.Run.Id);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_batch_answers_each_settlement_in_its_place(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        for (var index = 0; index < 120; index++)
        {
            await rig.EnqueueAsync(job);
        }

        var leased = await rig.ClaimAsync(limit: 200);
        var settlements = leased.Select(
            (run, index) =>
                rig.Settlement(run, index % 3 == 1 ? RunState.Pending : RunState.Succeeded) with
                {
                    LeaseToken = index % 3 == 2 ? 99 : 1,
                    NotBefore = rig.Now.AddDays(1),
                }
        );
        var done = await rig.SettleAsync([.. settlements]);

        done.ShouldBe(Enumerable.Range(0, 120).Select(index => index % 3 != 2));
        var depth = (await rig.Database.Views.DepthsAsync(rig.Now, StorageRig.None)).Single();
        (depth.Waiting, depth.Running).ShouldBe((40, 40));
        (await rig.FindAsync("sync"))!.Totals.Runs.ShouldBe(40);
    }
}

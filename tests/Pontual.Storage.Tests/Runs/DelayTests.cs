using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

/// <summary>A job with a fixed delay never stands without a next due time once its run has left the hot table, whichever way it left.</summary>
public class DelayTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);
    private static readonly OccurrencePlanner Planner = new(
        new PlannerOptions(),
        new SystemRandomBytes(),
        new ScheduleClock(TimeProvider.System)
    );

    public static TheoryData<Dialect, string> Ways
    {
        get
        {
            var ways = new TheoryData<Dialect, string>();
            foreach (var dialect in new[] { Dialect.Sqlite, Dialect.PostgreSql })
            {
                foreach (var way in new[] { "succeeded", "failed", "cancelled", "reset", "retry cancelled", "never claimed and cancelled" })
                {
                    ways.Add(dialect, way);
                }
            }

            return ways;
        }
    }

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_next_due_time_follows_the_end_of_a_run(Dialect dialect, string way)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Define());
        job.NextDue.ShouldBe(StorageRig.Start);

        await PlanAsync(rig);
        (await rig.FindAsync("delayed"))!.NextDue.ShouldBeNull();
        rig.Time.Advance(TimeSpan.FromSeconds(7));
        await EndAsync(rig, way);

        var ended = (await rig.FindAsync("delayed"))!;
        (ended.Mark, ended.NextDue).ShouldBe((rig.Now, rig.Now + Delay));
        rig.Time.Advance(Delay);
        (await PlanAsync(rig)).Runs.ShouldBe(1);
        (await rig.ClaimAsync()).Single().Run.DueAt.ShouldBe(ended.NextDue!.Value);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Counted_from_starts_the_next_due_time_follows_the_start_of_whatever_run(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(FromStart());
        await PlanAsync(rig);
        var first = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(TimeSpan.FromSeconds(7));
        await EndAsync(rig, first);
        (await rig.FindAsync("delayed"))!.NextDue.ShouldBe(StorageRig.Start + Delay);

        rig.Time.Advance(TimeSpan.FromSeconds(3));
        await rig.EnqueueAsync(job);
        var asked = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(rig, asked);

        (await rig.FindAsync("delayed"))!.NextDue.ShouldBe(StorageRig.At(10) + Delay);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Counted_from_starts_a_run_that_outlasts_its_period_is_followed_at_once_and_a_reset_keeps_the_next_due_time(
        Dialect dialect
    )
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(FromStart());
        await PlanAsync(rig);
        var first = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(Delay + TimeSpan.FromSeconds(5));
        await EndAsync(rig, first);
        (await rig.FindAsync("delayed"))!.NextDue.ShouldBe(rig.Now);

        await PlanAsync(rig);
        (await rig.ClaimAsync()).Count.ShouldBe(1);
        var began = rig.Now;
        rig.Time.Advance(TimeSpan.FromSeconds(4));
        (await rig.Database.Jobs.ResetAsync(JobName.Parse("delayed"), Engine.Audit.Actor.Product, rig.Now, StorageRig.None)).ShouldBeTrue();

        var reset = (await rig.FindAsync("delayed"))!;
        (reset.NextDue, reset.ResetAt).ShouldBe((began + Delay, rig.Now));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_retry_is_not_an_end(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(Define());
        await PlanAsync(rig);
        var leased = (await rig.ClaimAsync()).Single();

        await rig.SettleAsync(leased, RunState.Pending, settled => settled with { NotBefore = rig.Now.AddSeconds(5), EndsDelayed = true });

        (await rig.FindAsync("delayed"))!.NextDue.ShouldBeNull();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await rig.SettleAsync((await rig.ClaimAsync()).Single(), RunState.Succeeded, settled => settled with { EndsDelayed = true });
        (await rig.FindAsync("delayed"))!.NextDue.ShouldBe(rig.Now + Delay);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_result_that_comes_too_late_moves_nothing(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(Define());
        await PlanAsync(rig);
        var leased = (await rig.ClaimAsync()).Single();
        await rig.SettleAsync(leased, RunState.Failed, settled => settled with { EndsDelayed = true });
        var due = (await rig.FindAsync("delayed"))!.NextDue;

        rig.Time.Advance(TimeSpan.FromSeconds(3));
        var late = await rig.SettleAsync(leased, RunState.Succeeded, settled => settled with { EndsDelayed = true });

        late.ShouldBeFalse();
        (await rig.FindAsync("delayed"))!.NextDue.ShouldBe(due);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_edit_while_it_runs_loses_no_due_time(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(Define());
        await PlanAsync(rig);
        var leased = (await rig.ClaimAsync()).Single();

        await rig.PutAsync(StorageRig.Define("delayed", schedule: new EverySchedule(TimeSpan.FromMinutes(1))));
        await rig.SettleAsync(leased, RunState.Succeeded, settled => settled with { EndsDelayed = true });
        var every = (await rig.FindAsync("delayed"))!.NextDue;
        await rig.PutAsync(Define());
        var again = (await rig.FindAsync("delayed"))!.NextDue;

        (every, again).ShouldBe((StorageRig.At(60), rig.Now + Delay));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_removed_job_is_never_due_again(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(Define());
        await PlanAsync(rig);
        var leased = (await rig.ClaimAsync()).Single();

        await rig.ApplyAsync(new JobChanges([], [JobName.Parse("delayed")]));
        await rig.SettleAsync(leased, RunState.Cancelled, settled => settled with { EndsDelayed = true });
        rig.Time.Advance(TimeSpan.FromDays(1));

        (await PlanAsync(rig)).ShouldBe(new PlanResult(0, 0, false, null));
    }

    private static JobDefinition Define() => StorageRig.Define("delayed", schedule: new DelaySchedule(Delay));

    private static Task<PlanResult> PlanAsync(StorageRig rig) =>
        rig.Database.Plans.PlanDueAsync(rig.Now, 100, due => Planner.Decide(due, rig.Now), StorageRig.None);

    private static async Task EndAsync(StorageRig rig, string way)
    {
        if (way == "never claimed and cancelled")
        {
            var waiting = (await rig.Database.Views.ListAsync(new RunQuery(JobName.Parse("delayed")), StorageRig.None)).Single();
            (await CancelAsync(rig, waiting.Id)).ShouldBe(CancelResult.Cancelled);
            return;
        }

        var leased = (await rig.ClaimAsync()).Single();
        switch (way)
        {
            case "reset":
                (await rig.Database.Jobs.ResetAsync(JobName.Parse("delayed"), Actor.Product, rig.Now, StorageRig.None)).ShouldBeTrue();
                break;
            case "retry cancelled":
                await rig.SettleAsync(leased, RunState.Pending, settled => settled with { NotBefore = rig.Now.AddHours(1) });
                (await CancelAsync(rig, leased.Run.Id)).ShouldBe(CancelResult.Cancelled);
                break;
            default:
                var state = Enum.Parse<RunState>(way, ignoreCase: true);
                (await rig.SettleAsync(leased, state, settled => settled with { EndsDelayed = true })).ShouldBeTrue();
                break;
        }
    }

    private static Task<CancelResult> CancelAsync(StorageRig rig, Guid run) =>
        rig.Database.Runs.RequestCancelAsync(run, RunReason.Requested, null, rig.Now, StorageRig.None);

    private static JobDefinition FromStart() => StorageRig.Define("delayed", schedule: new DelaySchedule(Delay) { FromStart = true });

    private static Task<bool> EndAsync(StorageRig rig, LeasedRun leased) =>
        rig.SettleAsync(
            leased,
            RunState.Succeeded,
            end => end with { EndsDelayed = true, RunStartedAt = leased.Run.StartedAt ?? leased.ClaimedAt }
        );
}

using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Jobs;

public class JobStoreTests
{
    private static readonly EverySchedule EachMinute = new(TimeSpan.FromMinutes(1));

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_new_job_owes_nothing_before_it_was_defined(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        var definition = StorageRig.Define("sync", Overlap.BufferAll, EachMinute) with
        {
            Description = "Olá",
            Priority = 2,
            Queue = "mail",
            Log = "sync.log",
        };

        var changed = await rig.ApplyAsync(new JobChanges([new JobPut(definition, ExpectedRevision: 0)], []));

        changed.ShouldBe([new JobChanged(definition.Name, JobChange.Created, 1)]);
        var job = (await rig.FindAsync("sync"))!;
        JobDocument.Serialize(job.Definition).ShouldBe(JobDocument.Serialize(definition));
        (job.Mark, job.NextDue, job.CreatedAt, job.UpdatedAt).ShouldBe((StorageRig.At(30), StorageRig.At(60), rig.Now, rig.Now));
        (job.Name.Tenant, job.Revision, job.Paused, job.Totals).ShouldBe((TenantName.Default, 1, null, JobTotals.None));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_changes_gets_a_new_revision_and_what_does_not_keeps_it(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var first = await rig.PutAsync(StorageRig.Define("first", schedule: EachMinute));
        var second = await rig.PutAsync(StorageRig.Define("second", schedule: EachMinute));
        rig.Time.Advance(TimeSpan.FromSeconds(10));

        var changed = await rig.ApplyAsync(
            new JobChanges(
                [
                    new(first.Definition),
                    new(second.Definition with { Description = "new" }, ExpectedRevision: 1),
                    new(StorageRig.Define("third")),
                ],
                [JobName.Parse("unknown")]
            )
        );

        changed
            .Select(change => (change.Change, change.Revision))
            .ShouldBe([(JobChange.Unchanged, 1), (JobChange.Updated, 2), (JobChange.Created, 1), (JobChange.NotFound, 0)]);
        (await rig.FindAsync("first"))!.UpdatedAt.ShouldBe(StorageRig.At(0));
        var updated = (await rig.FindAsync("second"))!;
        (updated.Definition.Description, updated.UpdatedAt, updated.Mark).ShouldBe(("new", rig.Now, StorageRig.At(0)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task One_conflict_leaves_everything_as_it_was(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync"));
        var changes = new JobChanges(
            [
                new(StorageRig.Define("new")),
                new(job.Definition with { Description = "x" }, ExpectedRevision: 7),
                new(StorageRig.Define("absent"), ExpectedRevision: 1),
            ],
            []
        );

        var changed = await rig.ApplyAsync(changes);
        var exists = await rig.ApplyAsync(new JobChanges([new(job.Definition, ExpectedRevision: 0)], []));

        changed[1].ShouldBe(new JobChanged(job.Name, JobChange.Conflict, 1));
        changed[2].Change.ShouldBe(JobChange.Conflict);
        exists.Single().Change.ShouldBe(JobChange.Conflict);
        (await rig.Database.Jobs.ListAsync(null, null, 10, StorageRig.None)).Single().ShouldBe(job);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_name_twice_in_one_change_is_refused(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var definition = StorageRig.Define("sync");

        var twice = () => rig.ApplyAsync(new JobChanges([new(definition)], [definition.Name]));

        (await twice.ShouldThrowAsync<ArgumentException>()).Message.ShouldContain("'sync' appears more than once");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_edit_accounts_for_what_the_old_definition_owes(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", schedule: EachMinute));
        rig.Time.Advance(TimeSpan.FromSeconds(90));
        var hourly = StorageRig.Define("sync", schedule: new EverySchedule(TimeSpan.FromHours(1)));

        await rig.ApplyAsync(new JobChanges([new(hourly)], []), RunOwed(rig));

        var edited = (await rig.FindAsync("sync"))!;
        (edited.Mark, edited.NextDue).ShouldBe((rig.Now, StorageRig.At(3600)));
        (await rig.ClaimAsync()).Single().Run.DueAt.ShouldBe(StorageRig.At(60));
        job.Revision.ShouldBe(1);
        edited.Revision.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Waiting_runs_follow_the_job_s_queue_kind_and_slots(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferAll));
        await rig.EnqueueAsync(job);
        await rig.EnqueueAsync(job, held: true);
        await rig.EnqueueAsync(job, held: true);

        await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow) with { Queue = "mail" });

        (await rig.ClaimAsync(queue: "default")).ShouldBeEmpty();
        (await rig.ClaimAsync(queue: "mail")).Count.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Runs_side_by_side_count_as_active_once_the_job_allows_one_only(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        await rig.EnqueueAsync(job);
        await rig.EnqueueAsync(job);
        var sideBySide = await rig.ClaimAsync();
        var waiting = await rig.EnqueueAsync(job);

        await rig.PutAsync(StorageRig.Define("sync"));
        var none = await rig.ClaimAsync();
        await rig.SettleAsync(sideBySide[0], RunState.Succeeded);
        var stillNone = await rig.ClaimAsync();
        await rig.SettleAsync(sideBySide[1], RunState.Succeeded);

        none.Concat(stillNone).ShouldBeEmpty();
        (await rig.ClaimAsync()).Single().Run.Id.ShouldBe(waiting);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Removing_cancels_what_waits_asks_what_runs_and_owes_nothing_more(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferAll, EachMinute));
        var running = await rig.EnqueueAsync(job);
        await rig.ClaimAsync();
        var waiting = await rig.EnqueueAsync(job, rig.Now.AddHours(1));
        var held = await rig.EnqueueAsync(job, held: true);
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        var changed = await rig.ApplyAsync(new JobChanges([], [job.Name]), RunOwed(rig));
        var planned = await rig.Database.Plans.PlanDueAsync(
            rig.Now.AddDays(1),
            10,
            _ => throw new InvalidOperationException(),
            StorageRig.None
        );

        changed.Single().Change.ShouldBe(JobChange.Removed);
        (await rig.FindAsync("sync")).ShouldBeNull();
        planned.ShouldBe(new PlanResult(0, 0, false, null));
        foreach (var id in new[] { waiting, held })
        {
            var run = await rig.ViewAsync(id);
            (run.State, run.Reason).ShouldBe((RunState.Cancelled, RunReason.JobRemoved));
        }

        (await rig.Database.Runs.FindLeasedAsync(running, StorageRig.None))!.CancelReason.ShouldBe(RunReason.JobRemoved);
        (await rig.Database.Views.ListAsync(new RunQuery(State: RunState.Cancelled), StorageRig.None)).Count.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_pause_is_kept_whole_and_what_was_owed_before_is_accounted_for(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(StorageRig.Define("sync", schedule: EachMinute));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        var pause = new Pause(rig.Now, "maintenance", "ana", rig.Now.AddHours(1));

        var paused = await PauseAsync(rig, "sync", pause);
        var job = (await rig.FindAsync("sync"))!;
        var resumed = await PauseAsync(rig, "sync", null);
        var unknown = await PauseAsync(rig, "unknown", pause);

        (paused, resumed, unknown).ShouldBe((true, true, false));
        (job.Paused, job.Mark, job.Revision).ShouldBe((pause, rig.Now, 1));
        (await rig.FindAsync("sync"))!.Paused.ShouldBeNull();
        (await rig.ClaimAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_reset_fences_the_active_run_and_gives_the_job_its_first_state(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferAll, EachMinute));
        await rig.EnqueueAsync(job);
        await rig.SettleAsync((await rig.ClaimAsync()).Single(), RunState.Failed);
        await rig.EnqueueAsync(job);
        var active = (await rig.ClaimAsync()).Single();
        var held = await rig.EnqueueAsync(job, held: true);
        await PauseAsync(rig, "sync", new Pause(rig.Now, null, null, null));

        var reset = await rig.Database.Jobs.ResetAsync(job.Name, Actor.Product, rig.Now, StorageRig.None);
        var late = await rig.SettleAsync(active, RunState.Succeeded);

        (reset, late).ShouldBe((true, false));
        var run = await rig.ViewAsync(active.Run.Id);
        (run.State, run.Reason).ShouldBe((RunState.Failed, RunReason.Reset));
        var after = (await rig.FindAsync("sync"))!;
        (after.Totals.FailureStreak, after.Totals.Runs, after.Paused, after.NextDue).ShouldBe((0, 1, null, StorageRig.At(60)));
        (await rig.ClaimAsync()).Single().Run.Id.ShouldBe(held);
        (await rig.Database.Jobs.ResetAsync(JobName.Parse("unknown"), Actor.Product, rig.Now, StorageRig.None)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Jobs_are_listed_by_name_in_ordinal_order_and_paged(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        string[] names = ["a-b", "a.b", "a_b", "a0", "ab", "b", "0"];
        await rig.ApplyAsync(new JobChanges([.. names.Select(name => new JobPut(StorageRig.Define(name)))], []));

        var page = await rig.Database.Jobs.ListAsync(TenantName.Default, null, 3, StorageRig.None);
        var rest = await rig.Database.Jobs.ListAsync(TenantName.Default, page[^1].Name, int.MaxValue, StorageRig.None);

        page.Concat(rest).Select(job => job.Name.ToString()).ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Changes_at_the_same_moment_follow_each_other(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(StorageRig.Define("sync"));

        var edits = Enumerable
            .Range(0, 10)
            .Select(index =>
                Task.Run(() => rig.ApplyAsync(new JobChanges([new(StorageRig.Define("sync") with { Description = $"{index}" }, 1)], [])))
            );
        var changes = (await Task.WhenAll(edits)).Select(changed => changed.Single().Change).ToList();

        changes.Count(change => change is JobChange.Updated).ShouldBe(1);
        changes.Count(change => change is JobChange.Conflict).ShouldBe(9);
        (await rig.FindAsync("sync"))!.Revision.ShouldBe(2);
    }

    private static Task<bool> PauseAsync(StorageRig rig, string name, Pause? pause) =>
        rig.Database.Jobs.SetPauseAsync(JobName.Parse(name), pause, Actor.Product, RunOwed(rig), rig.Now, StorageRig.None);

    private static Func<DueJob, JobPlan> RunOwed(StorageRig rig) =>
        due => new JobPlan
        {
            Mark = rig.Now,
            NextDue = due.Job.Definition.Schedule.Next(rig.Now),
            Runs = [new PlannedRun(rig.NewId(due.Job.NextDue!.Value), due.Job.NextDue.Value, Held: false)],
        };
}

using Pontual.Engine.Jobs;
using Pontual.Engine.Output;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class RunViewsTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Lists_are_newest_due_first_over_hot_and_ended_runs_and_page_by_id(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var (ids, job, other) = await FillAsync(rig);

        var first = await ListAsync(rig, new RunQuery(Limit: 4));
        var second = await ListAsync(rig, new RunQuery(Before: first[^1].Id, Limit: 4));

        first.Concat(second).Select(run => run.Id).ShouldBe(ids.AsEnumerable().Reverse());
        first
            .Concat(second)
            .Select(run => run.Job)
            .Distinct()
            .Order(Comparer<JobName>.Create((x, y) => string.CompareOrdinal(x.ToString(), y.ToString())))
            .ShouldBe([other.Name, job.Name]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Lists_are_narrowed_by_job_state_and_time(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var (ids, job, other) = await FillAsync(rig);

        async Task<Guid[]> Ids(RunQuery query) => [.. (await ListAsync(rig, query)).Select(run => run.Id)];

        (await Ids(new RunQuery(Job: job.Name))).ShouldBe([ids[4], ids[2], ids[0]]);
        (await Ids(new RunQuery(Job: other.Name, State: RunState.Pending))).ShouldBe([ids[5], ids[3], ids[1]]);
        (await Ids(new RunQuery(State: RunState.Succeeded))).ShouldBe([ids[0]]);
        (await Ids(new RunQuery(State: RunState.Running))).ShouldBe([ids[2]]);
        (await Ids(new RunQuery(From: StorageRig.At(3)))).ShouldBe([ids[5], ids[4], ids[3]]);
        (await Ids(new RunQuery(Job: JobName.Parse("unknown")))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_removed_job_s_history_stays_and_a_new_one_of_its_name_begins_its_own(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var (ids, job, _) = await FillAsync(rig);
        await rig.ApplyAsync(new JobChanges([], [job.Name]));

        var removed = await ListAsync(rig, new RunQuery(Job: job.Name));
        await rig.PutAsync(StorageRig.Define(job.Name.ToString()));
        var anew = await ListAsync(rig, new RunQuery(Job: job.Name));

        removed
            .Select(run => (run.Id, run.State))
            .ShouldBe([(ids[4], RunState.Cancelled), (ids[2], RunState.Running), (ids[0], RunState.Succeeded)]);
        anew.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Depths_say_what_is_due_what_waits_and_what_runs(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await FillAsync(rig);
        rig.Time.Advance(TimeSpan.FromSeconds(4));

        var depths = await rig.Database.Views.DepthsAsync(rig.Now, StorageRig.None);

        depths.ShouldBe([new QueueDepth("default", 3, 1, 1, StorageRig.At(1))]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Output_is_read_in_order_and_a_repeated_piece_changes_nothing(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var run = rig.NewId(rig.Now);
        OutputPiece Piece(long sequence, params byte[] bytes) => new(run, sequence, rig.Now, bytes);

        await rig.Database.Output.AppendAsync([Piece(1_000_002, 0xFF, 0), Piece(1_000_001, 1)], StorageRig.None);
        await rig.Database.Output.AppendAsync([Piece(1_000_001, 9), Piece(2_000_001, 3)], StorageRig.None);
        await rig.Database.Output.AppendAsync([], StorageRig.None);

        var all = await rig.Database.Output.ReadAsync(run, 0, 10, StorageRig.None);
        var rest = await rig.Database.Output.ReadAsync(run, 1_000_001, 1, StorageRig.None);
        all.Select(piece => piece.Bytes.ToArray())
            .ShouldBe([
                [1],
                [0xFF, 0],
                [3],
            ]);
        all[0].At.ShouldBe(rig.Now);
        rest.Single().Sequence.ShouldBe(1_000_002);
    }

    /// <summary>Six runs due a second apart, two jobs in turn: the first succeeded, the third runs, the last is held.</summary>
    private static async Task<(List<Guid> Ids, Job Job, Job Other)> FillAsync(StorageRig rig)
    {
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        var other = await rig.PutAsync(StorageRig.Define("other", Overlap.BufferAll));
        var ids = new List<Guid>();
        for (var index = 0; index < 6; index++)
        {
            ids.Add(await rig.EnqueueAsync(index % 2 == 0 ? job : other, StorageRig.At(index), held: index == 5));
        }

        await rig.SettleAsync((await rig.ClaimAsync(limit: 1)).Single(), RunState.Succeeded);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        var due = await rig.ClaimAsync();
        await rig.SettleAsync(due[0], RunState.Pending, settled => settled with { NotBefore = StorageRig.At(1) });
        due[1].Run.Id.ShouldBe(ids[2]);
        return (ids, job, other);
    }

    private static async Task<List<Run>> ListAsync(StorageRig rig, RunQuery query) =>
        [.. await rig.Database.Views.ListAsync(query, StorageRig.None)];
}

using Pontual.Engine.Output;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

/// <summary>The tables that PostgreSQL keeps each day's history in.</summary>
[Collection("days of the history")]
public class HistoryDaysTests
{
    private static readonly Statement TableOf = new("SELECT tableoid::regclass::text FROM run_history WHERE id = @id");
    private static readonly Statement Tables = new(
        """
        SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname LIKE '%\_d2026____'
        AND relname < 'run_history_d20261' ORDER BY relname
        """
    );
    private static readonly Statement Drop = new("SELECT history_drop_day(@day::date, @before)");
    private static readonly Statement Look = new("SELECT count(*) FROM run_history");

    [Fact]
    public async Task A_run_lies_in_the_table_of_the_day_it_was_due_on_and_a_day_without_one_in_the_default_table()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        var first = await KeepAsync(rig, rig.Now.AddDays(-30));
        var today = await EndedAsync(rig, rig.Now);
        var tomorrow = await EndedAsync(rig, rig.Now.AddDays(1));
        var lastYear = await EndedAsync(rig, rig.Now.AddYears(-1));

        var again = await KeepAsync(rig, rig.Now.AddDays(-30));

        first.ShouldBe((0, true));
        again.ShouldBe((0, true));
        (await TableAsync(rig, today)).ShouldBe("run_history_d20260309");
        (await TableAsync(rig, tomorrow)).ShouldBe("run_history_d20260310");
        (await TableAsync(rig, lastYear)).ShouldBe("run_history_default");
        (await rig.Database.Views.ListAsync(new RunQuery(), StorageRig.None)).Select(run => run.Id).ShouldBe([tomorrow, today, lastYear]);
        (await TablesAsync(rig)).Count(name => name.StartsWith("run_history_d", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task A_day_goes_as_a_table_and_what_ended_late_or_has_not_ended_keeps_all_it_has()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        var ids = new List<Guid>();
        for (var day = 0; day < 6; day++)
        {
            await KeepAsync(rig, rig.Now.AddDays(-30));
            ids.Add(await EndedAsync(rig, rig.Now, failsFirst: true));
            rig.Time.Advance(TimeSpan.FromDays(1));
        }

        var late = await EndedAsync(rig, StorageRig.Start, failsFirst: true);
        var open = await EndedAsync(rig, StorageRig.Start, failsFirst: true, ends: false);

        var kept = await KeepAsync(rig, StorageRig.Start.AddDays(4));

        kept.IsDone.ShouldBeTrue();
        foreach (var gone in ids.Take(3))
        {
            (await rig.Database.Views.FindAsync(gone, StorageRig.None)).ShouldBeNull();
            (await rig.Database.Output.ReadAsync(gone, 0, 10, StorageRig.None)).ShouldBeEmpty();
        }

        foreach (var (there, attempts) in new[] { (ids[3], 2), (late, 2), (open, 1) })
        {
            (await rig.Database.Views.FindAsync(there, StorageRig.None))!.Attempts.Count.ShouldBe(attempts);
            (await rig.Database.Output.ReadAsync(there, 0, 10, StorageRig.None)).Count.ShouldBe(1);
        }

        (await TableAsync(rig, late)).ShouldBe("run_history_default");
        (await rig.Database.Views.ListAsync(new RunQuery(), StorageRig.None))
            .Select(run => run.Id)
            .ShouldBe([ids[5], ids[4], ids[3], .. new[] { late, open }.OrderDescending()]);
        (await TablesAsync(rig)).ShouldNotContain("attempt_d20260311");
        (await TablesAsync(rig)).ShouldContain("attempt_d20260312");
        (await rig.Database.Runs.PruneAsync(rig.Now.AddDays(1), 10, StorageRig.None)).ShouldBe(1);
    }

    [Fact]
    public async Task A_day_that_somebody_reads_is_left_for_the_next_time()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        await KeepAsync(rig, rig.Now.AddDays(-30));
        var old = await EndedAsync(rig, rig.Now);
        var before = rig.Now.AddDays(3);

        var held = await rig.Database.Database.WriteAsync(
            async session =>
            {
                await session.QueryAsync(Look, row => row.Int64(0));
                return await KeepAsync(rig, before);
            },
            StorageRig.None
        );
        var wasKept = await rig.Database.Views.FindAsync(old, StorageRig.None) is not null;
        var free = await KeepAsync(rig, before);

        held.IsDone.ShouldBeFalse();
        wasKept.ShouldBeTrue();
        free.IsDone.ShouldBeTrue();
        (await rig.Database.Views.FindAsync(old, StorageRig.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_run_that_was_cancelled_before_its_day_does_not_keep_its_day_from_being_made()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        await KeepAsync(rig, rig.Now.AddDays(-30));
        var job = await rig.PutAsync(StorageRig.Define("next-week"));
        var early = await rig.EnqueueAsync(job, rig.Now.AddDays(7));
        await rig.Database.Runs.RequestCancelAsync(early, RunReason.Requested, null, rig.Now, StorageRig.None);
        var before = await TableAsync(rig, early);

        rig.Time.Advance(TimeSpan.FromDays(5));
        await KeepAsync(rig, rig.Now.AddDays(-30));

        before.ShouldBe("run_history_default");
        (await TableAsync(rig, early)).ShouldBe("run_history_d20260316");
        (await rig.ViewAsync(early)).State.ShouldBe(RunState.Cancelled);
    }

    [Theory]
    [InlineData(3, "too young to be dropped")]
    [InlineData(9, "still a part of the history")]
    public async Task A_day_that_must_not_go_is_not_dropped_whoever_asks(int daysLater, string why)
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        await KeepAsync(rig, rig.Now.AddDays(-30));
        var run = await EndedAsync(rig, rig.Now);
        (string, Value)[] asked = [("day", "2026-03-09"), ("before", rig.Now.AddDays(daysLater - 2))];

        var refused = await Should.ThrowAsync<DatabaseException>(() =>
            rig.Database.Database.WriteAsync(session => session.QueryAsync(Drop, row => row.Int64(0), asked), StorageRig.None)
        );

        refused.Message.ShouldContain(why);
        (await rig.ViewAsync(run)).State.ShouldBe(RunState.Succeeded);
    }

    private static Task<(long Runs, bool IsDone)> KeepAsync(StorageRig rig, DateTimeOffset before) =>
        rig.Database.Runs.KeepDaysAsync(rig.Now, before, StorageRig.None);

    private static async Task<Guid> EndedAsync(StorageRig rig, DateTimeOffset due, bool failsFirst = false, bool ends = true)
    {
        var job = await rig.PutAsync(StorageRig.Define($"job-{Guid.CreateVersion7(due):n}", Overlap.Allow));
        var id = rig.NewId(due);
        var request = new EnqueueRequest(id, job.Id, RunTrigger.Manual, due, rig.Now);
        await rig.Database.Runs.EnqueueAsync([request], (_, _) => new EnqueueDecision(true, false, null, []), rig.Now, StorageRig.None);
        if (failsFirst)
        {
            await rig.Database.Output.AppendAsync([new OutputPiece(id, 1, rig.Now, new byte[] { 1 })], StorageRig.None);
            var failed = (await rig.ClaimAsync()).Single(leased => leased.Run.Id == id);
            await rig.SettleAsync(failed, RunState.Pending, settled => settled with { NotBefore = rig.Now });
        }

        if (ends)
        {
            await rig.SettleAsync((await rig.ClaimAsync()).Single(leased => leased.Run.Id == id), RunState.Succeeded);
        }

        return id;
    }

    private static async Task<string> TableAsync(StorageRig rig, Guid id) =>
        (await rig.Database.Database.ReadAsync(session => session.QueryAsync(TableOf, row => row.Text(0), ("id", id)), StorageRig.None))[0];

    private static async Task<List<string>> TablesAsync(StorageRig rig) =>
        await rig.Database.Database.ReadAsync(session => session.QueryAsync(Tables, row => row.Text(0)), StorageRig.None);
}

using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Clocks;
using Pontual.Engine.Nodes;
using Pontual.Storage.Database;
using Pontual.Storage.Migrations;
using Pontual.Storage.Nodes;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Migrations;

public class MigratorTests
{
    private static readonly Statement Newer = new(
        "INSERT INTO schema_migration (version, name, checksum, applied_at) SELECT 999, 'from the future', 'x', applied_at FROM schema_migration WHERE version = 1"
    );

    private static readonly Statement Edited = new("UPDATE schema_migration SET checksum = 'edited'");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_fresh_database_takes_all_steps_once(Dialect dialect)
    {
        await using var database = await TestDatabase.CreateAsync(dialect, migrated: false);
        var migrator = MigratorOf(database);

        var pending = await migrator.PendingAsync(StorageRig.None);
        var taken = await migrator.MigrateAsync(StorageRig.None);
        var again = await migrator.MigrateAsync(StorageRig.None);

        pending.Select(step => (step.Version, step.Name)).Take(2).ShouldBe([(1, "first"), (2, "schedules")]);
        pending.Select(step => step.Version).ShouldBe(Enumerable.Range(1, Migration.All(dialect).Count));
        pending.ShouldAllBe(step => step.Script.StartsWith("-- additive") || step.Script.StartsWith("-- breaking"));
        taken.ShouldBe(pending);
        again.ShouldBeEmpty();
        (await migrator.PendingAsync(StorageRig.None)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Nodes_that_start_together_take_each_step_once(Dialect dialect)
    {
        await using var first =
            dialect is Dialect.Sqlite
                ? await TestDatabase.OnDiskAsync(migrated: false)
                : await TestDatabase.CreateAsync(dialect, migrated: false);
        await using var second = first.Another();
        await using var third = first.Another();

        var starts = new[] { first, second, third }.Select(database => Task.Run(() => MigratorOf(database).MigrateAsync(StorageRig.None)));
        var taken = await Task.WhenAll(starts);

        taken.SelectMany(steps => steps).Select(step => step.Version).Order().ShouldBe(Enumerable.Range(1, Migration.All(dialect).Count));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_newer_database_is_refused_with_the_way_out(Dialect dialect)
    {
        await using var database = await TestDatabase.CreateAsync(dialect);
        await database.Database.WriteAsync(session => session.ExecuteAsync(Newer), StorageRig.None);

        var refused = await Should.ThrowAsync<DatabaseException>(() => MigratorOf(database).MigrateAsync(StorageRig.None));

        refused.Fault.ShouldBe(DatabaseFault.Schema);
        refused.Message.ShouldContain($"schema version 999 (from the future), this program knows up to {Migration.All(dialect).Count}");
        refused.Message.ShouldContain("Install the version of Pontual that wrote it, or a newer one");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_step_that_was_edited_after_it_was_taken_is_found(Dialect dialect)
    {
        await using var database = await TestDatabase.CreateAsync(dialect);
        await database.Database.WriteAsync(session => session.ExecuteAsync(Edited), StorageRig.None);

        var refused = await Should.ThrowAsync<DatabaseException>(() => MigratorOf(database).PendingAsync(StorageRig.None));

        refused.Message.ShouldContain("took migration 1 (first) in another wording");
    }

    [Fact]
    public async Task A_step_that_breaks_old_programs_waits_until_none_of_them_holds_a_lease()
    {
        var time = new ManualTime(StorageRig.Start);
        await using var database = await TestDatabase.CreateAsync(Dialect.PostgreSql, time);
        await EnterAsync(database, "old-1", time.GetUtcNow().AddSeconds(10));
        await EnterAsync(database, "gone", time.GetUtcNow().AddSeconds(10));
        await database.Nodes.LeaveAsync("gone", time.GetUtcNow(), default, StorageRig.None);
        var migrator = MigratorOf(database, time, [Next(1, "-- additive"), Next(2, "-- breaking")]);

        var refused = await Should.ThrowAsync<DatabaseException>(() => migrator.MigrateAsync(StorageRig.None));
        var pending = await migrator.PendingAsync(StorageRig.None);
        time.Advance(TimeSpan.FromSeconds(11));
        var taken = await migrator.MigrateAsync(StorageRig.None);

        refused.Fault.ShouldBe(DatabaseFault.Schema);
        refused.Message.ShouldContain(
            "which breaks nodes of older versions, and some still hold leases: old-1 (version 0.9, lease until 12:00:10 UTC). "
        );
        refused.Message.ShouldContain("Stop them");
        pending.Count.ShouldBe(2, "Not even the step before it is taken.");
        taken.ShouldBe(pending);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_step_that_only_adds_is_taken_beside_others_and_any_step_on_SQLite(Dialect dialect)
    {
        var time = new ManualTime(StorageRig.Start);
        await using var database = await TestDatabase.CreateAsync(dialect, time);
        await EnterAsync(database, "old-1", time.GetUtcNow().AddSeconds(10));

        var step = Next(1, dialect is Dialect.Sqlite ? "-- breaking" : "-- additive", dialect);
        var taken = await MigratorOf(database, time, [step]).MigrateAsync(StorageRig.None);

        taken.ShouldBe([step]);
    }

    private static Migration Next(int step, string kind, Dialect dialect = Dialect.PostgreSql) =>
        new(Migration.All(dialect).Count + step, $"next_{step}", $"{kind}\nCREATE TABLE next_{step} (one integer)");

    private static Task EnterAsync(TestDatabase database, string node, DateTimeOffset until) =>
        database.Nodes.RegisterAsync(
            new NodeRecord(node, "host", 1, "mark", "0.9", ["worker"], StorageRig.Start, until),
            isFirstStay: true,
            StorageRig.Start,
            StorageRig.None
        );

    private static Migrator MigratorOf(TestDatabase database) => MigratorOf(database, TimeProvider.System, []);

    private static Migrator MigratorOf(TestDatabase database, TimeProvider time, Migration[] further)
    {
        var options = database.Options;
        var pace = new PaceStore(database.Database, options, new ScheduleClock(time), time, NullLogger<PaceStore>.Instance);
        return new(database.Database, pace, time, NullLogger<Migrator>.Instance, [.. Migration.All(database.Database.Dialect), .. further]);
    }
}

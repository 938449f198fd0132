using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Database;

public class SqliteFileTests
{
    private static readonly Statement MakeTable = new("CREATE TABLE thing (id INTEGER PRIMARY KEY, data TEXT)");
    private static readonly Statement Insert = new("INSERT INTO thing (id, data) VALUES (@id, @data)");
    private static readonly Statement Ids = new("SELECT id FROM thing ORDER BY id");
    private static readonly Statement Check = new("PRAGMA integrity_check");

    [Fact]
    public async Task A_write_that_fails_does_not_harm_the_others_of_its_group()
    {
        await using var database = await WithTableAsync();
        using var gate = new ManualResetEventSlim();
        var first = WriteAsync(database, 1, before: gate.Wait);

        var good = WriteAsync(database, 2);
        var duplicate = WriteAsync(database, 2);
        var throws = WriteAsync(database, 3, before: () => throw new InvalidDataException("mine"));
        using var gone = new CancellationTokenSource();
        var cancelled = database.Database.WriteAsync(session => session.ExecuteAsync(Insert, ("id", 4), ("data", "")), gone.Token);
        await gone.CancelAsync();
        var last = WriteAsync(database, 5);
        gate.Set();

        await Task.WhenAll(first, good, last);
        (await duplicate.ShouldThrowAsync<DatabaseException>()).Fault.ShouldBe(DatabaseFault.Constraint);
        await throws.ShouldThrowAsync<InvalidDataException>();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        (await IdsAsync(database)).ShouldBe([1, 2, 5]);
    }

    [Fact]
    public async Task A_body_that_awaits_something_else_is_refused()
    {
        await using var database = await WithTableAsync();
        var never = new TaskCompletionSource();

        var waits = () =>
            database.Database.WriteAsync(
                async session =>
                {
                    await never.Task;
                    return await session.ExecuteAsync(Insert, ("id", 1), ("data", ""));
                },
                StorageRig.None
            );

        (await waits.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("awaited something else than its session");
    }

    [Fact]
    public async Task Several_processes_on_one_file_lose_nothing()
    {
        await using var first = await WithTableAsync();
        await using var second = first.Another();
        await using var third = first.Another();
        TestDatabase[] all = [first, second, third];

        var writes = Enumerable.Range(0, 300).Select(id => WriteAsync(all[id % 3], id, new string('x', 5_000)));
        await Task.WhenAll(writes);

        (await IdsAsync(second)).ShouldBe(Enumerable.Range(0, 300).Select(id => (long)id));
        (await third.Database.ReadAsync(session => session.QueryAsync(Check, row => row.Text(0)), StorageRig.None)).ShouldBe(["ok"]);
    }

    [Fact]
    public async Task A_full_disk_is_said_clearly_and_leaves_no_half_write()
    {
        await using var database = await WithTableAsync();
        await WriteAsync(database, 1);
        await PragmaAsync(database, "PRAGMA max_page_count = 60");

        var full = await Should.ThrowAsync<DatabaseException>(() =>
            database.Database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync(Insert, ("id", 2), ("data", "small"));
                    return await session.ExecuteAsync(Insert, ("id", 3), ("data", new string('x', 1_000_000)));
                },
                StorageRig.None
            )
        );
        await PragmaAsync(database, "PRAGMA max_page_count = 1000000");
        await WriteAsync(database, 4);

        full.Fault.ShouldBe(DatabaseFault.Full);
        full.Message.ShouldContain(database.Options.SqlitePath!);
        full.Message.ShouldContain("the disk is full. Nothing of this write was kept");
        (await IdsAsync(database)).ShouldBe([1, 4]);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_said_clearly()
    {
        var folder = Directory.CreateTempSubdirectory("pontual-");
        var path = Path.Combine(folder.FullName, "notes.db");
        await File.WriteAllTextAsync(path, new string('n', 4096));

        var refused = await Should.ThrowAsync<DatabaseException>(() => TestDatabase.OpenAsync(new StorageOptions { SqlitePath = path }));

        refused.Fault.ShouldBe(DatabaseFault.Corrupt);
        refused.Message.ShouldStartWith($"Database {path}: the file is not a SQLite database");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_place_that_cannot_be_opened_is_said_clearly()
    {
        var folder = Directory.CreateTempSubdirectory("pontual-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "taken.db"));

        foreach (var path in new[] { Path.Combine(folder.FullName, "taken.db"), "/dev/null/below/a/file.db" })
        {
            var refused = await Should.ThrowAsync<DatabaseException>(() =>
                TestDatabase.OpenAsync(new StorageOptions { SqlitePath = path })
            );
            refused.Fault.ShouldBe(DatabaseFault.Permission);
            refused.Message.ShouldStartWith($"Database {path}: it cannot be opened");
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_damaged_file_is_said_clearly()
    {
        var folder = Directory.CreateTempSubdirectory("pontual-");
        var options = new StorageOptions { SqlitePath = Path.Combine(folder.FullName, "pontual.db") };
        await using (await TestDatabase.OpenAsync(options)) { }
        using (var file = File.OpenHandle(options.SqlitePath, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, new byte[RandomAccess.GetLength(file) - 200], 200);
        }

        var refused = await Should.ThrowAsync<DatabaseException>(() => TestDatabase.OpenAsync(options));

        refused.Fault.ShouldBe(DatabaseFault.Corrupt);
        refused.Message.ShouldContain("the file is damaged");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Closing_writes_what_is_queued_and_empties_the_wal()
    {
        var folder = Directory.CreateTempSubdirectory("pontual-");
        var options = new StorageOptions { SqlitePath = Path.Combine(folder.FullName, "sub", "pontual.db") };
        var database = await TestDatabase.OpenAsync(options);
        await database.Database.WriteAsync(session => session.ExecuteAsync(MakeTable), StorageRig.None);
        var writes = Enumerable.Range(0, 50).Select(id => WriteAsync(database, id)).ToList();

        await database.DisposeAsync();
        await Task.WhenAll(writes);

        File.Exists(options.SqlitePath + "-wal").ShouldBeFalse();
        await using var again = await TestDatabase.OpenAsync(options);
        (await IdsAsync(again)).Count.ShouldBe(50);
        again.Database.EngineVersion.ShouldMatch(@"^SQLite 3\.\d+\.\d+ \((system|bundled)\)$");
        await again.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static async Task<TestDatabase> WithTableAsync()
    {
        var database = await TestDatabase.OnDiskAsync();
        await database.Database.WriteAsync(session => session.ExecuteAsync(MakeTable), StorageRig.None);
        return database;
    }

    private static Task<int> WriteAsync(TestDatabase database, long id, string data = "", Action? before = null) =>
        database.Database.WriteAsync(
            session =>
            {
                before?.Invoke();
                return session.ExecuteAsync(Insert, ("id", id), ("data", data));
            },
            StorageRig.None
        );

    private static Task<List<long>> IdsAsync(TestDatabase database) =>
        database.Database.ReadAsync(session => session.QueryAsync(Ids, row => row.Int64(0)), StorageRig.None);

    private static Task PragmaAsync(TestDatabase database, string pragma) =>
        database.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteScriptAsync(pragma);
                return 0;
            },
            StorageRig.None
        );
}

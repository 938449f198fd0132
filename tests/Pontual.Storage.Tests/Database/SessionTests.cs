using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Database;

public class SessionTests
{
    private static readonly Statement MakeTable = new(
        postgreSql: "CREATE TABLE thing (id bigint PRIMARY KEY, name text, at timestamptz, ref uuid, data bytea)",
        sqlite: "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, at INTEGER, ref BLOB, data BLOB)"
    );

    private static readonly RowSet<Thing> Things = new(
        ("id", ValueKind.Number, thing => thing.Id),
        ("name", ValueKind.Text, thing => thing.Name),
        ("made", ValueKind.Instant, thing => thing.At),
        ("ref", ValueKind.Id, thing => thing.Ref),
        ("data", ValueKind.Bytes, thing => thing.Data)
    );

    private static readonly Statement Insert = new(
        "WITH {rows} INSERT INTO thing (id, name, at, ref, data) SELECT id, name, made, ref, data FROM rows"
    );

    private static readonly Statement All = new("SELECT id, name, at, ref, data FROM thing ORDER BY id");
    private static readonly Statement ByRef = new("SELECT id, name, at, ref, data FROM thing ORDER BY ref");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Any_number_of_rows_goes_in_and_comes_out_as_it_was(Dialect dialect)
    {
        await using var database = await WithTableAsync(dialect);
        List<Thing> things =
        [
            new(0, null, null, null, null),
            new(-1, "", DateTimeOffset.UnixEpoch, Guid.Empty, []),
            new(long.MaxValue, "ção 🚀 \n'", new DateTimeOffset(1969, 12, 31, 23, 59, 59, 999, TimeSpan.Zero), Guid.AllBitsSet, [0, 255]),
        ];
        things.AddRange(Enumerable.Range(10, 137).Select(id => new Thing(id, $"n{id}", StorageRig.At(id), null, [1])));

        var changed = await WriteAsync(database, session => session.ExecuteAsync(Insert, Things, things));
        var none = await WriteAsync(database, session => session.ExecuteAsync(Insert, Things, []));

        (changed, none).ShouldBe((140, 0));
        var found = await ReadAsync(database, All);
        found
            .Select(thing => thing with { Data = null })
            .ShouldBe(things.OrderBy(thing => thing.Id).Select(thing => thing with { Data = null }));
        found.Select(thing => thing.Data).ShouldBe(things.OrderBy(thing => thing.Id).Select(thing => thing.Data));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Instants_are_cut_to_the_microsecond_and_ids_sort_as_their_text(Dialect dialect)
    {
        await using var database = await WithTableAsync(dialect);
        var low = Guid.Parse("00000001-ffff-7000-8000-000000000000");
        var high = Guid.Parse("01000000-0000-7000-8000-000000000000");
        Thing[] things =
        [
            new(1, null, StorageRig.Start.AddTicks(19), high, null),
            new(2, null, DateTimeOffset.UnixEpoch.AddTicks(-1), low, null),
        ];

        await WriteAsync(database, session => session.ExecuteAsync(Insert, Things, things));

        (await ReadAsync(database, ByRef))
            .Select(thing => (thing.Ref, thing.At))
            .ShouldBe([(low, DateTimeOffset.UnixEpoch.AddTicks(-10)), (high, StorageRig.Start.AddTicks(10))]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_part_that_fails_is_undone_alone(Dialect dialect)
    {
        await using var database = await WithTableAsync(dialect);
        static Thing[] Ids(params long[] ids) => [.. ids.Select(id => new Thing(id, null, null, null, null))];

        var fault = await WriteAsync(
            database,
            async session =>
            {
                await session.ExecuteAsync(Insert, Things, Ids(1));
                try
                {
                    await session.PartAsync(async () =>
                    {
                        await session.ExecuteAsync(Insert, Things, Ids(2));
                        return await session.ExecuteAsync(Insert, Things, Ids(3, 1));
                    });
                    return (DatabaseFault?)null;
                }
                catch (DatabaseException exception)
                {
                    await session.PartAsync(() => session.ExecuteAsync(Insert, Things, Ids(4)));
                    return exception.Fault;
                }
            }
        );

        fault.ShouldBe(DatabaseFault.Constraint);
        (await ReadAsync(database, All)).Select(thing => thing.Id).ShouldBe([1, 4]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_body_that_throws_leaves_nothing_and_its_exception_reaches_the_caller(Dialect dialect)
    {
        await using var database = await WithTableAsync(dialect);

        var broken = () =>
            WriteAsync<int>(
                database,
                async session =>
                {
                    await session.ExecuteAsync(Insert, Things, [new Thing(1, null, null, null, null)]);
                    throw new InvalidDataException("mine");
                }
            );

        (await broken.ShouldThrowAsync<InvalidDataException>()).Message.ShouldBe("mine");
        (await ReadAsync(database, All)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Transactions_that_were_overtaken_run_again(Dialect dialect)
    {
        await using var database = await WithTableAsync(dialect);
        var tries = 0;

        var result = await WriteAsync(
            database,
            async session =>
            {
                await session.ExecuteAsync(Insert, Things, [new Thing(1, null, null, null, null)]);
                return ++tries < 3 && dialect is Dialect.PostgreSql ? throw new TransactionAgainException("again") : tries;
            }
        );

        result.ShouldBe(dialect is Dialect.PostgreSql ? 3 : 1);
        (await ReadAsync(database, All)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_without_its_password()
    {
        var options = new StorageOptions { PostgreSql = "Host=127.0.0.1;Port=1;Username=u;Password=hidden;Database=d" };

        var refused = await Should.ThrowAsync<DatabaseException>(() => TestDatabase.OpenAsync(options));

        refused.Fault.ShouldBe(DatabaseFault.Unavailable);
        refused.Message.ShouldStartWith("Database 127.0.0.1:1/d: it cannot be reached");
        refused.Message.ShouldNotContain("hidden");
    }

    private static async Task<TestDatabase> WithTableAsync(Dialect dialect)
    {
        var database = await TestDatabase.CreateAsync(dialect);
        await WriteAsync(database, session => session.ExecuteAsync(MakeTable));
        return database;
    }

    private static Task<T> WriteAsync<T>(TestDatabase database, Func<DatabaseSession, ValueTask<T>> body) =>
        database.Database.WriteAsync(body, StorageRig.None);

    private static Task<List<Thing>> ReadAsync(TestDatabase database, Statement statement) =>
        database.Database.ReadAsync(session => session.QueryAsync(statement, Read, []), StorageRig.None);

    private static Thing Read(Row row) =>
        new(row.Int64(0), row.TextOrNull(1), row.InstantOrNull(2), row.IdOrNull(3), row.IsNull(4) ? null : row.Bytes(4));

    private sealed record Thing(long Id, string? Name, DateTimeOffset? At, Guid? Ref, byte[]? Data);
}

using System.Diagnostics;
using Npgsql;
using Pontual.Storage.Database;
using Pontual.Storage.Database.PostgreSql;
using Pontual.TestKit;
using Pontual.TestKit.Faults;

namespace Pontual.Storage.Tests.Database;

/// <summary>The connection to a PostgreSQL that comes and goes, as callers see it.</summary>
public sealed class ConnectionTests : IAsyncDisposable
{
    private static readonly Statement One = new("SELECT 1");
    private static readonly Statement Sleep = new("SELECT 1 FROM pg_sleep(30)");
    private static readonly Statement Limits = new(
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')"
    );
    private static readonly Statement KillOthers = new(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE @name AND pid <> pg_backend_pid()"
    );

    private readonly string _name = $"connections {Environment.TickCount64}";
    private readonly FaultProxy _proxy = FaultProxy.InFrontOf(TestDatabase.Server);
    private TestDatabase? _database;

    [Fact]
    public async Task Every_statement_has_a_limit_on_the_server_and_says_so_when_it_is_over()
    {
        await OpenAsync("Command Timeout=1");

        var limits = await Database.ReadAsync(
            session => session.QueryAsync(Limits, row => (row.Text(0), row.Text(1), row.Text(2))),
            default
        );
        var begun = Stopwatch.GetTimestamp();
        var slow = await Should.ThrowAsync<DatabaseException>(() => ReadAsync(Sleep));

        limits.ShouldBe([("1s", "12s", "3s")]);
        slow.Fault.ShouldBe(DatabaseFault.Busy);
        slow.Message.ShouldContain("'Command Timeout'");
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Only_the_session_that_is_meant_is_ended_not_a_later_one_with_its_process_id()
    {
        await using var source = NpgsqlDataSource.Create(TestDatabase.Server);
        await using var other = await source.OpenConnectionAsync();
        await using var connection = await source.OpenConnectionAsync();
        var session = await ConnectionStore.SessionAsync(other);

        var before = await ConnectionStore.EndAsync(connection, [session with { Start = session.Start.AddSeconds(-1) }], default);
        var still = await ConnectionStore.SessionAsync(other);
        var meant = await ConnectionStore.EndAsync(connection, [session], default);

        before.ShouldBe(0);
        still.ShouldBe(session);
        meant.ShouldBe(1);
        await Should.ThrowAsync<NpgsqlException>(() => ConnectionStore.SessionAsync(other));
    }

    [Fact]
    public async Task What_may_take_long_has_no_limit()
    {
        await OpenAsync("Command Timeout=1");
        var unhurried = new Statement("SELECT 1 FROM pg_sleep(1.5)") { MayTakeLong = true };

        var found = await Database.WriteAsync(session => session.QueryAsync(unhurried, row => row.Int64(0)), default);

        found.ShouldBe([1]);
    }

    [Fact]
    public async Task Silence_hangs_nobody_and_a_renewal_gives_up_well_within_its_lease()
    {
        await OpenAsync("Command Timeout=1;Timeout=2");
        await ReadAsync(One);
        await WriteAsync(One, urgent: true);

        _proxy.BlackHole();
        var begun = Stopwatch.GetTimestamp();
        var renewal = Should.ThrowAsync<DatabaseException>(() => WriteAsync(One, urgent: true));
        var read = Should.ThrowAsync<DatabaseException>(() => ReadAsync(One));
        (await renewal).Fault.ShouldBe(DatabaseFault.Unavailable);
        Stopwatch.GetElapsedTime(begun).ShouldBeInRange(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3));
        (await read).Fault.ShouldBe(DatabaseFault.Unavailable);
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(12));
        _proxy.Heal();

        (await ReadAsync(One)).ShouldBe([1]);
        (await WriteAsync(One, urgent: true)).ShouldBe([1]);
    }

    [Fact]
    public async Task Broken_and_ended_connections_are_replaced_without_a_word_to_the_caller()
    {
        await OpenAsync();
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WriteAsync(One)));
            _proxy.Reset().ShouldBeGreaterThan(0);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WriteAsync(One)));
            await using var killer = await TestDatabase.OpenAsync(new() { PostgreSql = TestDatabase.Server }, migrated: false);
            await killer.Database.ReadAsync(session => session.QueryAsync(KillOthers, row => row.Int64(0), ("name", $"{_name}%")), default);
        }

        (await ReadAsync(One)).ShouldBe([1]);
        (await WriteAsync(One, urgent: true)).ShouldBe([1]);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_is_waited_for_and_for_longer_is_an_error()
    {
        await OpenAsync();
        _proxy.Refuse();
        var waits = WriteAsync(One);
        await Poll.UntilAsync(() => _proxy.Accepted > 3, TimeSpan.FromSeconds(5));
        _proxy.Heal();
        (await waits).ShouldBe([1]);

        _proxy.Refuse();
        var begun = Stopwatch.GetTimestamp();
        var refused = await Should.ThrowAsync<DatabaseException>(() => WriteAsync(One));
        refused.Fault.ShouldBe(DatabaseFault.Unavailable);
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        _proxy.Heal();

        (await WriteAsync(One)).ShouldBe([1]);
    }

    [Fact]
    public async Task A_full_pool_is_an_error_within_seconds_that_leases_do_not_feel_and_it_recovers()
    {
        await OpenAsync("Maximum Pool Size=2;Timeout=1");
        var hold = new TaskCompletionSource();
        var holders = Enumerable.Range(0, 2).Select(_ => HoldAsync()).ToList();
        await Poll.UntilAsync(() => Database.Pool!.Busy == 2, TimeSpan.FromSeconds(5));

        var third = ReadAsync(One);
        await Poll.UntilAsync(() => Database.Pool == new PoolStatus(2, 2, 1), TimeSpan.FromSeconds(5));
        (await WriteAsync(One, urgent: true)).ShouldBe([1]);
        var full = await Should.ThrowAsync<DatabaseException>(() => third);
        hold.SetResult();
        await Task.WhenAll(holders);

        full.Fault.ShouldBe(DatabaseFault.Busy);
        full.Message.ShouldContain("all 2 connections");
        (await ReadAsync(One)).ShouldBe([1]);
        Database.Pool.ShouldBe(new PoolStatus(2, 0, 0));

        Task<int> HoldAsync() =>
            Database.WriteAsync(
                async session =>
                {
                    await session.QueryAsync(One, row => row.Int64(0));
                    await hold.Task;
                    return 0;
                },
                default
            );
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        await _proxy.DisposeAsync();
    }

    private PontualDatabase Database => _database!.Database;

    private async Task OpenAsync(string more = "")
    {
        var connection = $"{_proxy.ConnectionString};Application Name={_name};{more}";
        _database = await TestDatabase.OpenAsync(new() { PostgreSql = connection }, migrated: false);
        await ReadAsync(One);
    }

    private Task<List<long>> ReadAsync(Statement statement) =>
        Database.ReadAsync(session => session.QueryAsync(statement, row => row.Int64(0)), default);

    private Task<List<long>> WriteAsync(Statement statement, bool urgent = false) =>
        Database.WriteAsync(session => session.QueryAsync(statement, row => row.Int64(0)), default, urgent);
}

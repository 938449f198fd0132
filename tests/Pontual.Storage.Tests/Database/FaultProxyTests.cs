using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using Pontual.TestKit;
using Pontual.TestKit.Faults;

namespace Pontual.Storage.Tests.Database;

/// <summary>The tests' own tool, tested: its faults are what they say.</summary>
public sealed class FaultProxyTests : IAsyncDisposable
{
    private readonly FaultProxy _proxy = FaultProxy.InFrontOf(TestDatabase.Server);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_commit_breaks_its_connection_and_happened_or_did_not(bool happens)
    {
        await using var direct = await OpenAsync(TestDatabase.Server);
        var table = "cut_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        await ExecuteAsync(direct, $"CREATE TABLE {table} (id int)");
        await using var connection = await OpenAsync(_proxy.ConnectionString);
        var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"INSERT INTO {table} VALUES (1)");

        var cut = _proxy.CutNextCommit(happens);
        await Should.ThrowAsync<NpgsqlException>(() => transaction.CommitAsync());

        await cut.WaitAsync(TimeSpan.FromSeconds(5));
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {table}", direct);
        ((long)(await count.ExecuteScalarAsync())!).ShouldBe(happens ? 1 : 0);
        await ExecuteAsync(direct, $"DROP TABLE {table}");
    }

    [Fact]
    public async Task Connections_are_reset_refused_and_taken_again()
    {
        await using var connection = await OpenAsync(_proxy.ConnectionString);

        _proxy.Reset().ShouldBe(1);
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(connection, "SELECT 1"));
        _proxy.Refuse();
        await Should.ThrowAsync<NpgsqlException>(() => OpenAsync(_proxy.ConnectionString));
        _proxy.Heal();

        await using var again = await OpenAsync(_proxy.ConnectionString);
        await ExecuteAsync(again, "SELECT 1");
    }

    [Fact]
    public async Task A_black_hole_is_silent_until_it_heals_and_latency_counts_both_ways()
    {
        await using var connection = await OpenAsync(_proxy.ConnectionString);

        _proxy.BlackHole();
        var silent = ExecuteAsync(connection, "SELECT 1");
        await Should.ThrowAsync<TimeoutException>(() => silent.WaitAsync(TimeSpan.FromMilliseconds(200)));
        _proxy.Heal();
        await silent;
        _proxy.Latency = TimeSpan.FromMilliseconds(50);
        var begun = Stopwatch.GetTimestamp();
        await ExecuteAsync(connection, "SELECT 1");

        Stopwatch.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(100));
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }
}

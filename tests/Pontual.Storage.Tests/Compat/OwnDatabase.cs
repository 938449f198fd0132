using Npgsql;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Compat;

/// <summary>A database of a test's own, where Pontual's tables have their usual schema and names of other schemas are free.</summary>
internal sealed class OwnDatabase : IAsyncDisposable
{
    private readonly string _name = "own_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));

    public string Connection =>
        new NpgsqlConnectionStringBuilder(TestDatabase.Server)
        {
            Database = _name,
            SearchPath = null,
            Pooling = false,
        }.ConnectionString;

    public static async Task<OwnDatabase> CreateAsync()
    {
        var made = new OwnDatabase();
        await RunAsync(TestDatabase.Server, $"CREATE DATABASE {made._name}");
        return made;
    }

    public Task DoAsync(string sql) => RunAsync(Connection, sql);

    public async ValueTask DisposeAsync() => await RunAsync(TestDatabase.Server, $"DROP DATABASE {_name} WITH (FORCE)");

    private static async Task RunAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Pontual.Storage;
using Pontual.Storage.Database;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>The database file of a data folder, looked at when no server runs on it.</summary>
internal static class SqliteFile
{
    /// <returns>"ok", or what is wrong.</returns>
    public static async Task<string> IntegrityAsync(string folder)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddPontualStorage(new StorageOptions { SqlitePath = Path.Combine(folder, "pontual.db") })
            .BuildServiceProvider();
        var database = services.GetRequiredService<PontualDatabase>();
        var check = new Statement("PRAGMA integrity_check");
        var said = await database.ReadAsync(session => session.QueryAsync(check, row => row.Text(0)), CancellationToken.None);
        return string.Join('\n', said);
    }
}

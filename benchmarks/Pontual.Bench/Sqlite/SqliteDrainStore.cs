using Microsoft.Data.Sqlite;

namespace Pontual.Bench.Sqlite;

/// <summary>What is counted in an engine's file beside the engine.</summary>
internal sealed class SqliteDrainStore(string folder) : IAsyncDisposable
{
    private readonly SqliteConnection _connection = new(
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "pontual.db"), Pooling = false }.ConnectionString
    );

    /// <summary>Whether every run is in the history.</summary>
    public async Task<bool> IsDrainedAsync() => await NumberAsync("SELECT count(*) FROM (SELECT 1 FROM run LIMIT 1)") == 0;

    /// <exception cref="InvalidOperationException">A run was lost, counted twice, or not counted in its job's totals.</exception>
    public async Task CheckAsync(long runs)
    {
        var kept = await NumberAsync("SELECT count(*) FROM run_history WHERE state = 'succeeded'");
        var totals = await NumberAsync("SELECT sum(runs) FROM job_state");
        if (kept != runs || totals != runs)
        {
            throw new InvalidOperationException($"Of {runs} runs {kept} are in the history and {totals} in totals.");
        }
    }

    /// <summary>Jobs that are there.</summary>
    public Task<long> JobsAsync() => NumberAsync("SELECT count(*) FROM job WHERE removed_at IS NULL");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<long> NumberAsync(string query)
    {
        if (_connection.State is not System.Data.ConnectionState.Open)
        {
            await _connection.OpenAsync();
        }

        await using var command = _connection.CreateCommand();
        command.CommandText = query;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

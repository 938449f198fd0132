using Npgsql;

namespace Pontual.Bench.Postgres;

/// <summary>What a drain puts in its own way, and what it counts afterwards.</summary>
internal sealed class DrainStore(NpgsqlDataSource source)
{
    /// <summary>Adds runs that never move: one half runs on a node that lives and never ends them, the other half waits for tomorrow.</summary>
    public async Task AddStuckAsync(int runs)
    {
        await ExecuteAsync(
            """
            INSERT INTO pontual.node (id, host, pid, process_mark, version, roles, started_at, lease_until)
            VALUES ('stuck', 'stuck', 1, 'stuck', '0', 'worker', now(), now() + interval '1 day')
            """
        );
        await using var command = source.CreateCommand(
            """
            INSERT INTO pontual.run (id, job_id, trigger, due_at, state, queue, priority, kind, attempt, not_before, claim_at, lease_token, node, started_at, attempt_started_at)
            SELECT gen_random_uuid(), (SELECT min(id) FROM pontual.job), 'manual', now(), CASE WHEN n % 2 = 0 THEN 'running' ELSE 'pending' END, 'default', 0,
                'handler', n % 2, at, at, n % 2, CASE WHEN n % 2 = 0 THEN 'stuck' END, CASE WHEN n % 2 = 0 THEN now() END, CASE WHEN n % 2 = 0 THEN now() END
            FROM generate_series(1, @runs) AS n, LATERAL (SELECT now() - interval '1 hour' + CASE WHEN n % 2 = 0 THEN interval '0' ELSE interval '1 day' END AS at) AS place
            """
        );
        command.Parameters.AddWithValue("runs", runs);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Opens a transaction that sees the database as it is now, and so keeps every row that is there, until it is disposed.</summary>
    public async Task<NpgsqlConnection> OpenTransactionAsync()
    {
        var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pontual.run WHERE id IS NULL",
            connection
        );
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Whether every run but the stuck ones is in the history.</summary>
    public async Task<bool> IsDrainedAsync() =>
        await NumberAsync(
            """
            SELECT count(*) FROM (
                (SELECT 1 FROM pontual.run WHERE state = 'running' AND node <> 'stuck' LIMIT 1)
                UNION ALL (SELECT 1 FROM pontual.run WHERE state = 'pending' AND not_before <= now() LIMIT 1)) AS left_over
            """
        ) == 0;

    /// <exception cref="InvalidOperationException">A run was lost, counted twice, or not counted in its job's totals.</exception>
    public async Task CheckAsync(long runs, long stuck)
    {
        var kept = await NumberAsync("SELECT count(*) FROM pontual.run_history WHERE state = 'succeeded'");
        var left = await NumberAsync("SELECT count(*) FROM pontual.run");
        var totals = await NumberAsync("SELECT sum(runs)::bigint FROM pontual.job_state");
        if (kept != runs || left != stuck || totals != runs)
        {
            throw new InvalidOperationException($"Of {runs} runs {kept} are in the history and {totals} in totals; {left} are left.");
        }
    }

    private async Task<long> NumberAsync(string query)
    {
        await using var command = source.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}

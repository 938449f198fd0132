using Npgsql;

namespace Pontual.Bench.Postgres;

/// <summary>Fills the history with runs that never ran, through the real tables.</summary>
internal sealed class HistoryStore(NpgsqlDataSource source)
{
    /// <summary>Adds a day of ended runs, evenly spread over it and over all jobs; one in fifty failed.</summary>
    public async Task AddDayAsync(DateTimeOffset day, int runs)
    {
        // The function finds its tables by the search path.
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("SET search_path TO pontual", connection);
        await command.ExecuteNonQueryAsync();
        command.CommandText = """
            SELECT pontual.history_open_day(place, (@day AT TIME ZONE 'UTC')::date) FROM unnest(ARRAY['run_history', 'attempt', 'output_piece']) AS place;
            WITH known AS (SELECT array_agg(id ORDER BY id) AS ids, count(*) AS many FROM pontual.job),
            due AS (SELECT n, @day + n * interval '1 day' / @runs AS at FROM generate_series(0, @runs - 1) AS n)
            INSERT INTO pontual.run_history (id, job_id, trigger, due_at, state, queue, priority, attempt, started_at, attempt_started_at, finished_at, node)
            SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
                ids[1 + n % many], 'schedule', at, CASE WHEN n % 50 = 7 THEN 'failed' ELSE 'succeeded' END, 'default', 0, 1, at, at,
                at + interval '2 seconds', 'node-a'
            FROM due, known
            """;
        command.CommandTimeout = 1_200;
        command.Parameters.AddWithValue("day", day.UtcDateTime);
        command.Parameters.AddWithValue("runs", runs);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What autovacuum would have done long before there is so much.</summary>
    public async Task SettleDownAsync()
    {
        await using var command = source.CreateCommand("VACUUM ANALYZE pontual.run_history");
        command.CommandTimeout = 1_200;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync()
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM pontual.run_history");
        command.CommandTimeout = 600;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

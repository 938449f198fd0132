using Npgsql;
using Pontual.EndToEnd.Tests.Julia;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cron;

/// <summary>What applications say in SQL, taken by a real server.</summary>
public sealed class SqlSchedulersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Folder _folder = new();

    [Fact(
        DisplayName = "S4-01, S4-02 a job of cron.schedule with seconds runs on the server, its net.http_post is sent, and cron.job_run_details tells"
    )]
    public async Task A_scheduled_statement_sends_a_request()
    {
        await using var target = await JobsTarget.StartAsync();
        await using var postgres = await PostgresServer.CreateAsync();
        await using var server = await Served.StartAsync(_folder.Path, "--postgres", postgres.Connection);

        await DoAsync(
            postgres,
            $"SELECT cron.schedule('ping', '* * * * * *', $$ SELECT net.http_post(url := '{target.Url}/ping', headers := jsonb_build_object('X-From', 'sql'), params := '{{\"a\": \"b c\"}}') AS request_id; $$)"
        );
        var call = await Wait.ForAsync(
            "call",
            Patience,
            () => Task.FromResult(target.Calls is [var first, ..] ? first : null),
            () => server.Process.Written
        );
        await Wait.ForAsync(
            "second run in the details",
            Patience,
            () =>
                DoAsync(
                    postgres,
                    "SELECT 'there' FROM cron.job_run_details WHERE status = 'succeeded' ORDER BY start_time DESC OFFSET 1 LIMIT 1"
                )
        );

        Assert.Equal(("POST", "/ping?a=b%20c", "sql"), (call.Method, call.Path, call.Headers["X-From"]));
        await Wait.ForAsync(
            "answer",
            Patience,
            () =>
                DoAsync(
                    postgres,
                    "SELECT content::jsonb ->> 'items_processed' FROM net._http_response WHERE status_code = 200 AND NOT timed_out LIMIT 1"
                )
        );
        Assert.Equal("True", await DoAsync(postgres, "SELECT bool_and(due_at = date_trunc('second', due_at)) FROM pontual.run_history"));
        Assert.Equal("true", await DoAsync(postgres, "SELECT cron.unschedule('ping')::text"));
    }

    [Fact]
    public async Task A_run_that_is_enqueued_in_sql_runs_with_its_message()
    {
        await using var target = await JobsTarget.StartAsync();
        await using var postgres = await PostgresServer.CreateAsync();
        var pack = _folder.Write(
            "send.yaml",
            $"jobs: [{{ name: send, target: {{ http: {{ url: \"{target.Url}/send\", method: POST }} }} }}]"
        );
        await using var server = await Served.StartAsync(_folder.Path, "--postgres", postgres.Connection, "--pack", pack);

        var id = await DoAsync(
            postgres,
            "CREATE TABLE public.message (id int); BEGIN; INSERT INTO public.message VALUES (1); COMMIT; SELECT pontual.enqueue('send', '{\"message\": 1}')::text"
        );

        var call = await Wait.ForAsync(
            "call",
            Patience,
            () => Task.FromResult(target.Calls is [var first, ..] ? first : null),
            () => server.Process.Written
        );
        Assert.Equal(id, call.RunId);
    }

    [Fact(DisplayName = "S4-02 where pg_cron is installed its schema is left alone, and the server says so")]
    public async Task The_real_pg_cron_is_left_alone()
    {
        await using var postgres = await PostgresServer.CreateAsync(
            "one",
            "shared_preload_libraries = 'pg_cron'",
            "cron.database_name = 'postgres'",
            "cron.host = ''"
        );
        await DoAsync(postgres, "CREATE EXTENSION pg_cron; SELECT cron.schedule('theirs', '0 3 * * *', 'SELECT 1')");

        await using var server = await Served.StartAsync(_folder.Path, "--postgres", postgres.Connection);
        await DoAsync(postgres, "SELECT cron.schedule('theirs-too', '0 4 * * *', 'SELECT 1')");

        Assert.Contains("pg_cron is installed: its schema cron is left alone", server.Process.Written, StringComparison.Ordinal);
        Assert.Equal("2 0", await DoAsync(postgres, "SELECT (SELECT count(*) FROM cron.job) || ' ' || (SELECT count(*) FROM pontual.job)"));
        Assert.Equal("1", await DoAsync(postgres, "SELECT net.http_get('http://127.0.0.1:1/')::text"));
        await Wait.ForAsync("failure", Patience, () => DoAsync(postgres, "SELECT error_msg FROM net._http_response WHERE id = 1"));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string?> DoAsync(PostgresServer postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{postgres.Connection};Pooling=false");
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        string? found = null;
        do
        {
            while (await reader.ReadAsync())
            {
                found = reader.IsDBNull(0) ? null : reader.GetValue(0).ToString();
            }
        } while (await reader.NextResultAsync());

        return found;
    }
}

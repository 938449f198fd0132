using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Compat;

public class JobExecutionsTests
{
    private static readonly Statement All = new(
        postgreSql: """
        SELECT id::text, job_name, status, duration_ms, response_code, error, items_processed, to_char(started_at AT TIME ZONE 'UTC', 'HH24:MI:SS'),
            CASE WHEN finished_at IS NULL THEN 1 ELSE 0 END
        FROM job_executions ORDER BY job_name, started_at
        """,
        sqlite: """
        SELECT id, job_name, status, duration_ms, response_code, error, items_processed, strftime('%H:%M:%S', started_at), CASE WHEN finished_at IS NULL THEN 1 ELSE 0 END
        FROM job_executions ORDER BY job_name, started_at
        """
    );

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory(DisplayName = "S5-04 job_executions has a row a run from its first claim, with the document's words")]
    [MemberData(nameof(Both))]
    public async Task A_row_a_run_from_its_first_claim(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var succeeded = await RunAsync(rig, "a-success", RunState.Succeeded, end => end with { ResponseCode = 200, ItemsProcessed = 7 });
        await RunAsync(rig, "b-error", RunState.Failed, end => end with { Error = new string('x', 600), ResponseCode = 500 });
        await RunAsync(rig, "c-timeout", RunState.Failed, end => end with { Reason = RunReason.Timeout });
        await RunAsync(rig, "d-cancelled", RunState.Cancelled, end => end);
        await RunAsync(rig, "e-again", RunState.Pending, end => end with { NotBefore = rig.Now.AddMinutes(5) });
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("f-running")));
        (await rig.ClaimAsync()).ShouldHaveSingleItem();
        var waiting = await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("g-never")), notBefore: rig.Now.AddMinutes(1));
        await rig.Database.Runs.RequestCancelAsync(waiting, RunReason.Requested, null, rig.Now, StorageRig.None);
        await RunAsync(rig, "h-strangers", RunState.Succeeded, end => end, TenantName.Parse("strangers"));

        var rows = await rig.Database.Database.ReadAsync(session => session.QueryAsync(All, Read), StorageRig.None);

        rows.Select(row => (row.Job, row.Status, row.Milliseconds))
            .ShouldBe([
                ("a-success", "success", 2_000),
                ("b-error", "error", 2_000),
                ("c-timeout", "timeout", 2_000),
                ("d-cancelled", "error", 2_000),
                ("e-again", null, null),
                ("f-running", null, null),
            ]);
        (rows[0].Id, rows[0].Code, rows[0].Items, rows[0].Started, rows[0].IsOpen).ShouldBe(
            (succeeded.ToString(), 200L, 7L, "12:00:00", false)
        );
        (rows[1].Code, rows[1].Error!.Length).ShouldBe((500L, 500));
        rows[^1].IsOpen.ShouldBeTrue();
    }

    [SeedFact(DisplayName = "S5-04 every documented query on job_executions runs verbatim")]
    public async Task The_documented_queries_run_verbatim()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql, registers: false);
        rig.Time.Advance(TimeProvider.System.GetUtcNow().AddMinutes(-1) - rig.Now);
        await rig.RegisterAsync("a");
        await RunAsync(rig, "processar_grupos", RunState.Succeeded, end => end with { ItemsProcessed = 20 });
        await RunAsync(rig, "heartbeat", RunState.Failed, end => end with { Error = "HTTP 500" });

        var answers = new List<int>();
        foreach (var query in Queries())
        {
            answers.Add(await CountAsync(rig, query));
        }

        // Last runs of a job, failed ones of a day, averages of two jobs, fresh critical jobs, items of the day (which may have ended at midnight).
        answers[..4].ShouldBe([1, 1, 2, 2]);
        answers.Count.ShouldBe(5);
        answers[4].ShouldBeInRange(0, 1);
    }

    private static IEnumerable<string> Queries() =>
        Seeds
            .Blocks("s5-workers-e-scheduler.md", "sql")
            .SelectMany(block => block.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(query => query.Contains("FROM job_executions", StringComparison.Ordinal));

    private static Task<int> CountAsync(StorageRig rig, string query) =>
        rig.Database.Database.ReadAsync(
            async session => (await session.QueryAsync(new Statement(query), row => row.IsNull(0))).Count,
            StorageRig.None
        );

    private static async Task<Guid> RunAsync(
        StorageRig rig,
        string name,
        RunState state,
        Func<Settlement, Settlement> end,
        TenantName tenant = default
    )
    {
        var run = await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define(name, Overlap.Allow).In(tenant)));
        var leased = (await rig.ClaimAsync()).ShouldHaveSingleItem();
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        (await rig.SettleAsync(leased, state, end)).ShouldBeTrue();
        return run;
    }

    private static Execution Read(Row row) =>
        new(
            row.Text(0),
            row.Text(1),
            row.TextOrNull(2),
            row.Int64OrNull(3),
            row.Int64OrNull(4),
            row.TextOrNull(5),
            row.Int64OrNull(6),
            row.Text(7),
            row.Int64(8) == 1
        );

    private sealed record Execution(
        string Id,
        string Job,
        string? Status,
        long? Milliseconds,
        long? Code,
        string? Error,
        long? Items,
        string Started,
        bool IsOpen
    );
}

using System.Collections.Concurrent;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>The port of pages: hot runs and history as one list. One statement for each answer, so that a run that moves meanwhile is seen once.</summary>
internal sealed class RunViewsStore(PontualDatabase database, TimeProvider time) : IRunViews
{
    // What is armed for its time has not begun: to people it waits.
    private const string Armed = "run.state = 'running' AND run.attempt_started_at > run.claim_at AND run.attempt_started_at > @now";
    private const string HotState = $"CASE WHEN {Armed} THEN 'pending' ELSE run.state END";

    // The casts are for PostgreSQL, which must know the type of a null in a union; SQLite takes any name for a type.
    private const string Hot = $"""
        run.id, run.job_id, run.trigger, run.due_at, CAST(NULL AS timestamptz) AS due_until, 1 AS count, {HotState} AS state, run.reason,
        CASE WHEN {Armed} THEN run.attempt - 1 ELSE run.attempt END AS attempt, run.not_before, run.queue, run.priority, run.parameters,
        CASE WHEN {Armed} AND run.started_at = run.attempt_started_at THEN NULL ELSE run.started_at END AS started_at,
        CAST(NULL AS timestamptz) AS finished_at, CASE WHEN {Armed} THEN NULL ELSE run.node END AS node,
        run.response_code, run.error, CAST(NULL AS bigint) AS items_processed, CAST(NULL AS text) AS result, run.attempt_started_at, run.limit_key, run.limit_at
        """;

    private const string Cold = """
        run_history.id, run_history.job_id, run_history.trigger, run_history.due_at, due_until, count, run_history.state, reason, attempt,
        CAST(NULL AS timestamptz) AS not_before, queue, priority, parameters, started_at, finished_at, node, response_code, error,
        items_processed, result, attempt_started_at, CAST(NULL AS text) AS limit_key, CAST(NULL AS timestamptz) AS limit_at
        """;

    // The limit that a waiting run may wait for: of its key while it is in the line there, else of its queue.
    private const string Names = """
        found.*, job.tenant, job.name, run_limit.scope, run_limit.at_once, run_limit.rate_count, run_limit.rate_ms, run_limit.burst, run_limit.tat
        """;

    private const string Joins = """
        JOIN job ON job.id = found.job_id
        LEFT JOIN run_limit ON found.state = 'pending' AND found.not_before IS NOT NULL
            AND run_limit.scope = CASE WHEN found.limit_at IS NULL THEN 'queue' ELSE 'key' END
            AND run_limit.name = CASE WHEN found.limit_at IS NULL THEN found.queue ELSE found.limit_key END
        """;

    // Of a name that was removed and defined anew, the job that stands now; of a removed one, the last.
    private const string OfJob = """
        job_id = coalesce(
            (SELECT id FROM job WHERE tenant = @tenant AND name = @job AND removed_at IS NULL),
            (SELECT max(id) FROM job WHERE tenant = @tenant AND name = @job AND removed_at IS NOT NULL))
        """;

    private const string OfTenant = "EXISTS (SELECT 1 FROM job WHERE job.id = job_id AND job.tenant = @tenant)";

    // From queue to queue by the index that claims walk, and of each its next run.
    private static readonly Statement NextOfQueues = new(
        """
        WITH RECURSIVE queues (queue) AS (
            SELECT min(queue) FROM run WHERE state = 'pending' AND not_before IS NOT NULL
            UNION ALL
            SELECT (SELECT min(run.queue) FROM run WHERE state = 'pending' AND not_before IS NOT NULL AND run.queue > queues.queue)
            FROM queues WHERE queues.queue IS NOT NULL),
        next (queue, since) AS (
            SELECT queue, (
                SELECT not_before FROM run WHERE run.queue = queues.queue AND state = 'pending' AND not_before IS NOT NULL ORDER BY claim_at, id LIMIT 1)
            FROM queues WHERE queue IS NOT NULL)
        SELECT queue, since FROM next WHERE since <= @now
        """
    );

    private static readonly Statement ById = new(
        $"""
        SELECT {Names} FROM (
            SELECT {Hot} FROM run WHERE id = @id UNION ALL SELECT {Cold} FROM run_history WHERE id = @id) AS found
        {Joins}
        """
    );

    private static readonly Statement TenantOf = new(
        """
        SELECT job.tenant FROM (SELECT job_id FROM run WHERE id = @id UNION ALL SELECT job_id FROM run_history WHERE id = @id) AS found
        JOIN job ON job.id = found.job_id
        """
    );

    private static readonly Statement Attempts = new(
        """
        SELECT number, node, started_at, finished_at, outcome, reason, response_code, error FROM attempt WHERE run_id = @id ORDER BY number
        """
    );

    private static readonly Statement Depths = new(
        $"""
        SELECT queue,
            sum(CASE WHEN state = 'pending' AND not_before <= @now THEN 1 ELSE 0 END),
            sum(CASE WHEN {HotState} = 'pending' AND (not_before IS NULL OR not_before > @now) THEN 1 ELSE 0 END),
            sum(CASE WHEN {HotState} = 'running' THEN 1 ELSE 0 END),
            min(CASE WHEN state = 'pending' AND not_before <= @now THEN not_before END)
        FROM run GROUP BY queue ORDER BY queue
        """
    );

    private readonly ConcurrentDictionary<(bool ByJob, bool Hot, bool Cold, bool ByState, bool WentWrong), Statement> _lists = new();

    public Task<RunDetail?> FindAsync(Guid id, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var earlier = await session.QueryAsync(Attempts, ReadAttempt, ("id", id));
                var found = await session.QueryAsync(ById, ReadDetail, ("id", id), ("now", time.GetUtcNow()));
                return found.Count == 0 ? null : new RunDetail(found[0].Run, [.. AllAttempts(found[0], earlier)]);
            },
            cancellation
        );

    public async Task<TenantName?> TenantOfAsync(Guid id, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(
            session => session.QueryAsync(TenantOf, row => TenantName.Parse(row.Text(0)), ("id", id)),
            cancellation
        );
        return found.Count == 0 ? null : found[0];
    }

    public async Task<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellation)
    {
        var isHot = query.State is null or RunState.Pending or RunState.Running;
        var isCold = query.State is not (RunState.Pending or RunState.Running);
        var statement = _lists.GetOrAdd(
            (query.Job is not null, isHot, isCold, query.State is not null, query.State is not (null or RunState.Succeeded)),
            ListStatement
        );
        return await database.ReadAsync(
            session =>
                session.QueryAsync(
                    statement,
                    row => ReadDetail(row).Run,
                    ("tenant", (query.Job?.Tenant ?? query.Tenant).ToString()),
                    ("job", query.Job?.Text),
                    ("state", query.State is { } state ? RunWords.Of(state) : null),
                    ("now", time.GetUtcNow()),
                    ("before", query.Before ?? Guid.AllBitsSet),
                    ("lowest", query.From is { } from ? RunId.Lowest(from) : Guid.Empty),
                    ("from", query.From ?? DateTimeOffset.UnixEpoch),
                    ("limit", query.Limit)
                ),
            cancellation
        );
    }

    public async Task<IReadOnlyList<QueueWait>> OldestWaitingAsync(DateTimeOffset now, CancellationToken cancellation) =>
        await database.ReadAsync(
            async session =>
            {
                var next = await session.QueryAsync(NextOfQueues, row => new QueueWait(row.Text(0), row.Instant(1)), ("now", now));
                return (IReadOnlyList<QueueWait>)next;
            },
            cancellation
        );

    public Task<IReadOnlyDictionary<long, DayTotals>> LastDayAsync(TenantName tenant, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(session => JobTotalsStore.DayAsync(session, tenant, now), cancellation);

    public async Task<IReadOnlyList<QueueDepth>> DepthsAsync(DateTimeOffset now, CancellationToken cancellation) =>
        await database.ReadAsync(
            session =>
                session.QueryAsync(
                    Depths,
                    row => new QueueDepth(row.Text(0), row.Int64(1), row.Int64(2), row.Int64(3), row.InstantOrNull(4)),
                    ("now", now)
                ),
            cancellation
        );

    private static Statement ListStatement((bool ByJob, bool Hot, bool Cold, bool ByState, bool WentWrong) wanted)
    {
        // Both parts are cut to the page before they are joined, so that neither is read further than the page.
        var parts = new List<string>();
        if (wanted.Hot)
        {
            parts.Add($"SELECT * FROM (SELECT {Hot} FROM run WHERE {Where("run")} ORDER BY id DESC LIMIT @limit) AS hot");
        }

        if (wanted.Cold)
        {
            parts.Add($"SELECT * FROM (SELECT {Cold} FROM run_history WHERE {Where("run_history")} ORDER BY id DESC LIMIT @limit) AS cold");
        }

        return new Statement(
            $"""
            SELECT {Names} FROM ({string.Join(" UNION ALL ", parts)}) AS found {Joins}
            ORDER BY found.id DESC LIMIT @limit
            """
        );

        string Where(string table)
        {
            var where = $"{table}.id < @before AND {table}.id >= @lowest AND {table}.due_at >= @from";
            where += wanted.ByState ? $" AND {(table == "run" ? HotState : "run_history.state")} = @state" : "";
            // Said in the text: a plan made for any state may not use the index of what went wrong.
            where += wanted.WentWrong && table == "run_history" ? " AND run_history.state <> 'succeeded'" : "";
            return where + $" AND {(wanted.ByJob ? OfJob : OfTenant)}";
        }
    }

    private static IEnumerable<Attempt> AllAttempts(Detail detail, List<Attempt> earlier)
    {
        var run = detail.Run;
        foreach (var attempt in earlier)
        {
            yield return attempt;
        }

        if (run.State is not RunState.Pending && run.Attempt > 0)
        {
            yield return new Attempt(
                run.Attempt,
                run.Node,
                detail.AttemptStartedAt ?? run.StartedAt,
                run.FinishedAt,
                RunWords.Of(run.State),
                run.Reason,
                run.ResponseCode,
                run.Error
            );
        }
    }

    private static Attempt ReadAttempt(Row row) =>
        new(
            row.Int32(0),
            row.TextOrNull(1),
            row.InstantOrNull(2),
            row.InstantOrNull(3),
            row.Text(4),
            row.TextOrNull(5),
            row.Int32OrNull(6),
            row.TextOrNull(7)
        );

    private static Detail ReadDetail(Row row)
    {
        var run = new Run
        {
            Id = row.Id(0),
            JobId = row.Int64(1),
            Trigger = RunWords.Trigger(row.Text(2)),
            DueAt = row.Instant(3),
            DueUntil = row.InstantOrNull(4),
            Count = row.Int64(5),
            State = RunWords.State(row.Text(6)),
            Reason = row.TextOrNull(7),
            Attempt = row.Int32(8),
            NotBefore = row.InstantOrNull(9) is { } at && at < LimitRowStore.Never ? at : null,
            Queue = row.Text(10),
            Priority = row.Int32(11),
            Parameters = row.TextOrNull(12),
            StartedAt = row.InstantOrNull(13),
            FinishedAt = row.InstantOrNull(14),
            Node = row.TextOrNull(15),
            ResponseCode = row.Int32OrNull(16),
            Error = row.TextOrNull(17),
            ItemsProcessed = row.Int64OrNull(18),
            Result = row.TextOrNull(19),
            LimitKey = row.TextOrNull(21),
            WaitsFor = WaitOf(row),
            Job = KnownJobsStore.NameOf(row, 23),
        };
        return new Detail(run, row.InstantOrNull(20));
    }

    private static LimitWait? WaitOf(Row row)
    {
        if (row.TextOrNull(25) is not { } scope)
        {
            return null;
        }

        var use = new LimitUse(LimitRowStore.ReadBound(row, 26), row.InstantOrNull(30), 0);
        return scope == "key"
            ? new LimitWait(LimitScope.Key, row.Text(21), use.Bound, use.Opens)
            : new LimitWait(LimitScope.Queue, row.Text(10), use.Bound, use.Opens);
    }

    private sealed record Detail(Run Run, DateTimeOffset? AttemptStartedAt);
}

using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>What the rooms do to the hot table inside their transactions.</summary>
internal static class HotRunStore
{
    private static readonly RowSet<NewRun> NewRuns = new(
        ("id", ValueKind.Id, run => run.Id),
        ("job_id", ValueKind.Number, run => run.Job.Id),
        ("trigger_word", ValueKind.Text, run => RunWords.Of(run.Trigger)),
        ("due_at", ValueKind.Instant, run => run.DueAt),
        ("queue", ValueKind.Text, run => run.Job.Definition.RunsIn),
        ("priority", ValueKind.Number, run => run.Priority),
        ("kind", ValueKind.Text, run => run.Job.Definition.Target.Kind),
        ("slots", ValueKind.Number, run => run.Slots),
        ("not_before", ValueKind.Instant, run => run.NotBefore),
        ("claim_at", ValueKind.Instant, run => run.ClaimAt),
        ("plan_ends", ValueKind.Instant, run => run.PlanEnds),
        ("parameters", ValueKind.Text, run => run.Parameters),
        ("limit_key", ValueKind.Text, run => run.LimitKey),
        ("limit_at", ValueKind.Instant, run => run.LimitAt)
    );

    private static readonly RowSet<long> Jobs = new(("job_id", ValueKind.Number, id => id));
    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement Insert = new(
        """
        WITH {rows}
        INSERT INTO run (id, job_id, trigger, due_at, queue, priority, kind, slots, not_before, claim_at, lease_ends, parameters, limit_key, limit_at)
        SELECT id, job_id, trigger_word, due_at, queue, priority, kind, slots, not_before, claim_at, plan_ends, parameters, limit_key, limit_at FROM rows
        """
    );

    // Two parts, because held runs and all others are in two indexes.
    private static readonly Statement OfJobs = new(
        """
        WITH {rows}
        SELECT run.job_id, run.id, run.due_at, run.trigger, run.state, run.attempt, run.not_before
        FROM rows JOIN run ON run.job_id = rows.job_id AND run.slots IS NOT NULL AND run.not_before IS NOT NULL
        UNION ALL
        SELECT run.job_id, run.id, run.due_at, run.trigger, run.state, run.attempt, run.not_before
        FROM rows JOIN run ON run.job_id = rows.job_id AND run.not_before IS NULL
        """
    );

    private static readonly Statement Wish = new(
        """
        WITH {rows}
        UPDATE run SET cancel_reason = @reason
        WHERE id IN (SELECT id FROM rows) AND state = 'running' AND (cancel_reason IS NULL OR cancel_reason = 'taken-back')
        """
    );

    private const string EndedColumns = """
        id, job_id, trigger, due_at, state, reason, queue, priority, attempt, started_at, attempt_started_at, finished_at, node,
        response_code, error, parameters
        """;

    private const string EndedValues = """
        run.id, run.job_id, run.trigger, run.due_at, @state, @reason, run.queue, run.priority, run.attempt, run.started_at,
        run.attempt_started_at, @now, run.node, run.response_code, run.error, run.parameters
        """;

    private static readonly Statement End = new(
        postgreSql: $$"""
        WITH {rows},
        run AS (DELETE FROM run USING rows WHERE run.id = rows.id AND run.state = @from RETURNING run.*),
        moved AS (INSERT INTO run_history ({{EndedColumns}}) SELECT {{EndedValues}} FROM run)
        SELECT id, job_id, limit_key, started_at FROM run
        """,
        sqlite: $$"""
        WITH {rows}
        INSERT INTO run_history ({{EndedColumns}}) SELECT {{EndedValues}} FROM rows JOIN run ON run.id = rows.id WHERE run.state = @from
        RETURNING id, job_id, NULL, started_at
        """
    );

    private static readonly Statement DeleteEnded = new(
        "WITH {rows} DELETE FROM run WHERE id IN (SELECT id FROM rows) RETURNING limit_key"
    );
    private static readonly Statement Delete = new("WITH {rows} DELETE FROM run WHERE id IN (SELECT id FROM rows)");

    /// <summary>Adds runs.</summary>
    public static async ValueTask InsertAsync(DatabaseSession session, IReadOnlyList<NewRun> runs, DateTimeOffset now)
    {
        await session.ExecuteAsync(Insert, NewRuns, runs);
        await RunEventsStore.QueuedAsync(session, runs, now);
    }

    /// <summary>Runs that have not ended of jobs with a limit, oldest due first.</summary>
    public static async ValueTask<ILookup<long, HotRun>> OfJobsAsync(DatabaseSession session, IReadOnlyList<long> jobs)
    {
        var found = await session.QueryAsync(OfJobs, Jobs, jobs, row => (JobId: row.Int64(0), Run: ReadHot(row)));
        return found.OrderBy(pair => pair.Run.DueAt).ThenBy(pair => pair.Run.Id).ToLookup(pair => pair.JobId, pair => pair.Run);
    }

    /// <summary>Asks for the cancellation of those that run; a wish that stands already stays.</summary>
    public static ValueTask<int> WishCancelAsync(DatabaseSession session, IReadOnlyList<Guid> runs, string reason) =>
        session.ExecuteAsync(Wish, Ids, runs, ("reason", reason));

    /// <summary>Moves runs into the history. Their jobs must be held.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="runs">Which.</param>
    /// <param name="from">Only those in this state: others are left alone.</param>
    /// <param name="state">Their final state.</param>
    /// <param name="reason">And why.</param>
    /// <param name="now">When they ended.</param>
    /// <returns>Those that were moved.</returns>
    public static async ValueTask<List<Guid>> EndAsync(
        DatabaseSession session,
        IReadOnlyList<Guid> runs,
        RunState from,
        RunState state,
        string reason,
        DateTimeOffset now
    )
    {
        var moved = await session.QueryAsync(
            End,
            Ids,
            runs,
            row => (Id: row.Id(0), Job: row.Int64(1), Limit: row.TextOrNull(2), Started: row.InstantOrNull(3)),
            ("from", RunWords.Of(from)),
            ("state", RunWords.Of(state)),
            ("reason", reason),
            ("now", now)
        );
        var ended = moved.ConvertAll(row => row.Id);
        var limits = moved.ConvertAll(row => row.Limit);
        if (session.Dialect is Dialect.Sqlite)
        {
            limits = await session.QueryAsync(DeleteEnded, Ids, ended, row => row.TextOrNull(0));
        }

        if (moved.Count > 0)
        {
            await DelayStore.GoOnAsync(session, moved.Select(row => new RunEnd(row.Job, now, row.Started)));
            await LimitStore.LetGoAsync(session, limits, now);
            await RunEventsStore.EndedAsync(session, moved.Select(row => (row.Id, row.Job)), state, reason, now);
        }

        return ended;
    }

    /// <summary>Takes runs that are in the history now out of the hot table. PostgreSQL did it in the statement that moved them.</summary>
    public static async ValueTask DropMovedAsync(DatabaseSession session, IReadOnlyList<Guid> runs)
    {
        if (session.Dialect is Dialect.Sqlite)
        {
            await session.ExecuteAsync(Delete, Ids, runs);
        }
    }

    private static HotRun ReadHot(Row row) =>
        new(row.Id(1), row.Instant(2), RunWords.Trigger(row.Text(3)), RunWords.State(row.Text(4)), row.Int32(5), row.IsNull(6));
}

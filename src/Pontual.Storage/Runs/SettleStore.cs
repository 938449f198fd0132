using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>Room 5's tables: what attempts came to, fenced by their lease tokens.</summary>
internal sealed class SettleStore(SlotStore slots, PlannedAheadStore planned)
{
    private static readonly RowSet<Settlement> Settlements = new(
        ("id", ValueKind.Id, settled => settled.RunId),
        ("token", ValueKind.Number, settled => settled.LeaseToken),
        ("state", ValueKind.Text, settled => RunWords.Of(settled.State)),
        ("reason", ValueKind.Text, settled => settled.Reason),
        ("at", ValueKind.Instant, settled => settled.At),
        ("began", ValueKind.Instant, settled => settled.AttemptStartedAt),
        ("response_code", ValueKind.Number, settled => settled.ResponseCode),
        ("error", ValueKind.Text, settled => settled.Error),
        ("result", ValueKind.Text, settled => settled.Result),
        ("items", ValueKind.Number, settled => settled.ItemsProcessed)
    );

    private static readonly RowSet<Settlement> Retries = new(
        ("id", ValueKind.Id, settled => settled.RunId),
        ("token", ValueKind.Number, settled => settled.LeaseToken),
        ("reason", ValueKind.Text, settled => settled.Reason),
        ("not_before", ValueKind.Instant, settled => settled.NotBefore ?? settled.At),
        ("given_back", ValueKind.Number, settled => settled.GivesAttemptBack ? 1 : 0),
        ("began", ValueKind.Instant, settled => settled.AttemptStartedAt),
        ("started", ValueKind.Instant, settled => settled.HasDoneNothing ? null : settled.AttemptStartedAt),
        ("response_code", ValueKind.Number, settled => settled.ResponseCode),
        ("error", ValueKind.Text, settled => settled.Error)
    );

    // The fence: a token counts only while the run is held. Said in one comparison of both tables, so that no plan begins with all that runs.
    private const string IsHeld = "run.lease_token = CASE WHEN run.state = 'running' THEN rows.token END";

    private const string HistoryColumns = """
        id, job_id, trigger, due_at, state, reason, queue, priority, attempt, started_at, attempt_started_at, finished_at, node,
        response_code, error, items_processed, result, parameters
        """;

    private const string HistoryValues = """
        run.id, run.job_id, run.trigger, run.due_at, rows.state, rows.reason, run.queue, run.priority,
        CASE WHEN rows.began IS NULL THEN run.attempt - 1 ELSE run.attempt END,
        CASE WHEN run.started_at = run.attempt_started_at THEN rows.began ELSE run.started_at END, rows.began, rows.at, run.node, rows.response_code, rows.error, rows.items, rows.result, run.parameters
        """;

    /// <summary>The statement that settles: what still carries its token moves to the history, and nothing else does.</summary>
    private static readonly Statement SettleRuns = new(
        postgreSql: $$"""
        WITH {rows},
        settled ({{HistoryColumns}}) AS (
            DELETE FROM run USING rows WHERE run.id = rows.id AND {{IsHeld}}
            RETURNING {{HistoryValues}})
        INSERT INTO run_history ({{HistoryColumns}}) SELECT {{HistoryColumns}} FROM settled
        RETURNING id, started_at
        """,
        sqlite: $$"""
        WITH {rows}
        INSERT INTO run_history ({{HistoryColumns}}) SELECT {{HistoryValues}} FROM rows CROSS JOIN run
        WHERE run.id = rows.id AND {{IsHeld}}
        """
    );

    private static readonly Statement StillHeld = new(
        $$"""
        WITH {rows} SELECT run.id FROM rows JOIN run ON run.id = rows.id WHERE {{IsHeld}}
        """
    );

    private const string WaitAgain = """
        UPDATE run
        SET state = 'pending', reason = rows.reason, not_before = rows.not_before, attempt = run.attempt - rows.given_back,
            started_at = CASE WHEN run.started_at = run.attempt_started_at THEN rows.started ELSE run.started_at END,
            lease_ends = CASE WHEN rows.began IS NULL AND run.trigger = 'schedule' AND run.attempt = 1 THEN rows.not_before END,
            response_code = rows.response_code, error = rows.error, cancel_reason = NULL, limit_at = NULL,
        """;

    private const string IfStillHeld = $"""
        FROM rows WHERE run.id = rows.id AND {IsHeld}
        RETURNING run.id, run.attempt, run.node
        """;

    private static readonly Statement Retry = new(
        postgreSql: $$"""
        WITH {rows} {{WaitAgain}} claim_at = rows.not_before - run.priority * interval '1 minute' {{IfStillHeld}}
        """,
        sqlite: $$"""
        WITH {rows} {{WaitAgain}} claim_at = rows.not_before - run.priority * 60000000 {{IfStillHeld}}
        """
    );

    private static readonly RowSet<(Settlement Settled, int Number, string? Node)> Attempts = new(
        ("run_id", ValueKind.Id, row => row.Settled.RunId),
        ("number", ValueKind.Number, row => row.Number),
        ("node", ValueKind.Text, row => row.Node),
        ("started_at", ValueKind.Instant, row => row.Settled.AttemptStartedAt),
        ("finished_at", ValueKind.Instant, row => row.Settled.At),
        ("reason", ValueKind.Text, row => row.Settled.Reason),
        ("response_code", ValueKind.Number, row => row.Settled.ResponseCode),
        ("error", ValueKind.Text, row => row.Settled.Error)
    );

    private static readonly Statement AddAttempts = new(
        """
        WITH {rows}
        INSERT INTO attempt (run_id, number, node, started_at, finished_at, outcome, reason, response_code, error)
        SELECT run_id, number, node, started_at, finished_at, 'failed', reason, response_code, error FROM rows
        """
    );

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement Older = new(
        """
        WITH {rows}
        SELECT run.id FROM rows JOIN run_history AS newer ON newer.id = rows.id
        JOIN run ON run.job_id = newer.job_id AND run.due_at < newer.due_at
        WHERE run.state = 'pending' AND run.attempt > 0
        """
    );

    /// <returns>For each settlement, in order, whether its run still carried that lease token.</returns>
    /// <exception cref="ArgumentException">A run appears twice.</exception>
    public async ValueTask<IReadOnlyList<bool>> SettleAsync(DatabaseSession session, IReadOnlyList<Settlement> settlements)
    {
        // Of runs without a limit nobody decides anything here: nodes that settle such runs of the same jobs wait for each other only while
        // they add to the totals, which is the last thing they do. A batch in which somebody decides holds all its jobs from the start,
        // because whoever takes jobs twice, out of their order, may wait for one who waits for him.
        if (settlements.Any(settled => settled.FreesSlot || settled.EndsDelayed || settled.AttemptStartedAt is null))
        {
            await KnownJobsStore.LockAsync(session, [.. settlements.Select(settled => settled.JobId).Distinct().Order()]);
        }

        var byRun = settlements.ToDictionary(settled => settled.RunId);
        var finished = await FinishAsync(session, [.. settlements.Where(settled => settled.IsFinal)], byRun);
        var retried = await RetryAsync(session, [.. settlements.Where(settled => !settled.IsFinal)], byRun);
        await SupersedeOlderAsync(session, finished.ConvertAll(end => end.Settled));
        await JobTotalsStore.AddAsync(session, [.. finished.Where(end => end.Settled.AttemptStartedAt is not null)]);
        long[] notBegun = [.. retried.Where(settled => settled.AttemptStartedAt is null).Select(settled => settled.JobId).Distinct()];
        await planned.TakeBackAsync(session, notBegun, settlements.Max(settled => settled.At));
        List<Settlement> written = [.. finished.Select(end => end.Settled), .. retried];
        await GoOnAsync(session, written);
        await RunEventsStore.SettledAsync(session, written);

        var done = finished.Select(end => end.Settled.RunId).Concat(retried.Select(settled => settled.RunId)).ToHashSet();
        done.UnionWith(await RecordedStore.AmongAsync(session, [.. settlements.Where(settled => !done.Contains(settled.RunId))]));
        return [.. settlements.Select(settled => done.Contains(settled.RunId))];
    }

    /// <summary>What may follow from an end: the next due time of a job with a fixed delay, and a run that waited for a slot or a limit.</summary>
    private async ValueTask GoOnAsync(DatabaseSession session, List<Settlement> written)
    {
        var delayed = written.Where(settled => settled is { IsFinal: true, EndsDelayed: true }).ToList();
        if (delayed.Count > 0)
        {
            await DelayStore.GoOnAsync(session, delayed.Select(settled => new RunEnd(settled.JobId, settled.At, settled.RunStartedAt)));
        }

        long[] freed = [.. written.Where(settled => settled.FreesSlot).Select(settled => settled.JobId).Distinct()];
        if (freed.Length > 0)
        {
            await slots.ReleaseAsync(session, freed, written.Max(settled => settled.At));
        }

        if (written.Exists(settled => settled.LimitKey is not null))
        {
            await LimitStore.LetGoAsync(session, written.Select(settled => settled.LimitKey), written.Max(settled => settled.At));
        }
    }

    private static async ValueTask<List<SettledEnd>> FinishAsync(
        DatabaseSession session,
        List<Settlement> final,
        Dictionary<Guid, Settlement> byRun
    )
    {
        if (session.Dialect is Dialect.PostgreSql)
        {
            return await session.QueryAsync(SettleRuns, Settlements, final, row => new SettledEnd(byRun[row.Id(0)], row.InstantOrNull(1)));
        }

        // The usual case first: all were still held, so that nobody has to say which.
        var moved = await session.ExecuteAsync(SettleRuns, Settlements, final);
        var finished = moved == final.Count ? final : await session.QueryAsync(StillHeld, Settlements, final, row => byRun[row.Id(0)]);
        await HotRunStore.DropMovedAsync(session, finished.ConvertAll(settled => settled.RunId));
        return finished.ConvertAll(settled => new SettledEnd(settled, StartedAt: null));
    }

    private static async ValueTask<List<Settlement>> RetryAsync(
        DatabaseSession session,
        List<Settlement> again,
        Dictionary<Guid, Settlement> byRun
    )
    {
        var waiting = await session.QueryAsync(
            Retry,
            Retries,
            again,
            row => (Settled: byRun[row.Id(0)], Number: row.Int32(1), Node: row.TextOrNull(2))
        );
        await session.ExecuteAsync(AddAttempts, Attempts, [.. waiting.Where(row => !row.Settled.GivesAttemptBack)]);
        return waiting.ConvertAll(row => row.Settled);
    }

    private static async ValueTask SupersedeOlderAsync(DatabaseSession session, List<Settlement> finished)
    {
        // Ids rise with due times: the highest of a job is its newest.
        var newest = finished
            .Where(settled => settled.SupersedesOlder)
            .GroupBy(settled => settled.JobId, (_, of) => of.Max(settled => settled.RunId));
        var older = await session.QueryAsync(Older, Ids, [.. newest], row => row.Id(0));
        if (older.Count > 0)
        {
            var now = finished.Max(settled => settled.At);
            await HotRunStore.EndAsync(session, older, RunState.Pending, RunState.Skipped, RunReason.Superseded, now);
        }
    }
}

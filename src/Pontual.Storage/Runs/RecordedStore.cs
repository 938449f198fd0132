using Pontual.Engine.Runs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>Finds what a transaction wrote whose commit was never answered, so that it is neither done twice nor reported as refused.</summary>
internal static class RecordedStore
{
    private static readonly RowSet<Settlement> Settlements = new(
        ("id", ValueKind.Id, settled => settled.RunId),
        ("state", ValueKind.Text, settled => RunWords.Of(settled.State)),
        ("began", ValueKind.Instant, settled => settled.AttemptStartedAt),
        ("at", ValueKind.Instant, settled => settled.At)
    );

    // The instants are of the one node that ran the attempt, to the microsecond: nobody else's settlement looks the same.
    private static readonly Statement Recorded = new(
        """
        WITH {rows}
        SELECT ended.id FROM rows JOIN run_history AS ended ON ended.id = rows.id
        WHERE ended.state = rows.state AND ended.attempt_started_at = rows.began AND ended.finished_at = rows.at
        UNION
        SELECT attempt.run_id FROM rows JOIN attempt ON attempt.run_id = rows.id
        WHERE rows.state = 'pending' AND attempt.started_at = rows.began AND attempt.finished_at = rows.at
        """
    );

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement Existing = new(
        """
        WITH {rows}
        SELECT run.id FROM rows JOIN run ON run.id = rows.id
        UNION ALL
        SELECT ended.id FROM rows JOIN run_history AS ended ON ended.id = rows.id
        """
    );

    private static readonly Statement CancelledRun = new("SELECT 1 FROM run_history WHERE id = @id AND state = 'cancelled'");

    /// <returns>Those of the runs whose very settlement is in the history, or among their attempts, already.</returns>
    public static ValueTask<List<Guid>> AmongAsync(DatabaseSession session, IReadOnlyList<Settlement> settlements) =>
        session.QueryAsync(Recorded, Settlements, settlements, row => row.Id(0));

    /// <summary>Whether what was decided about wishes for runs can be seen: runs are made all or none.</summary>
    public static async ValueTask<bool> EnqueuedAsync(DatabaseSession session, IEnumerable<EnqueueResult> results)
    {
        List<Guid> made = [.. results.Where(result => result.RunId is not null).Select(result => result.RunId!.Value).Take(1)];
        return made.Count == 0 || (await session.QueryAsync(Existing, Ids, made, row => row.Id(0))).Count > 0;
    }

    /// <summary>Whether a wish to cancel had its effect; to ask for the cancellation of a running run again does no harm.</summary>
    public static async ValueTask<bool> CancelledAsync(DatabaseSession session, Guid run, CancelResult result) =>
        result switch
        {
            CancelResult.Cancelled => (await session.QueryAsync(CancelledRun, row => row.Int64(0), ("id", run))).Count > 0,
            CancelResult.Requested => false,
            _ => true,
        };
}

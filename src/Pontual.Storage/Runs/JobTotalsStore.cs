using Pontual.Engine.Runs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>Adds ended runs to their jobs' totals: one update for each job of a batch.</summary>
internal static class JobTotalsStore
{
    private static readonly RowSet<Change> Changes = new(
        ("job_id", ValueKind.Number, change => change.JobId),
        ("ended", ValueKind.Number, change => change.Ended),
        ("keeps_streak", ValueKind.Number, change => change.KeepsStreak ? 1 : 0),
        ("failures", ValueKind.Number, change => change.Failures),
        ("run_id", ValueKind.Id, change => change.Last.RunId),
        ("state", ValueKind.Text, change => RunWords.Of(change.Last.State)),
        ("finished_at", ValueKind.Instant, change => change.Last.At),
        ("started_at", ValueKind.Instant, change => change.LastStartedAt)
    );

    private const string Sums = """
        UPDATE job_state
        SET runs = runs + rows.ended, failure_streak = failure_streak * rows.keeps_streak + rows.failures,
            last_run_id = rows.run_id, last_state = rows.state, last_finished_at = rows.finished_at, last_started_at =
        """;

    private static readonly Statement Add = new(
        postgreSql: $$"""
        WITH {rows} {{Sums}} rows.started_at FROM rows WHERE job_state.job_id = rows.job_id
        """,
        sqlite: $$"""
        WITH {rows} {{Sums}} (SELECT started_at FROM run_history WHERE id = rows.run_id) FROM rows WHERE job_state.job_id = rows.job_id
        """
    );

    /// <param name="session">The transaction.</param>
    /// <param name="ended">Runs that ended by running, in the history already.</param>
    /// <remarks>In the order of jobs, as everybody takes them, so that no two transactions wait for each other.</remarks>
    public static ValueTask<int> AddAsync(DatabaseSession session, IReadOnlyList<SettledEnd> ended) =>
        session.ExecuteAsync(Add, Changes, [.. ended.GroupBy(end => end.Settled.JobId, Sum).OrderBy(change => change.JobId)]);

    private static Change Sum(long job, IEnumerable<SettledEnd> ended)
    {
        var (count, keepsStreak, failures, last) = (0L, true, 0, (SettledEnd?)null);
        foreach (var end in ended.OrderBy(end => end.Settled.At))
        {
            count++;
            last = end;
            if (end.Settled.State is RunState.Succeeded)
            {
                (keepsStreak, failures) = (false, 0);
            }
            else if (end.Settled.State is RunState.Failed)
            {
                failures++;
            }
        }

        return new Change(job, count, keepsStreak, failures, last!.Settled, last.StartedAt);
    }

    /// <summary>What a batch does to one job.</summary>
    private sealed record Change(long JobId, long Ended, bool KeepsStreak, int Failures, Settlement Last, DateTimeOffset? LastStartedAt);
}

/// <summary>A run that was moved to the history, and when its first attempt began where the database said so.</summary>
internal sealed record SettledEnd(Settlement Settled, DateTimeOffset? StartedAt);

using Pontual.Engine.Runs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>Deletes old history with all that hangs on it.</summary>
internal static class PruneStore
{
    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    // Ids rise with due times, and what ended before an instant was due before it: the oldest are at the start of the key. On PostgreSQL whole days
    // go as tables, and only what no day took is looked through.
    private static readonly Statement Old = new(
        postgreSql: "SELECT id FROM run_history_default WHERE id < @lowest AND finished_at < @before ORDER BY id LIMIT @limit",
        sqlite: "SELECT id FROM run_history WHERE id < @lowest AND finished_at < @before ORDER BY id LIMIT @limit"
    );

    private static readonly Statement DropRuns = new("WITH {rows} DELETE FROM run_history WHERE id IN (SELECT id FROM rows)");
    private static readonly Statement DropAttempts = new("WITH {rows} DELETE FROM attempt WHERE run_id IN (SELECT id FROM rows)");
    private static readonly Statement DropOutput = new("WITH {rows} DELETE FROM output_piece WHERE run_id IN (SELECT id FROM rows)");

    // A node that still holds runs must stay known as gone until they are rescued.
    private static readonly Statement DropNodes = new(
        """
        DELETE FROM node WHERE lease_until < @day_ago
            AND NOT EXISTS (SELECT 1 FROM run WHERE run.node = node.id AND run.state = 'running')
        """
    );

    /// <returns>How many runs went.</returns>
    public static async ValueTask<int> PruneAsync(DatabaseSession session, DateTimeOffset before, int limit)
    {
        var lowest = RunId.Lowest(before.AddMilliseconds(1));
        var old = await session.QueryAsync(Old, row => row.Id(0), ("lowest", lowest), ("before", before), ("limit", limit));
        await session.ExecuteAsync(DropOutput, Ids, old);
        await session.ExecuteAsync(DropAttempts, Ids, old);
        await session.ExecuteAsync(DropRuns, Ids, old);
        return old.Count;
    }

    /// <summary>Forgets nodes that were last seen more than a day ago.</summary>
    public static ValueTask<int> PruneNodesAsync(DatabaseSession session, DateTimeOffset now) =>
        session.ExecuteAsync(DropNodes, ("day_ago", now - TimeSpan.FromDays(1)));
}

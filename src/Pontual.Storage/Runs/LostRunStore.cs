using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>Finds running runs: those whose holder is gone, those that run for too long, or one by its id.</summary>
internal sealed class LostRunStore(KnownJobsStore jobs)
{
    /// <summary>How long a stuck run's node has to stop it before it counts as lost.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // From node to node in the index of running runs: cheap however many runs the living nodes hold.
    private static readonly Statement Lost = new(
        $"""
        WITH RECURSIVE holder (node) AS (
            SELECT (SELECT min(node) FROM run WHERE state = 'running')
            UNION ALL
            SELECT (SELECT min(run.node) FROM run WHERE run.state = 'running' AND run.node > holder.node)
            FROM holder WHERE holder.node IS NOT NULL)
        SELECT {HotRunReader.Columns}
        FROM holder JOIN run ON run.node = holder.node AND run.state = 'running'
        WHERE NOT EXISTS (SELECT 1 FROM node WHERE node.id = holder.node AND node.lease_until > @now AND node.left_at IS NULL)
        LIMIT @limit
        """
    );

    private static readonly Statement Ended = new(
        $"SELECT {HotRunReader.Columns} FROM run WHERE lease_ends IS NOT NULL AND lease_ends <= @now AND state = 'running' LIMIT @limit"
    );

    private static readonly Statement ById = new($"SELECT {HotRunReader.Columns} FROM run WHERE id = @id AND state = 'running'");

    private static readonly Statement ByClaim = new(
        $"SELECT {HotRunReader.Columns} FROM run WHERE node = @node AND claim_at = @at AND state = 'running'"
    );

    // A cross join tells SQLite to begin with the few nodes: of each it then reads only what began early enough.
    private static readonly Statement LongRunning = new(
        """
        SELECT run.id, run.job_id, run.attempt_started_at
        FROM node CROSS JOIN run
        WHERE run.node = node.id AND run.state = 'running' AND run.attempt_started_at <= @since AND run.lease_ends IS NULL
        """
    );

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement EndLease = new(
        """
        WITH {rows} UPDATE run SET cancel_reason = coalesce(cancel_reason, 'stuck'), lease_ends = @until
        WHERE id IN (SELECT id FROM rows) AND state = 'running' AND lease_ends IS NULL
        """
    );

    public async ValueTask<IReadOnlyList<LeasedRun>> FindAsync(DatabaseSession session, DateTimeOffset now, int limit)
    {
        var lost = await session.QueryAsync(Lost, HotRunReader.Read, ("now", now), ("limit", limit));
        lost.AddRange(await session.QueryAsync(Ended, HotRunReader.Read, ("now", now), ("limit", limit)));
        return await LeasesAsync(session, [.. lost.DistinctBy(row => row.Run.Id).Take(limit)]);
    }

    public async ValueTask<LeasedRun?> FindAsync(DatabaseSession session, Guid id) =>
        (await LeasesAsync(session, await session.QueryAsync(ById, HotRunReader.Read, ("id", id)))).FirstOrDefault();

    public async ValueTask<IReadOnlyList<LeasedRun>> FindClaimedAsync(DatabaseSession session, string node, DateTimeOffset at) =>
        await LeasesAsync(session, await session.QueryAsync(ByClaim, HotRunReader.Read, ("node", node), ("at", at)));

    /// <summary>Ends the leases of runs whose attempt has lasted longer than max(<paramref name="stuckAfter"/>, timeout + 5 min), once for each.</summary>
    public async ValueTask EndStuckAsync(DatabaseSession session, DateTimeOffset now, TimeSpan stuckAfter)
    {
        var old = await session.QueryAsync(
            LongRunning,
            row => (Id: row.Id(0), JobId: row.Int64(1), Since: row.Instant(2)),
            ("since", now - stuckAfter)
        );
        if (old.Count > 0)
        {
            var known = await jobs.ByIdAsync(session, [.. old.Select(row => row.JobId).Distinct()]);
            var stuck = old.Where(row => row.Since + known[row.JobId].Definition.Timeout + TimeSpan.FromMinutes(5) <= now);
            await session.ExecuteAsync(EndLease, Ids, [.. stuck.Select(row => row.Id)], ("until", now + Grace));
        }
    }

    private async ValueTask<List<LeasedRun>> LeasesAsync(DatabaseSession session, List<HotRow> rows)
    {
        var known = await jobs.ByIdAsync(session, [.. rows.Select(row => row.Run.JobId).Distinct()]);
        return [.. rows.Select(row => row.Lease(known[row.Run.JobId]))];
    }
}

using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>Lets go runs that were held until a slot of their job is free.</summary>
internal sealed class SlotStore(KnownJobsStore jobs)
{
    private static readonly RowSet<long> JobIds = new(("job_id", ValueKind.Number, id => id));
    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement WithHeld = new(
        """
        WITH {rows}
        SELECT job_id FROM rows WHERE EXISTS (SELECT 1 FROM run WHERE run.job_id = rows.job_id AND run.not_before IS NULL)
        """
    );

    // A run that is due and not yet claimed is on its way into a slot, also while it waits for a limit; one that waits for its retry is not.
    private static readonly Statement Taken = new(
        """
        SELECT count(*) FROM run
        WHERE job_id = @job AND slots IS NOT NULL AND not_before IS NOT NULL AND (state = 'running' OR not_before <= @now OR limit_at IS NOT NULL)
        """
    );

    private static readonly Statement Oldest = new(
        "SELECT id FROM run WHERE job_id = @job AND not_before IS NULL ORDER BY id LIMIT @limit"
    );

    private static readonly Statement LetGo = new(
        postgreSql: """
        WITH {rows} UPDATE run SET not_before = @now, claim_at = @now - priority * interval '1 minute'
        WHERE id IN (SELECT id FROM rows) AND not_before IS NULL
        """,
        sqlite: """
        WITH {rows} UPDATE run SET not_before = @now, claim_at = @now - priority * 60000000
        WHERE id IN (SELECT id FROM rows) AND not_before IS NULL
        """
    );

    // Walks from job to job in the index of held runs, however many are held of each.
    private static readonly Statement AllWithHeld = new(
        """
        WITH RECURSIVE found (job_id) AS (
            SELECT (SELECT min(job_id) FROM run WHERE not_before IS NULL)
            UNION ALL
            SELECT (SELECT min(run.job_id) FROM run WHERE run.not_before IS NULL AND run.job_id > found.job_id)
            FROM found WHERE found.job_id IS NOT NULL)
        SELECT job_id FROM found WHERE job_id IS NOT NULL
        """
    );

    /// <summary>Every job that holds runs.</summary>
    public static ValueTask<List<long>> AllWithHeldAsync(DatabaseSession session) => session.QueryAsync(AllWithHeld, row => row.Int64(0));

    /// <summary>Fills the free slots of jobs from what they hold, oldest due first. The caller holds the jobs.</summary>
    public async ValueTask ReleaseAsync(DatabaseSession session, IReadOnlyList<long> of, DateTimeOffset now)
    {
        var holding = await session.QueryAsync(WithHeld, JobIds, of, row => row.Int64(0));
        foreach (var job in (await jobs.ByIdAsync(session, holding)).Values)
        {
            await FillAsync(session, job.Id, job.Definition.Slots, now);
        }
    }

    /// <summary>The same for one job whose number of slots has just become <paramref name="slots"/>.</summary>
    public static async ValueTask FillAsync(DatabaseSession session, long job, int? slots, DateTimeOffset now)
    {
        var taken = (await session.QueryAsync(Taken, row => row.Int64(0), ("job", job), ("now", now)))[0];
        var free = slots is { } some ? some - taken : int.MaxValue;
        if (free > 0)
        {
            var oldest = await session.QueryAsync(Oldest, row => row.Id(0), ("job", job), ("limit", free));
            await session.ExecuteAsync(LetGo, Ids, oldest, ("now", now));
        }
    }
}

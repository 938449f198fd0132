using Pontual.Engine.Audit;
using Pontual.Engine.Runs;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>Cancels a run, or asks its node to.</summary>
internal sealed class CancelStore(SlotStore slots)
{
    private static readonly Statement JobOf = new("SELECT job_id FROM run WHERE id = @id");
    private static readonly Statement NameOf = new(
        """
        SELECT job.tenant, job.name FROM (SELECT job_id FROM run WHERE id = @id UNION ALL SELECT job_id FROM run_history WHERE id = @id) AS found
        JOIN job ON job.id = found.job_id
        """
    );

    private static readonly Statement InHistory = new("SELECT 1 FROM run_history WHERE id = @id");

    public async ValueTask<CancelResult> CancelAsync(DatabaseSession session, Guid id, string reason, Actor? by, DateTimeOffset now)
    {
        var result = await CancelAsync(session, id, reason, now);
        if (by is not null && result is (CancelResult.Cancelled or CancelResult.Requested))
        {
            var job = (await session.QueryAsync(NameOf, row => KnownJobsStore.NameOf(row, 0), ("id", id)))[0];
            await AuditRowStore.AddAsync(
                session,
                new AuditLine(now, job.Tenant, by, "run.cancelled", id.ToString(), After: JobAudit.OfJob(job))
            );
        }

        return result;
    }

    private async ValueTask<CancelResult> CancelAsync(DatabaseSession session, Guid id, string reason, DateTimeOffset now)
    {
        var job = await session.QueryAsync(JobOf, row => row.Int64(0), ("id", id));
        if (job.Count > 0)
        {
            await KnownJobsStore.LockAsync(session, job);
            if ((await HotRunStore.EndAsync(session, [id], RunState.Pending, RunState.Cancelled, reason, now)).Count > 0)
            {
                await slots.ReleaseAsync(session, job, now);
                return CancelResult.Cancelled;
            }

            await HotRunStore.WishCancelAsync(session, [id], reason);
            if ((await session.QueryAsync(JobOf, row => row.Int64(0), ("id", id))).Count > 0)
            {
                return CancelResult.Requested;
            }
        }

        var ended = await session.QueryAsync(InHistory, row => row.Int64(0), ("id", id));
        return ended.Count > 0 ? CancelResult.AlreadyEnded : CancelResult.NotFound;
    }
}

using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>Cancels a run, or asks its node to.</summary>
internal sealed class CancelStore(SlotStore slots)
{
    private static readonly Statement JobOf = new("SELECT job_id FROM run WHERE id = @id");
    private static readonly Statement InHistory = new("SELECT 1 FROM run_history WHERE id = @id");

    public async ValueTask<CancelResult> CancelAsync(DatabaseSession session, Guid id, string reason, DateTimeOffset now)
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

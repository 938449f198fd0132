using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>The port of the rooms: one transaction for each call.</summary>
internal sealed class RunStore(PontualDatabase database, KnownJobsStore jobs, JobPlanStore plans, SlotStore slots) : IRunStore
{
    private readonly EnqueueStore _enqueue = new(plans);
    private readonly SettleStore _settle = new(slots);
    private readonly LostRunStore _lost = new(jobs);
    private readonly CancelStore _cancel = new(slots);

    public Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(
        IReadOnlyList<EnqueueRequest> requests,
        Func<EnqueueRequest, DueJob, EnqueueDecision> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.WriteAsync(session => _enqueue.EnqueueAsync(session, requests, decide), cancellation);

    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var (taken, nextReady) = await database.WriteAsync(session => ClaimStore.ClaimAsync(session, request), cancellation);

        // Jobs are read beside the next writer, not in its way.
        long[] ids = [.. taken.Select(row => row.Run.JobId).Distinct()];
        var known = ids.Length == 0 ? [] : await database.ReadAsync(session => jobs.ByIdAsync(session, ids), CancellationToken.None);
        return new ClaimResult(taken.ConvertAll(row => row.Lease(known[row.Run.JobId])), nextReady);
    }

    public Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation) =>
        database.WriteAsync(session => _settle.SettleAsync(session, settlements), cancellation);

    public Task<IReadOnlyList<LeasedRun>> FindLostAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.ReadAsync(session => _lost.FindAsync(session, now, limit), cancellation);

    public Task<CancelResult> RequestCancelAsync(Guid id, string reason, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(session => _cancel.CancelAsync(session, id, reason, now), cancellation);

    public Task<LeasedRun?> FindLeasedAsync(Guid id, CancellationToken cancellation) =>
        database.ReadAsync(session => _lost.FindAsync(session, id), cancellation);

    public Task<IReadOnlyList<LeasedRun>> FindClaimedAsync(string node, DateTimeOffset claimedAt, CancellationToken cancellation) =>
        database.ReadAsync(session => _lost.FindClaimedAsync(session, node, claimedAt), cancellation);

    public async Task SweepAsync(DateTimeOffset now, TimeSpan stuckAfter, CancellationToken cancellation) =>
        await database.WriteAsync(
            async session =>
            {
                var holding = await SlotStore.AllWithHeldAsync(session);
                await KnownJobsStore.LockAsync(session, holding);
                await slots.ReleaseAsync(session, holding, now);
                await _lost.EndStuckAsync(session, now, stuckAfter);
                return await PruneStore.PruneNodesAsync(session, now);
            },
            cancellation
        );

    public Task<int> PruneAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        database.WriteAsync(session => PruneStore.PruneAsync(session, before, limit), cancellation);
}

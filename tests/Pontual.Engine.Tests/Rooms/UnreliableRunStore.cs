using Pontual.Engine.Audit;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Tests.Rooms;

/// <summary>The real store, whose answers can fail or get lost on their way.</summary>
internal sealed class UnreliableRunStore(IRunStore store) : IRunStore
{
    /// <summary>Called before a settlement is written; may throw.</summary>
    public Action<IReadOnlyList<Settlement>> BeforeSettle { get; set; } = _ => { };

    /// <summary>The next claim is done, and its answer lost.</summary>
    public bool LosesNextClaim { get; set; }

    /// <summary>Called when a claim is done, before its answer is there.</summary>
    public Action AfterClaim { get; set; } = () => { };

    public int Settles { get; private set; }

    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var claim = await store.ClaimAsync(request, cancellation);
        AfterClaim();
        if (LosesNextClaim)
        {
            LosesNextClaim = false;
            throw new IOException("The connection was cut after the claim was committed.");
        }

        return claim;
    }

    public async Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation)
    {
        Settles++;
        BeforeSettle(settlements);
        return await store.SettleAsync(settlements, cancellation);
    }

    public Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(
        IReadOnlyList<EnqueueRequest> requests,
        Func<EnqueueRequest, DueJob, EnqueueDecision> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => store.EnqueueAsync(requests, decide, now, cancellation);

    public Task<IReadOnlyList<LeasedRun>> FindLostAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.FindLostAsync(now, limit, cancellation);

    public Task<CancelResult> RequestCancelAsync(Guid id, string reason, Actor? by, DateTimeOffset now, CancellationToken cancellation) =>
        store.RequestCancelAsync(id, reason, by, now, cancellation);

    public Task<LeasedRun?> FindLeasedAsync(Guid id, CancellationToken cancellation) => store.FindLeasedAsync(id, cancellation);

    public Task<IReadOnlyList<LeasedRun>> FindClaimedAsync(string node, DateTimeOffset claimedAt, CancellationToken cancellation) =>
        store.FindClaimedAsync(node, claimedAt, cancellation);

    public Task SweepAsync(DateTimeOffset now, TimeSpan stuckAfter, CancellationToken cancellation) =>
        store.SweepAsync(now, stuckAfter, cancellation);

    public Task<(long Runs, bool IsDone)> KeepDaysAsync(DateTimeOffset now, DateTimeOffset before, CancellationToken cancellation) =>
        store.KeepDaysAsync(now, before, cancellation);

    public Task<int> PruneAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        store.PruneAsync(before, limit, cancellation);
}

using Pontual.Engine.Audit;
using Pontual.Engine.Nodes;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>When on, every call to a store may fail before it did anything, or after it did everything (its answer is lost).</summary>
internal sealed class StoreWeather(Random random)
{
    public bool Bad { get; set; }

    public long Failures { get; private set; }

    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        if (Bad && random.Next(4) == 0)
        {
            Failures++;
            throw new IOException("simulated: the store did not take the call");
        }

        var answer = await call();
        if (Bad && random.Next(6) == 0)
        {
            Failures++;
            throw new IOException("simulated: the store's answer was lost");
        }

        return answer;
    }

    public Task CallAsync(Func<Task> call) =>
        CallAsync(async () =>
        {
            await call();
            return true;
        });
}

internal sealed class FailingPlans(IPlanStore store, StoreWeather weather) : IPlanStore
{
    public Task<PlanResult> PlanAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        Func<DueJob, JobPlan?> decide,
        CancellationToken cancellation
    ) => weather.CallAsync(() => store.PlanAsync(now, until, limit, decide, cancellation));
}

internal sealed class FailingNodes(INodeStore store, StoreWeather weather) : INodeStore
{
    public Task<bool> RegisterAsync(NodeRecord node, bool isFirstStay, DateTimeOffset now, CancellationToken cancellation) =>
        weather.CallAsync(() => store.RegisterAsync(node, isFirstStay, now, cancellation));

    public Task<Renewal> RenewAsync(
        string node,
        DateTimeOffset now,
        DateTimeOffset until,
        NodeCondition condition,
        CancellationToken cancellation
    ) => weather.CallAsync(() => store.RenewAsync(node, now, until, condition, cancellation));

    public Task LeaveAsync(string node, DateTimeOffset now, NodeCondition condition, CancellationToken cancellation) =>
        weather.CallAsync(() => store.LeaveAsync(node, now, condition, cancellation));

    // Processes are simulated inside one real process: nobody's pid is gone.
    public Task<IReadOnlyList<string>> ReapAsync(
        string host,
        Func<NodeRecord, bool> isAlive,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<IReadOnlyList<NodeRecord>> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation);
}

internal sealed class FailingRuns(IRunStore store, StoreWeather weather) : IRunStore
{
    public Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(
        IReadOnlyList<EnqueueRequest> requests,
        Func<EnqueueRequest, DueJob, EnqueueDecision> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => weather.CallAsync(() => store.EnqueueAsync(requests, decide, now, cancellation));

    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        weather.CallAsync(() => store.ClaimAsync(request, cancellation));

    public Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation) =>
        weather.CallAsync(() => store.SettleAsync(settlements, cancellation));

    public Task<IReadOnlyList<LeasedRun>> FindLostAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        weather.CallAsync(() => store.FindLostAsync(now, limit, cancellation));

    public Task<CancelResult> RequestCancelAsync(Guid id, string reason, Actor? by, DateTimeOffset now, CancellationToken cancellation) =>
        weather.CallAsync(() => store.RequestCancelAsync(id, reason, by, now, cancellation));

    public Task<LeasedRun?> FindLeasedAsync(Guid id, CancellationToken cancellation) =>
        weather.CallAsync(() => store.FindLeasedAsync(id, cancellation));

    public Task<IReadOnlyList<LeasedRun>> FindClaimedAsync(string node, DateTimeOffset claimedAt, CancellationToken cancellation) =>
        weather.CallAsync(() => store.FindClaimedAsync(node, claimedAt, cancellation));

    public Task SweepAsync(DateTimeOffset now, TimeSpan stuckAfter, CancellationToken cancellation) =>
        weather.CallAsync(() => store.SweepAsync(now, stuckAfter, cancellation));

    public Task<(long Runs, bool IsDone)> KeepDaysAsync(DateTimeOffset now, DateTimeOffset before, CancellationToken cancellation) =>
        weather.CallAsync(() => store.KeepDaysAsync(now, before, cancellation));

    public Task<int> PruneAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        weather.CallAsync(() => store.PruneAsync(before, limit, cancellation));
}

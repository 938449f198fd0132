namespace Pontual.Engine.Workers;

/// <summary>Keeps programs outside among the nodes, and the leases of what they hold. All may be called concurrently.</summary>
public interface IWorkerStore
{
    /// <summary>Enters a worker as a node, or prolongs its stay.</summary>
    /// <param name="worker">Which one.</param>
    /// <param name="now">The instant of its call.</param>
    /// <param name="until">How long it counts as there at least.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task EnterAsync(WorkerName worker, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Renews the leases of runs that a worker holds, never beyond their jobs' timeouts, and keeps what they printed; one transaction.</summary>
    /// <returns>For each run, in order: false when it is not to go on, because it is no longer held by that token, its time is over, or somebody wished to cancel it.</returns>
    Task<IReadOnlyList<bool>> HoldAsync(WorkerName worker, IReadOnlyList<HeldRun> runs, HoldTerms terms, CancellationToken cancellation);
}

/// <summary>A run that a worker says it holds.</summary>
/// <param name="RunId">The run.</param>
/// <param name="LeaseToken">The fencing token of its claim.</param>
/// <param name="Output">What it printed since the last call; null for nothing.</param>
public sealed record HeldRun(Guid RunId, long LeaseToken, string? Output = null);

/// <summary>By what terms leases are renewed.</summary>
/// <param name="Now">The instant of the call.</param>
/// <param name="Lease">How long a run is held without another sign.</param>
/// <param name="KeptBytes">Most bytes of output kept for one attempt.</param>
public sealed record HoldTerms(DateTimeOffset Now, TimeSpan Lease, int KeptBytes)
{
    /// <summary>How long the worker itself counts as there: longer than anything it holds.</summary>
    public DateTimeOffset Stay => Now + (2 * Lease);
}

namespace Pontual.Engine.Nodes;

/// <summary>Keeps nodes and their leases. All may be called concurrently.</summary>
public interface INodeStore
{
    /// <summary>Enters a node, with a lease until <see cref="NodeRecord.LeaseUntil"/>. The first stay of a scheduler's process, while no other scheduler's
    /// lease holds, is a start of the system: jobs that are due at each start become due at <paramref name="now"/>. Of two that enter at once, one is first.</summary>
    /// <param name="node">The node.</param>
    /// <param name="isFirstStay">False: the process was entered before, under another id.</param>
    /// <param name="now">The instant of the entry.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Whether jobs became due.</returns>
    Task<bool> RegisterAsync(NodeRecord node, bool isFirstStay, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Renews a node's lease, keeps how it does, and brings it the wishes to cancel what it runs. On a connection of its own. On PostgreSQL it also reads
    /// the database's clock.</summary>
    Task<Renewal> RenewAsync(
        string node,
        DateTimeOffset now,
        DateTimeOffset until,
        NodeCondition condition,
        CancellationToken cancellation
    );

    /// <summary>Ends a node's lease because it stops: what it still holds is lost at once.</summary>
    Task LeaveAsync(string node, DateTimeOffset now, NodeCondition condition, CancellationToken cancellation);

    /// <summary>Ends the leases of nodes on the same host whose process is gone, without waiting for their time.</summary>
    /// <param name="host">This host.</param>
    /// <param name="isAlive">Whether process (pid, start mark) still runs here.</param>
    /// <param name="now">The instant of judgement.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The nodes found dead.</returns>
    Task<IReadOnlyList<string>> ReapAsync(string host, Func<NodeRecord, bool> isAlive, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Nodes seen in the last day, newest first.</summary>
    Task<IReadOnlyList<NodeRecord>> ListAsync(CancellationToken cancellation);
}

/// <summary>A process that plans, claims or serves.</summary>
/// <param name="Id">Unique for each start of a process: host, pid and random letters, never the host name alone.</param>
/// <param name="Host">Machine (or container) name.</param>
/// <param name="Pid">Process id there.</param>
/// <param name="ProcessMark">What tells this process from a later one with the same pid (its start time as the system gives it).</param>
/// <param name="Version">Pontual's version.</param>
/// <param name="Roles">What it does: api, scheduler, worker.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="LeaseUntil">Its lease; past means lost.</param>
/// <param name="LeftAt">When it stopped by itself; null while it runs, or when it was lost.</param>
/// <param name="SeenAt">Its last renewal; null before the first.</param>
/// <param name="Condition">How it did then.</param>
public sealed record NodeRecord(
    string Id,
    string Host,
    int Pid,
    string ProcessMark,
    string Version,
    IReadOnlyList<string> Roles,
    DateTimeOffset StartedAt,
    DateTimeOffset LeaseUntil,
    DateTimeOffset? LeftAt = null,
    DateTimeOffset? SeenAt = null,
    NodeCondition Condition = default
);

/// <summary>How a node does, as it says with each renewal.</summary>
/// <param name="Active">Attempts that it runs, or that are open at their targets.</param>
/// <param name="RefusedWrites">Results of this stay that were not recorded, because the node no longer held the run.</param>
/// <param name="ClockOffset">Its wall clock less the database's, to the millisecond; null where it is not measured (SQLite).</param>
/// <param name="DrainingSince">Since when it takes no more work because it stops; null while it does not.</param>
public readonly record struct NodeCondition(
    int Active = 0,
    long RefusedWrites = 0,
    TimeSpan? ClockOffset = null,
    DateTimeOffset? DrainingSince = null
)
{
    /// <summary>The disk of its data folder; null where it is not looked at.</summary>
    public DiskSpace? Disk { get; init; }

    /// <summary>How long the quickest of its last five heartbeats took to be answered; null before the fifth.</summary>
    public TimeSpan? RoundTrip { get; init; }
}

/// <summary>How much room a disk has, in bytes.</summary>
/// <param name="Free">What is left to this process.</param>
/// <param name="Size">All of it.</param>
public readonly record struct DiskSpace(long Free, long Size);

/// <summary>The answer to a renewal.</summary>
/// <param name="Held">False: the lease had ended or the node was declared dead. It must stop all it runs and enter anew under another id.</param>
/// <param name="Cancel">Runs of this node that are to be cancelled.</param>
public sealed record Renewal(bool Held, IReadOnlyList<CancelWish> Cancel);

/// <summary>A wish to cancel a running run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="LeaseToken">The claim that is meant.</param>
/// <param name="Reason">A word of <c>RunReason</c>.</param>
public sealed record CancelWish(Guid RunId, long LeaseToken, string Reason);

namespace Pontual.Engine.Nodes;

/// <summary>The runs held under the node's lease: told what concerns them, asked how many they are. No call may block or throw.</summary>
internal interface ILeaseWatcher
{
    /// <summary>Attempts that run or are deferred.</summary>
    int Active { get; }

    /// <summary>Results of this process that were not recorded because their run was no longer held.</summary>
    long RefusedWrites { get; }

    /// <summary>The lease is over while the process lives: what runs under it must stop now, and its results are worth nothing.</summary>
    void LeaseLost(HeldLease lease);

    /// <summary>Somebody wishes that a run of this node is cancelled. May be told more than once.</summary>
    void CancelWished(CancelWish wish);
}

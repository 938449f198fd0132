namespace Pontual.Engine.Nodes;

/// <summary>Is told by the node's lease what concerns the runs held under it. Neither call may block or throw.</summary>
internal interface ILeaseWatcher
{
    /// <summary>The lease is over while the process lives: what runs under it must stop now, and its results are worth nothing.</summary>
    void LeaseLost(HeldLease lease);

    /// <summary>Somebody wishes that a run of this node is cancelled. May be told more than once.</summary>
    void CancelWished(CancelWish wish);
}

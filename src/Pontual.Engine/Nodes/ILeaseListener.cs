namespace Pontual.Engine.Nodes;

/// <summary>Hears of every confirmed renewal of this node's lease, so that what runs outside this process can be ended even when the process itself
/// is stopped. All registered listeners are told, after the registration too.</summary>
public interface ILeaseListener
{
    /// <summary>The lease holds. Must return at once and not throw.</summary>
    /// <param name="stopsAfter">From now until the node must have stopped its attempts unless it renews again (7 s after the start of the renewal).</param>
    void Renewed(TimeSpan stopsAfter);
}

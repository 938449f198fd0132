namespace Pontual.Engine.Nodes;

/// <summary>One stay of this process among the nodes: from its entry under an id until it leaves or loses its lease. Then it is over for good.</summary>
/// <remarks>Judged by monotonic time, from the start of the last renewal that was confirmed: a stepped wall clock neither ends nor prolongs it.</remarks>
public sealed class HeldLease
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _stopAfter;
    private long _confirmed;
    private volatile bool _lost;

    internal HeldLease(string node, TimeSpan stopAfter, TimeProvider time)
    {
        Node = node;
        _time = time;
        _stopAfter = stopAfter;
        _confirmed = time.GetTimestamp();
        StillHolds = () => Holds;
    }

    /// <summary>The node's id during this stay.</summary>
    public string Node { get; }

    /// <summary>Set once, when the lease ended while this process lived: nothing claimed under it may go on or be recorded.</summary>
    public bool Lost => _lost;

    /// <summary>Whether work may be taken and begun under it.</summary>
    public bool Holds => !_lost && SinceConfirmed < _stopAfter;

    /// <summary><see cref="Holds"/> as a question to hand on: one for the whole stay, not one for each attempt.</summary>
    internal Func<bool> StillHolds { get; }

    internal TimeSpan SinceConfirmed => _time.GetElapsedTime(Volatile.Read(ref _confirmed));

    internal TimeSpan Left => _stopAfter - SinceConfirmed;

    internal void Confirm(long startedAt) => Volatile.Write(ref _confirmed, startedAt);

    internal void Lose() => _lost = true;
}

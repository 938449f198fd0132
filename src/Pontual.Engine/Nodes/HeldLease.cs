namespace Pontual.Engine.Nodes;

/// <summary>One stay of this process among the nodes: from its entry under an id until it leaves or loses its lease. Then it is over for good.</summary>
/// <remarks>Judged by monotonic time, from the start of the last renewal that was confirmed: a stepped wall clock neither ends nor prolongs it.</remarks>
public sealed class HeldLease
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _stopAfter;
    private readonly Func<bool> _mayHaveSlept;
    private long _confirmed;
    private volatile bool _lost;

    /// <param name="node">The node's id.</param>
    /// <param name="stopAfter">How long after a confirmed renewal it ends by itself.</param>
    /// <param name="time">Counts that time.</param>
    /// <param name="mayHaveSlept">Whether this machine may have been suspended since: that time is not counted.</param>
    internal HeldLease(string node, TimeSpan stopAfter, TimeProvider time, Func<bool> mayHaveSlept)
    {
        Node = node;
        _time = time;
        _stopAfter = stopAfter;
        _confirmed = time.GetTimestamp();
        _mayHaveSlept = mayHaveSlept;
        MayBegin = () => Holds && !_mayHaveSlept();
    }

    /// <summary>The node's id during this stay.</summary>
    public string Node { get; }

    /// <summary>Set once, when the lease ended while this process lived: nothing claimed under it may go on or be recorded.</summary>
    public bool Lost => _lost;

    /// <summary>Whether it has not ended, as far as the counted time tells.</summary>
    public bool Holds => !_lost && SinceConfirmed < _stopAfter;

    /// <summary>Whether work may be taken and begun under it: it holds, and this machine was not suspended since the last renewal, which may have outlasted it.
    /// As a question to hand on: one for the whole stay, not one for each attempt.</summary>
    internal Func<bool> MayBegin { get; }

    internal TimeSpan SinceConfirmed => _time.GetElapsedTime(Volatile.Read(ref _confirmed));

    internal TimeSpan Left => _stopAfter - SinceConfirmed;

    internal void Confirm(long startedAt) => Volatile.Write(ref _confirmed, startedAt);

    internal void Lose() => _lost = true;
}

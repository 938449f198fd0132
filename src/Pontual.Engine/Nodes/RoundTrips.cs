namespace Pontual.Engine.Nodes;

/// <summary>How long the last heartbeats took to be answered.</summary>
internal sealed class RoundTrips
{
    private const int Kept = 5;

    private readonly Queue<TimeSpan> _last = new();
    private readonly Lock _gate = new();

    /// <summary>The quickest of the last five, so that a single slow one says nothing; null before the fifth.</summary>
    public TimeSpan? Quickest
    {
        get
        {
            lock (_gate)
            {
                return _last.Count < Kept ? null : _last.Min();
            }
        }
    }

    /// <summary>One was answered.</summary>
    public void Add(TimeSpan took)
    {
        lock (_gate)
        {
            _last.Enqueue(took);
            if (_last.Count > Kept)
            {
                _last.Dequeue();
            }
        }
    }
}

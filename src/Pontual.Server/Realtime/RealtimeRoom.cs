namespace Pontual.Server.Realtime;

/// <summary>How many may listen at once, so that listeners leave room for everybody else.</summary>
internal sealed class RealtimeRoom
{
    /// <summary>Most WebSockets.</summary>
    public const int MostSockets = 5_000;

    /// <summary>Most event streams and waiting polls: they are ordinary connections, of which a server takes 1,000.</summary>
    public const int MostStreams = 500;

    private int _sockets;
    private int _streams;

    /// <summary>Takes a place for a socket; null when none is free. Dispose of it to give it back.</summary>
    public IDisposable? EnterSocket() => Enter(ref _sockets, MostSockets, () => Interlocked.Decrement(ref _sockets));

    /// <summary>Takes a place for a stream or poll; null when none is free. Dispose of it to give it back.</summary>
    public IDisposable? EnterStream() => Enter(ref _streams, MostStreams, () => Interlocked.Decrement(ref _streams));

    private static Place? Enter(ref int taken, int most, Action leave)
    {
        if (Interlocked.Increment(ref taken) <= most)
        {
            return new Place(leave);
        }

        leave();
        return null;
    }

    private sealed class Place(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

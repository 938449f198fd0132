namespace Pontual.Server.Realtime;

/// <summary>The latest events of the log, bounded, for all who listen. Cursors have no gaps, so that each event is found by its own.</summary>
internal sealed class EventWindow(int mostEvents = 16_384, int mostBytes = 8 << 20)
{
    /// <summary>Events looked through in one go, so that nobody is kept waiting.</summary>
    private const int MostLookedAt = 1_024;

    private readonly Lock _gate = new();
    private readonly EventMessage[] _ring = new EventMessage[mostEvents];
    private long _from = long.MaxValue;
    private long _to = long.MaxValue;
    private int _bytes;

    /// <summary>Begins anew, empty: what follows a cursor will be added.</summary>
    public void Restart(long cursor)
    {
        lock (_gate)
        {
            Array.Clear(_ring);
            (_from, _to, _bytes) = (cursor, cursor, 0);
        }
    }

    /// <summary>Adds what follows; the oldest makes room.</summary>
    public void Add(IReadOnlyList<EventMessage> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                while (_to - _from == _ring.Length || (_to > _from && _bytes + message.Json.Length > mostBytes))
                {
                    DropOldest();
                }

                _ring[message.Cursor % _ring.Length] = message;
                _to = message.Cursor;
                _bytes += message.Json.Length;
            }
        }
    }

    /// <summary>Takes what a subscription wants of what follows a cursor.</summary>
    /// <param name="after">The cursor; afterwards that up to which was looked.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="into">Takes it.</param>
    /// <param name="most">No more than this are taken.</param>
    /// <param name="isMore">Whether more may follow.</param>
    /// <returns>False where the window does not reach back so far.</returns>
    public bool TryTake(ref long after, Subscription wanted, List<EventMessage> into, int most, out bool isMore)
    {
        lock (_gate)
        {
            if (after < _from)
            {
                isMore = true;
                return false;
            }

            var last = Math.Min(_to, after + MostLookedAt);
            while (after < last && into.Count < most)
            {
                var message = _ring[++after % _ring.Length];
                if (wanted.Matches(message))
                {
                    into.Add(message);
                }
            }

            isMore = after < _to;
            return true;
        }
    }

    private void DropOldest()
    {
        ref var oldest = ref _ring[++_from % _ring.Length];
        _bytes -= oldest.Json.Length;
        oldest = null!;
    }
}

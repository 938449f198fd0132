using Pontual.Engine.Events;

namespace Pontual.Server.Realtime;

/// <summary>One client's way through the log: from the window where that reaches back far enough, else from the log itself. It keeps nothing but its place.</summary>
/// <remarks>Used by one caller at a time, but for <see cref="Hears"/> and the bell.</remarks>
internal sealed class Listener(IEventStore log, EventWindow window, Action<Listener> leave) : IDisposable
{
    /// <summary>Events read from the log at once.</summary>
    private const int MostRead = 250;

    /// <summary>Events taken at once.</summary>
    public const int MostTaken = 64;

    private volatile Subscription? _wanted;
    private long _cursor;
    private long _newest;

    /// <summary>Rung when there may be something for it, and at least once a second.</summary>
    public Bell Bell { get; } = new();

    /// <summary>All up to here has been taken.</summary>
    public long Cursor => _cursor;

    /// <summary>What it wants; null for nothing yet.</summary>
    public Subscription? Wanted => _wanted;

    /// <summary>Listens to something from a cursor on.</summary>
    /// <param name="wanted">What it wants.</param>
    /// <param name="after">The cursor.</param>
    /// <param name="newest">The log is known to go on up to here: until there the window is not believed to be all there is.</param>
    public void Listen(Subscription? wanted, long after, long newest = 0) => (_wanted, _cursor, _newest) = (wanted, after, newest);

    /// <summary>Whether it wants one of these.</summary>
    public bool Hears(IReadOnlyList<EventMessage> messages)
    {
        if (_wanted is not { } wanted)
        {
            return false;
        }

        foreach (var message in messages)
        {
            if (wanted.Matches(message))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes what there is next; nothing when all was taken.</summary>
    /// <returns>False when what followed its cursor is not kept any more.</returns>
    public async Task<bool> TakeAsync(List<EventMessage> into, CancellationToken cancellation)
    {
        into.Clear();
        for (var isMore = true; isMore && into.Count == 0; )
        {
            var isCovered = window.TryTake(ref _cursor, _wanted!, into, MostTaken, out isMore);
            if (isCovered && (isMore || into.Count > 0 || _cursor >= _newest))
            {
                continue;
            }

            if (await log.ReadAsync(_cursor, MostRead, cancellation) is not { } stretch)
            {
                return false;
            }

            into.AddRange(stretch.Events.Select(EventMessage.Of).Where(_wanted!.Matches));
            isMore = stretch.Next > _cursor;
            _cursor = stretch.Next;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => leave(this);
}

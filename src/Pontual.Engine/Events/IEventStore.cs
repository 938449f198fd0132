namespace Pontual.Engine.Events;

/// <summary>Reads the log of events. What changes something writes its events in its own transaction, so that none is lost and none tells of what was undone.</summary>
/// <remarks>All may be called concurrently, by every node.</remarks>
public interface IEventStore
{
    /// <summary>Gives what was committed since the last time its place in the log. Where the database has one writer, that has happened already.</summary>
    /// <returns>Whether more may wait: call it again.</returns>
    Task<bool> RelayAsync(CancellationToken cancellation);

    /// <summary>The log from end to end.</summary>
    Task<EventBounds> BoundsAsync(CancellationToken cancellation);

    /// <summary>What follows a cursor: at least one event where there is one, and at most about <paramref name="most"/>, or some hundreds.</summary>
    /// <returns>Null when something that followed is not kept any more, or the cursor is not of this log.</returns>
    Task<EventStretch?> ReadAsync(long after, int most, CancellationToken cancellation);

    /// <summary>Forgets stretches of the log that ended before an instant, or lie further back than so many events; the last one stays.</summary>
    /// <returns>Whether more is left to forget.</returns>
    Task<bool> PruneAsync(DateTimeOffset before, long mostEvents, CancellationToken cancellation);
}

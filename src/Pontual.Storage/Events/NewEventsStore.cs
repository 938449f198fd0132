using Pontual.Storage.Database;

namespace Pontual.Storage.Events;

/// <summary>Writes events in the transaction of what they tell.</summary>
/// <remarks>
/// SQLite has one writer: an event gets its cursor when it is written. On PostgreSQL a cursor given before the commit could become visible after a
/// higher one, and whoever had read that would miss it: there events wait in <c>event_new</c>, and the relay gives them their places
/// (<see cref="EventRelayStore"/>).
/// </remarks>
internal static class NewEventsStore
{
    private static readonly Statement Write = new(
        postgreSql: "INSERT INTO event_new (at, count, body) VALUES (@at, @count, convert_from(@body, 'UTF8'))",
        sqlite: """
        INSERT INTO event (cursor, at, count, body)
        SELECT coalesce((SELECT max(cursor) FROM event), 0) + @count, @at, @count, CAST(@body AS TEXT)
        """
    );

    /// <summary>Writes events in this order; none costs nothing.</summary>
    public static async ValueTask WriteAsync(DatabaseSession session, EventLines events)
    {
        foreach (var row in events.Rows)
        {
            session.WritesEvents = true;
            await session.ExecuteAsync(Write, ("at", row.At), ("count", row.Count), ("body", row.Body));
        }
    }
}

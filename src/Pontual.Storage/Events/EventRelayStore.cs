using Pontual.Storage.Database;

namespace Pontual.Storage.Events;

/// <summary>Moves what transactions left in <c>event_new</c> into the log, on PostgreSQL: one node at a time, under the lock of one row.</summary>
/// <remarks>
/// Whoever has the lock sees all that was committed before it looks, and gives it the next cursors: what a transaction wrote comes before what another one
/// did that saw it, and what is still open gets its place after it is committed. Nobody waits for an open transaction.
/// </remarks>
internal sealed class EventRelayStore(PontualDatabase database, TimeProvider time)
{
    private const int MostRows = 200;

    /// <summary>A look from the start that takes no longer is not worth leaving out.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private static readonly Statement Hold = PostgreSql("SELECT cursor FROM event_head FOR UPDATE SKIP LOCKED");

    private static readonly Statement Waiting = PostgreSql("SELECT 1 WHERE EXISTS (SELECT 1 FROM event_new WHERE seq > @from)");

    // Small transactions share a row of the log: about as many events as a row may have.
    private static readonly Statement Move = PostgreSql(
        """
        WITH first_ones AS MATERIALIZED (SELECT seq FROM event_new WHERE seq > @from ORDER BY seq LIMIT @most),
        taken AS (DELETE FROM event_new USING first_ones WHERE event_new.seq = first_ones.seq RETURNING event_new.seq, at, count, body),
        placed AS (SELECT seq, at, count, body, sum(count) OVER (ORDER BY seq) AS place FROM taken),
        logged AS (
            INSERT INTO event (cursor, at, count, body)
            SELECT @head + max(place), max(at), sum(count), string_agg(body, E'\n' ORDER BY seq) FROM placed GROUP BY (place - count) / 250),
        moved AS (SELECT count(*) AS transactions, max(seq) AS last, sum(count) AS events FROM taken)
        UPDATE event_head SET cursor = @head + moved.events FROM moved WHERE moved.transactions > 0
        RETURNING moved.transactions, moved.last
        """
    );

    private long _from;
    private long _lookedAt = long.MinValue;
    private TimeSpan _rest;

    /// <summary>Moves a few hundred transactions.</summary>
    /// <returns>Whether more may be left.</returns>
    public async Task<bool> RelayAsync(CancellationToken cancellation)
    {
        if (database.Dialect is Dialect.Sqlite)
        {
            return false;
        }

        var from = From();
        var began = time.GetTimestamp();
        if (
            (await database.ReadAsync(session => session.QueryAsync(Waiting, row => row.Int64(0), ("from", from)), cancellation)).Count == 0
        )
        {
            Looked(from, began);
            return false;
        }

        var (moved, last) = await database.WriteAsync(session => MoveAsync(session, from), cancellation);
        Looked(from, began);
        _from = Math.Max(_from, last);
        return moved is null or MostRows;
    }

    /// <returns>How many transactions were moved, and the highest of them; null when another node is at it.</returns>
    private static async ValueTask<(long? Moved, long Last)> MoveAsync(DatabaseSession session, long from)
    {
        if (await session.QueryAsync(Hold, row => row.Int64(0)) is not [var head])
        {
            return (null, 0);
        }

        var moved = await session.QueryAsync(Move, row => (row.Int64(0), row.Int64(1)), ("from", from), ("most", MostRows), ("head", head));
        return moved is [var (count, last)] ? (count, last) : (0, 0);
    }

    /// <summary>
    /// Where to look. The index keeps what was moved until a vacuum, and for as long as anybody's transaction is open: a look from the start that has
    /// become slow is taken once a second, and in between only what came after the last one is looked at.
    /// </summary>
    private long From() => _lookedAt != long.MinValue && time.GetElapsedTime(_lookedAt) < _rest ? _from : 0;

    private void Looked(long from, long began)
    {
        if (from == 0)
        {
            _rest = time.GetElapsedTime(began) > Short ? Rest : TimeSpan.Zero;
            _lookedAt = time.GetTimestamp();
        }
    }

    private static Statement PostgreSql(string text) => new(text, sqlite: "SELECT 1");
}

using Pontual.Engine.Requests;
using Pontual.Storage.Database;

namespace Pontual.Storage.Requests;

/// <summary>The port of idempotency keys.</summary>
internal sealed class IdempotencyStore(PontualDatabase database) : IIdempotencyStore
{
    /// <summary>After this a key that was taken and neither answered nor released was left behind by a process that died.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private static readonly TimeSpan BetweenPrunes = TimeSpan.FromMinutes(5);

    private const string ByKey = "tenant = @tenant AND caller = @caller AND key = @key";

    // Counting makes the row ours until the transaction ends, whether it was there or not, and tells which.
    private static readonly Statement Ask = new(
        """
        INSERT INTO idempotency (tenant, caller, key, fingerprint, first_at, taken_at, asked)
        VALUES (@tenant, @caller, @key, @fingerprint, @now, @now, 1)
        ON CONFLICT (tenant, caller, key) DO UPDATE SET asked = idempotency.asked + 1
        RETURNING asked, fingerprint, first_at, taken_at, status, location, etag, content_type, body
        """
    );

    private static readonly Statement Begin = new(
        $"""
        UPDATE idempotency SET fingerprint = @fingerprint, first_at = @first, taken_at = @now,
            status = NULL, location = NULL, etag = NULL, content_type = NULL, body = NULL
        WHERE {ByKey}
        """
    );

    private static readonly Statement Keep = new(
        $"""
        UPDATE idempotency SET status = @status, location = @location, etag = @etag, content_type = @type, body = @body WHERE {ByKey}
        """
    );

    private static readonly Statement Drop = new($"DELETE FROM idempotency WHERE {ByKey} AND status IS NULL");

    private static readonly Statement Prune = new(
        """
        DELETE FROM idempotency WHERE (tenant, caller, key) IN (
            SELECT tenant, caller, key FROM idempotency WHERE first_at < @before ORDER BY first_at LIMIT 1000)
        """
    );

    private long _nextPrune;

    public Task<KeyState> TakeAsync(
        IdempotencyKey key,
        ReadOnlyMemory<byte> fingerprint,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.WriteAsync(session => TakeAsync(session, key, fingerprint, now), cancellation);

    public async Task AnswerAsync(IdempotencyKey key, KeptAnswer answer, DateTimeOffset now, CancellationToken cancellation)
    {
        await database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    Keep,
                    [
                        ("status", answer.Status),
                        ("location", answer.Location),
                        ("etag", answer.ETag),
                        ("type", answer.ContentType),
                        ("body", answer.Body?.ToArray()),
                        .. Named(key),
                    ]
                ),
            cancellation
        );
        await PruneAsync(now, cancellation);
    }

    public Task ReleaseAsync(IdempotencyKey key, CancellationToken cancellation) =>
        database.WriteAsync(session => session.ExecuteAsync(Drop, Named(key)), cancellation);

    private static async ValueTask<KeyState> TakeAsync(
        DatabaseSession session,
        IdempotencyKey key,
        ReadOnlyMemory<byte> fingerprint,
        DateTimeOffset now
    )
    {
        var found = (await session.QueryAsync(Ask, Read, [("fingerprint", fingerprint), ("now", now), .. Named(key)]))[0];
        if (found.Asked == 1)
        {
            return new KeyState.Taken(now);
        }

        var isOld = found.FirstAt < now - Kept;
        if (!isOld && !fingerprint.Span.SequenceEqual(found.Fingerprint))
        {
            return new KeyState.OtherRequest();
        }

        if (!isOld && found.Answer is { } answer)
        {
            return new KeyState.Answered(answer);
        }

        if (!isOld && found.TakenAt > now - Patience)
        {
            return new KeyState.InProgress();
        }

        var first = isOld ? now : found.FirstAt;
        await session.ExecuteAsync(Begin, [("fingerprint", fingerprint), ("first", first), ("now", now), .. Named(key)]);
        return new KeyState.Taken(first);
    }

    /// <summary>Apart from any key's transaction, so that two of them never wait for each other's rows.</summary>
    private async Task PruneAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var due = Volatile.Read(ref _nextPrune);
        if (now.UtcTicks >= due && Interlocked.CompareExchange(ref _nextPrune, (now + BetweenPrunes).UtcTicks, due) == due)
        {
            await database.WriteAsync(session => session.ExecuteAsync(Prune, ("before", now - Kept)), cancellation);
        }
    }

    private static (string Name, Value Value)[] Named(IdempotencyKey key) =>
        [("tenant", key.Tenant.ToString()), ("caller", key.Caller), ("key", key.Key)];

    private static Found Read(Row row) =>
        new(
            row.Int64(0),
            row.Bytes(1),
            row.Instant(2),
            row.Instant(3),
            row.Int32OrNull(4) is { } status
                ? new KeptAnswer(
                    status,
                    row.TextOrNull(5),
                    row.TextOrNull(6),
                    row.TextOrNull(7),
                    row.IsNull(8) ? (ReadOnlyMemory<byte>?)null : row.Bytes(8)
                )
                : null
        );

    private sealed record Found(long Asked, byte[] Fingerprint, DateTimeOffset FirstAt, DateTimeOffset TakenAt, KeptAnswer? Answer);
}

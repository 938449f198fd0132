using Pontual.Engine.Access;
using Pontual.Storage.Database;

namespace Pontual.Storage.Access;

/// <summary>The port of logins that hold.</summary>
internal sealed class SessionStore(PontualDatabase database) : ISessionStore
{
    private static readonly Statement Insert = new(
        "INSERT INTO user_session (hash, user_id, created_at, seen_at, expires_at) VALUES (@hash, @user, @created, @seen, @expires)"
    );

    private static readonly Statement DropEnded = new("DELETE FROM user_session WHERE user_id = @user AND expires_at <= @now");

    private static readonly Statement ByHash = new(
        $"""
        SELECT {UserRowStore.Columns}, user_session.created_at, seen_at, expires_at
        FROM user_session JOIN user_account ON user_account.id = user_session.user_id
        WHERE hash = @hash
        """
    );

    private static readonly Statement Touch = new("UPDATE user_session SET seen_at = @minute WHERE hash = @hash AND seen_at < @minute");
    private static readonly Statement End = new("DELETE FROM user_session WHERE hash = @hash");

    public Task AddAsync(UserSession session, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async transaction =>
            {
                await transaction.ExecuteAsync(DropEnded, ("user", session.UserId), ("now", now));
                return await transaction.ExecuteAsync(
                    Insert,
                    ("hash", session.Hash),
                    ("user", session.UserId),
                    ("created", session.CreatedAt),
                    ("seen", session.SeenAt),
                    ("expires", session.ExpiresAt)
                );
            },
            cancellation
        );

    public async Task<(UserSession Session, User User)?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(session => session.QueryAsync(ByHash, row => Read(row, hash), ("hash", hash)), cancellation);
        return found.Count == 0 ? null : found[0];
    }

    public Task TouchAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellation)
    {
        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return database.WriteAsync(session => session.ExecuteAsync(Touch, ("hash", hash), ("minute", minute)), cancellation);
    }

    public Task EndAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation) =>
        database.WriteAsync(session => session.ExecuteAsync(End, ("hash", hash)), cancellation);

    private static (UserSession Session, User User) Read(Row row, ReadOnlyMemory<byte> hash)
    {
        var user = UserRowStore.Read(row);
        const int Next = UserRowStore.Count;
        return (new UserSession(hash, user.Id, row.Instant(Next), row.Instant(Next + 1), row.Instant(Next + 2)), user);
    }
}

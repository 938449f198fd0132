namespace Pontual.Engine.Access;

/// <summary>A login that holds, as it is kept: never the cookie itself.</summary>
/// <param name="Hash">SHA-256 of the cookie's secret (256 random bits).</param>
/// <param name="UserId">Whose.</param>
/// <param name="CreatedAt">When the user logged in.</param>
/// <param name="SeenAt">When it was last used, to the minute.</param>
/// <param name="ExpiresAt">When it ends however much it is used.</param>
public sealed record UserSession(
    ReadOnlyMemory<byte> Hash,
    string UserId,
    DateTimeOffset CreatedAt,
    DateTimeOffset SeenAt,
    DateTimeOffset ExpiresAt
);

/// <summary>Keeps logins, so that every node knows them and one that is ended is refused everywhere at once.</summary>
public interface ISessionStore
{
    /// <summary>Adds a session, and forgets the user's that have ended.</summary>
    Task AddAsync(UserSession session, DateTimeOffset now, CancellationToken cancellation);

    /// <returns>The session and its user as of now; null when it is unknown. Whether it has expired is for the caller to say.</returns>
    Task<(UserSession Session, User User)?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation);

    /// <summary>Notes that a session was used.</summary>
    Task TouchAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends a session; one that is unknown has ended already.</summary>
    Task EndAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation);
}

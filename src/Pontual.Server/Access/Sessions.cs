using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pontual.Engine.Access;
using Pontual.Engine.Runs;

namespace Pontual.Server.Access;

/// <summary>Logins that hold: opened with a new secret each time, ended by time, by disuse, or by hand on any node.</summary>
internal sealed class Sessions(ISessionStore store, IRandomBytes random, TimeProvider time)
{
    /// <summary>How long a session holds that nobody uses.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>How long a session holds at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    /// <summary>Opens a session.</summary>
    /// <returns>Its secret, for the cookie; and when it ends at the latest.</returns>
    public async Task<(string Secret, DateTimeOffset ExpiresAt)> OpenAsync(User user, CancellationToken cancellation)
    {
        var bytes = new byte[32];
        random.Fill(bytes);
        var secret = Base64Url.EncodeToString(bytes);
        var now = time.GetUtcNow();
        await store.AddAsync(new UserSession(HashOf(secret), user.Id, now, now, now + Longest), now, cancellation);
        return (secret, now + Longest);
    }

    /// <returns>The session and its user; null when it does not hold (any more).</returns>
    public async Task<(UserSession Session, User User)?> FindAsync(string secret, CancellationToken cancellation)
    {
        if (!TokenSecret.IsPlausible(secret) || await store.FindAsync(HashOf(secret), cancellation) is not var (session, user))
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (session.ExpiresAt <= now || session.SeenAt + Idle <= now || user.IsDisabled)
        {
            await store.EndAsync(session.Hash, cancellation);
            return null;
        }

        if (now - session.SeenAt >= TouchEvery)
        {
            await store.TouchAsync(session.Hash, now, cancellation);
        }

        return (session, user);
    }

    /// <summary>Ends a session on all nodes.</summary>
    public Task EndAsync(string secret, CancellationToken cancellation) =>
        TokenSecret.IsPlausible(secret) ? store.EndAsync(HashOf(secret), cancellation) : Task.CompletedTask;

    /// <summary>What is kept of a session's secret.</summary>
    public static byte[] HashOf(string secret) => TokenSecret.Hash(secret);

    /// <summary>The value that a page of ours shows to prove that it sends a request, not another site that the cookie travels with. Follows from the secret.</summary>
    public static string AntiforgeryOf(string secret) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "pontual antiforgery"u8));
}

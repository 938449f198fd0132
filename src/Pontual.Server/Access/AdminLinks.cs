using System.Buffers.Text;
using System.Net;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Runs;

namespace Pontual.Server.Access;

/// <summary>The one-time link by which the first administrator is made: 256 random bits, kept as a hash, for a day and one use.</summary>
internal sealed class AdminLinks(
    IAdminLinkStore store,
    ITokenStore tokens,
    FixedTokens fixedTokens,
    Passwords passwords,
    IRandomBytes random,
    TimeProvider time
)
{
    /// <summary>The page that the link opens.</summary>
    public const string Path = "/first-admin";

    /// <summary>The parameter with the link's secret.</summary>
    public const string Key = "key";

    /// <summary>How long a link holds.</summary>
    public static readonly TimeSpan Holding = TimeSpan.FromDays(1);

    /// <summary>Offers a link where nobody administers the installation yet: no user of role admin, no admin token.</summary>
    /// <returns>Path and query; null when somebody does.</returns>
    public async Task<string?> OfferAsync(CancellationToken cancellation)
    {
        if (fixedTokens.HasAdminToken || await HasTokenAsync(cancellation))
        {
            return null;
        }

        var bytes = new byte[32];
        random.Fill(bytes);
        var secret = Base64Url.EncodeToString(bytes);
        var now = time.GetUtcNow();
        return await store.OfferAsync(TokenSecret.Hash(secret), now, now + Holding, cancellation) ? $"{Path}?{Key}={secret}" : null;
    }

    /// <summary>Whether the link would be taken now.</summary>
    public async Task<bool> HoldsAsync(string secret, CancellationToken cancellation) =>
        TokenSecret.IsPlausible(secret) && await store.HoldsAsync(TokenSecret.Hash(secret), time.GetUtcNow(), cancellation);

    /// <summary>Takes the link and makes the administrator, in the default tenant.</summary>
    public async Task<(AdminLinkUse Use, User User)> UseAsync(
        string secret,
        UserName name,
        string password,
        IPAddress? from,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var user = new User(TokenSecret.NewId(random), name, TokenScope.Admin, IsDisabled: false, 1, HasTotp: false, now, now, null);
        if (!await HoldsAsync(secret, cancellation))
        {
            return (AdminLinkUse.Refused, user);
        }

        var hash = await passwords.HashAsync(password, cancellation);
        var by = new Actor("admin-link", from?.ToString());
        return (await store.TakeAsync(TokenSecret.Hash(secret), user, hash, by, now, cancellation), user);
    }

    private async Task<bool> HasTokenAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var all = await tokens.ListAsync(tenant: null, cancellation);
        return all.Any(token => token is { Scope: TokenScope.Admin, RevokedAt: null, Tenant.IsDefault: true } && !(token.ExpiresAt <= now));
    }
}

using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Access;

/// <summary>What a token may do; each includes the ones before it.</summary>
public enum TokenScope
{
    /// <summary>Look at everything.</summary>
    Read,

    /// <summary>Also run, cancel, retry, pause and resume.</summary>
    Operate,

    /// <summary>Also define, remove and make tokens.</summary>
    Admin,
}

/// <summary>An API token as it is kept: never the secret itself.</summary>
/// <param name="Id">Short public id, shown in lists.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Tenant">Whose jobs it sees and changes.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="Hash">SHA-256 of the secret (which has 256 random bits, so that no slow hash is needed).</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null while it holds.</param>
/// <param name="LastUsedAt">When it was last used, to the minute; null for never.</param>
public sealed record ApiToken(
    string Id,
    string Name,
    TenantName Tenant,
    TokenScope Scope,
    ReadOnlyMemory<byte> Hash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt
);

/// <summary>Keeps API tokens and the installation's own secret.</summary>
public interface ITokenStore
{
    /// <summary>Adds a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="by">Who makes it, for the audit log.</param>
    /// <param name="cancellation">Stops waiting; the token may still be added.</param>
    Task AddAsync(ApiToken token, Actor by, CancellationToken cancellation);

    /// <summary>Finds a token by the hash of its secret, whether it still holds or not; null when unknown.</summary>
    Task<ApiToken?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation);

    /// <summary>All tokens of a tenant, or of all with null, newest first.</summary>
    Task<IReadOnlyList<ApiToken>> ListAsync(TenantName? tenant, CancellationToken cancellation);

    /// <returns>False when the tenant has no such token.</returns>
    Task<bool> RevokeAsync(TenantName tenant, string id, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Notes that a token was used.</summary>
    Task TouchAsync(string id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>32 random bytes of this installation, made by the first who asks: keys for signatures are derived from it.</summary>
    Task<byte[]> InstallationSecretAsync(CancellationToken cancellation);
}

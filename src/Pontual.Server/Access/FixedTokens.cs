using System.Security.Cryptography;
using Pontual.Engine.Runs;

namespace Pontual.Server.Access;

/// <summary>The admin tokens that no store keeps: the one of <c>server.json</c>, new at each start, and that of <c>PONTUAL_ADMIN_TOKEN</c>.</summary>
internal sealed class FixedTokens(string? adminToken, IRandomBytes random)
{
    /// <summary>Fewest characters of <c>PONTUAL_ADMIN_TOKEN</c>.</summary>
    public const int ShortestAdminToken = 32;

    private readonly byte[]? _adminHash = adminToken is null ? null : TokenSecret.Hash(adminToken);
    private readonly Lazy<string> _local = new(() => TokenSecret.New(random));

    /// <summary>The local admin token of this process.</summary>
    public string Local => _local.Value;

    /// <summary>Whether the operator set an admin token.</summary>
    public bool HasAdminToken => _adminHash is not null;

    /// <returns>The name of the token with this hash, and who its bearer is in records; null when it is none of these. Takes the same time for any hash.</returns>
    public (string Name, string Subject)? Find(ReadOnlySpan<byte> hash)
    {
        var isLocal = CryptographicOperations.FixedTimeEquals(hash, TokenSecret.Hash(Local));
        var isAdmin = _adminHash is not null && CryptographicOperations.FixedTimeEquals(hash, _adminHash);
        return isLocal ? ("local admin", "local")
            : isAdmin ? ("admin token", "admin-token")
            : null;
    }
}

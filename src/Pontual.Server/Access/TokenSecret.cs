using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pontual.Engine.Access;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Access;

/// <summary>The secret of a token: <c>pt_</c> and 43 base64url letters, 256 random bits. Shown once, kept only as its SHA-256.</summary>
internal static class TokenSecret
{
    private const string Prefix = "pt_";
    private const int LongestSecret = 512;

    /// <summary>Makes a secret.</summary>
    public static string New(IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[32];
        random.Fill(bytes);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Makes the short public id of a token: 12 letters of base64url, not secret.</summary>
    public static string NewId(IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[9];
        random.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>What is kept of a secret.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether a text could be a secret at all, so that nothing else is hashed or looked up.</summary>
    public static bool IsPlausible(string text) => text.Length is >= 32 and <= LongestSecret && text.All(char.IsAscii);

    /// <summary>A new token and its secret.</summary>
    public static (ApiToken Token, string Secret) Issue(
        string name,
        TenantName tenant,
        TokenScope scope,
        DateTimeOffset now,
        DateTimeOffset? expiresAt,
        IRandomBytes random
    )
    {
        var secret = New(random);
        return (new ApiToken(NewId(random), name, tenant, scope, Hash(secret), now, expiresAt, null, null), secret);
    }
}

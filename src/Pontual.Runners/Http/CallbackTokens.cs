using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pontual.Engine.Access;

namespace Pontual.Runners.Http;

/// <summary>The secrets by which a target that answered 202 reports the end of its run: one for each claim, signed and not stored.</summary>
/// <remarks>Its text is <c>LEASE_TOKEN.MAC</c>. Whether that claim still holds is for the store to say, when it settles by the lease token.</remarks>
public sealed class CallbackTokens(ITokenStore tokens)
{
    private byte[]? _key;

    /// <summary>Makes the secret of one claim of a run.</summary>
    public async ValueTask<string> CreateAsync(Guid runId, long leaseToken, CancellationToken cancellation) =>
        Text(_key ?? await KeyAsync(cancellation), runId, leaseToken);

    /// <summary>Checks what a caller presents, in constant time.</summary>
    /// <returns>The lease token of the claim it was made for; null when it is not a secret of this run.</returns>
    public async ValueTask<long?> VerifyAsync(Guid runId, string? presented, CancellationToken cancellation)
    {
        var dot = presented?.IndexOf('.') ?? -1;
        if (dot < 0 || !long.TryParse(presented.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var leaseToken))
        {
            return null;
        }

        var expected = Text(_key ?? await KeyAsync(cancellation), runId, leaseToken);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(presented!))
            ? leaseToken
            : null;
    }

    /// <summary>A key of its own, so that no other signature made with the installation's secret can pass for one of these.</summary>
    private async Task<byte[]> KeyAsync(CancellationToken cancellation) =>
        _key = HMACSHA256.HashData(await tokens.InstallationSecretAsync(cancellation), "pontual callback token, version 1"u8);

    private static string Text(byte[] key, Guid runId, long leaseToken)
    {
        Span<byte> claim = stackalloc byte[24];
        runId.TryWriteBytes(claim, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(claim[16..], leaseToken);
        return $"{leaseToken}.{Convert.ToHexStringLower(HMACSHA256.HashData(key, claim))}";
    }
}

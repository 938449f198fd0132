using System.Security.Cryptography;
using System.Text;

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>Compares secrets so that the time it takes tells nothing of them, not even their length.</summary>
internal static class SharedSecret
{
    /// <returns>False also when nothing was shown.</returns>
    public static bool Matches(string? shown, string secret) =>
        shown is not null
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(shown)),
            SHA256.HashData(Encoding.UTF8.GetBytes(secret))
        );

    /// <summary>Whether a hexadecimal signature is that of these bytes.</summary>
    /// <param name="shown">The signature as it came; null for none.</param>
    /// <param name="expected">What it should be.</param>
    public static bool SignatureMatches(string? shown, ReadOnlySpan<byte> expected)
    {
        if (shown is null || shown.Length != expected.Length * 2)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[expected.Length];
        return Convert.FromHexString(shown, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(bytes, expected);
    }
}

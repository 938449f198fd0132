using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pontual.Engine.Access;

namespace Pontual.Server.Access;

/// <summary>Codes of six digits that change every 30 s (RFC 6238 over RFC 4226, HMAC-SHA1: what authenticator apps do unless told otherwise).</summary>
internal static class Totp
{
    /// <summary>Bytes of a secret, as RFC 4226 recommends.</summary>
    public const int SecretLength = 20;

    private const int Period = 30;
    private const int Digits = 6;
    private const int Million = 1_000_000;

    /// <summary>The step an instant lies in.</summary>
    public static long StepOf(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / Period;

    /// <summary>The code of a step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The algorithm is RFC 4226's; its strength does not rest on collisions.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % Million).ToString($"D{Digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code this is: the one of now, the one before or the one after (clocks differ); null when it is none of these.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        var given = Encoding.UTF8.GetBytes(code);
        long? found = null;
        foreach (var offset in (int[])[-1, 0, 1])
        {
            var step = StepOf(now) + offset;
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(CodeOf(secret, step))))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>The address that authenticator apps read, often as a picture.</summary>
    public static string UriOf(UserName user, ReadOnlySpan<byte> secret) =>
        $"otpauth://totp/Pontual:{Uri.EscapeDataString(user.ToString())}?secret={Base32.Of(secret)}&issuer=Pontual&algorithm=SHA1&digits={Digits}&period={Period}";
}

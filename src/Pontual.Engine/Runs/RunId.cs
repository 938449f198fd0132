using System.Buffers.Binary;

namespace Pontual.Engine.Runs;

/// <summary>Makes run ids: UUID version 7 (RFC 9562, 5.7) whose 48-bit time is the run's due time in milliseconds.</summary>
/// <remarks>Ids therefore sort by due time, and the index on ids is also the index on time that histories are paged by.</remarks>
public static class RunId
{
    /// <param name="dueAt">The due time that the id carries.</param>
    /// <param name="random">74 random bits come from here: seeded in simulations, cryptographic in the product.</param>
    public static Guid New(DateTimeOffset dueAt, IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes[6..]);
        BinaryPrimitives.WriteInt64BigEndian(
            bytes,
            (Math.Max(0, dueAt.ToUnixTimeMilliseconds()) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[6..])
        );
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The smallest id a run due at <paramref name="instant"/> can have: a bound for range queries.</summary>
    public static Guid Lowest(DateTimeOffset instant)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, instant.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>A source of random bytes; thread-safe.</summary>
public interface IRandomBytes
{
    /// <summary>Fills all of <paramref name="bytes"/>.</summary>
    void Fill(Span<byte> bytes);
}

/// <summary>Random bytes of the operating system: the product's source.</summary>
public sealed class SystemRandomBytes : IRandomBytes
{
    /// <inheritdoc/>
    public void Fill(Span<byte> bytes) => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
}

using Pontual.Engine.Runs;

namespace Pontual.Engine.Settling;

/// <summary>Random numbers for retry delays, from the injected source, so that a simulation repeats.</summary>
internal static class Jitter
{
    /// <returns>A number in [0, 1), evenly spread.</returns>
    public static double Next(IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        return (BitConverter.ToUInt64(bytes) >> 11) * (1.0 / (1UL << 53));
    }
}

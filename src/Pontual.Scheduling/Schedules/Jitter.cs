using System.Text;

namespace Pontual.Scheduling.Schedules;

/// <summary>Moves each due time later by a part of <paramref name="Most"/> that looks random and is always the same, so that jobs of equal schedules do not start together.</summary>
/// <param name="Most">The longest shift, whole seconds, 1 s to 24 h. A shift never reaches the next due time.</param>
/// <param name="Seed">What tells one job from another: its name.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Most"/> is out of its range.</exception>
public sealed record Jitter(TimeSpan Most, string Seed)
{
    /// <summary>The largest <see cref="Most"/>.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly ulong _seed = Hash(Seed);

    /// <summary>The longest shift.</summary>
    public TimeSpan Most { get; } =
        Most >= TimeSpan.FromSeconds(1) && Most <= Longest
            ? Most
            : throw new ArgumentOutOfRangeException(nameof(Most), Most, "A jitter is 1 second to 24 hours.");

    /// <summary>The shift of one due time.</summary>
    /// <param name="nominal">The due time without shift.</param>
    /// <param name="gap">How long after it the next one comes; null when none does.</param>
    /// <returns>Whole seconds, zero or more, at most <see cref="Most"/> and less than <paramref name="gap"/>.</returns>
    public TimeSpan Of(DateTimeOffset nominal, TimeSpan? gap)
    {
        var most = Most.Ticks / TimeSpan.TicksPerSecond;
        if (gap is { } room)
        {
            most = Math.Min(most, (room.Ticks - 1) / TimeSpan.TicksPerSecond);
        }

        var choice = Mix(_seed ^ Mix((ulong)nominal.UtcTicks)) % (ulong)(most + 1);
        return TimeSpan.FromSeconds((long)choice);
    }

    // FNV-1a (Fowler, Noll, Vo), 64 bits: the same on every machine and in every version, as GetHashCode is not.
    private static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ part) * 1_099_511_628_211UL;
        }

        return hash;
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): every bit depends on every bit.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}

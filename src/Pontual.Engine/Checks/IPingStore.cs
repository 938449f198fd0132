using Pontual.Engine.Jobs;

namespace Pontual.Engine.Checks;

/// <summary>Takes the pings of checks, and shows them. Every call is one transaction; all may be called concurrently.</summary>
public interface IPingStore
{
    /// <summary>How many pings of a check are kept: the latest.</summary>
    const int Kept = 100;

    /// <summary>Whether there is a check of that key: asked before anything is read or written for whoever shows it.</summary>
    Task<bool> IsKnownAsync(string pingKey, CancellationToken cancellation);

    /// <summary>Stores a ping and what it makes of its check.</summary>
    /// <returns>The check as the ping leaves it; null when there is none of that key.</returns>
    Task<Check?> PingAsync(string pingKey, Ping ping, CancellationToken cancellation);

    /// <returns>The check of a badge; null when there is none of that key.</returns>
    Task<Check?> FindByBadgeAsync(string badgeKey, CancellationToken cancellation);

    /// <summary>The latest pings, newest first, at most <see cref="Kept"/>, without their bodies.</summary>
    Task<IReadOnlyList<Ping>> ListAsync(JobName name, int limit, CancellationToken cancellation);

    /// <returns>The last body that a ping came with; null when none did.</returns>
    Task<PingBody?> BodyAsync(JobName name, CancellationToken cancellation);
}

/// <summary>What a ping came with.</summary>
/// <param name="At">When it came.</param>
/// <param name="Size">How many bytes it had; more than are here when it was cut.</param>
/// <param name="Bytes">At most <see cref="Ping.LongestBody"/> of them, from the beginning.</param>
public sealed record PingBody(DateTimeOffset At, long Size, ReadOnlyMemory<byte> Bytes);

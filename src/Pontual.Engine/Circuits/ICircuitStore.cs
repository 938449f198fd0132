using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Circuits;

/// <summary>Keeps how calls outside stand. Every change of state is a compare-and-set, and is kept in the history with it.</summary>
public interface ICircuitStore
{
    /// <summary>How long the history is kept.</summary>
    static readonly TimeSpan KeepsHistory = TimeSpan.FromDays(30);

    /// <summary>Those of all tenants that hold calls up: not closed, or held until later than <paramref name="now"/>.</summary>
    Task<IReadOnlyList<CircuitRecord>> HoldingAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Those of a tenant, or of all, that something happened to within the last 30 days, by name.</summary>
    /// <param name="tenant">Whose; null for all.</param>
    /// <param name="now">The instant of judgement.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<CircuitRecord>> ListAsync(TenantName? tenant, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Changes of state, the latest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Of which circuit; null for all.</param>
    /// <param name="from">Not older.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<CircuitChange>> HistoryAsync(
        TenantName tenant,
        string? name,
        DateTimeOffset from,
        int limit,
        CancellationToken cancellation
    );

    /// <summary>Opens a closed circuit.</summary>
    /// <returns>False when it was not closed.</returns>
    Task<bool> TryOpenAsync(
        CircuitKey key,
        string node,
        string reason,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellation
    );

    /// <summary>Takes the one probe of a circuit that was open for long enough, or whose probe was not heard of again.</summary>
    /// <param name="key">Which.</param>
    /// <param name="node">Who probes.</param>
    /// <param name="now">The instant of judgement.</param>
    /// <param name="until">When others stop waiting for this probe.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when another node has it, or it is too early.</returns>
    Task<bool> TryProbeAsync(CircuitKey key, string node, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Ends this node's probe.</summary>
    /// <param name="key">Which.</param>
    /// <param name="node">Who probed.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="openUntil">When the next one may go; null when it went well, so that the circuit closes.</param>
    /// <param name="reason">What went wrong; null when nothing did, or nothing is known.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task EndProbeAsync(
        CircuitKey key,
        string node,
        DateTimeOffset now,
        DateTimeOffset? openUntil,
        string? reason,
        CancellationToken cancellation
    );

    /// <summary>Closes a circuit by hand, and lets go what 429 held up. Audited.</summary>
    /// <returns>False when there is no such circuit.</returns>
    Task<bool> ResetAsync(CircuitKey key, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Notes answers of 429: nobody calls before <paramref name="until"/>.</summary>
    /// <returns>How it stands then: a longer wait that was asked for before stays.</returns>
    Task<CircuitRecord> HoldAsync(CircuitKey key, int answers, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Takes slots of a rate that all nodes share: instants at which one call each may go, evenly spread.</summary>
    /// <param name="rate">The rate's name.</param>
    /// <param name="every">From one slot to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="now">The instant of judgement.</param>
    /// <param name="furthest">The first slot must not be later.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The first slot, and whether they were taken; when not, it is when the next one is free.</returns>
    Task<(DateTimeOffset First, bool Taken)> TakeSlotsAsync(
        string rate,
        TimeSpan every,
        int count,
        DateTimeOffset now,
        DateTimeOffset furthest,
        CancellationToken cancellation
    );

    /// <summary>When the next slot of each rate is free that was ever used.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> SlotsAsync(CancellationToken cancellation);
}

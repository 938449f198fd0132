using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>How circuits are.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> while one is not closed.</param>
/// <param name="CheckedAt">As of when.</param>
/// <param name="Summary">How many have each state.</param>
/// <param name="Circuits">By name.</param>
public sealed record CircuitsHealth(
    string Status,
    DateTimeOffset CheckedAt,
    CircuitCounts Summary,
    IReadOnlyDictionary<string, Circuit> Circuits
);

/// <summary>How many circuits have each state.</summary>
/// <param name="Closed">Those that are called.</param>
/// <param name="Open">Those whose calls are refused.</param>
/// <param name="HalfOpen">Those that one call finds out about.</param>
public sealed record CircuitCounts(int Closed, int Open, int HalfOpen);

/// <summary>How rates toward hosts and services outside are.</summary>
/// <param name="Status"><c>ok</c>, or <c>limited</c> while somebody asked for a wait.</param>
/// <param name="CheckedAt">As of when.</param>
/// <param name="Summary">How many there are.</param>
/// <param name="Limits">By host or service.</param>
public sealed record RateLimitHealth(
    string Status,
    DateTimeOffset CheckedAt,
    RateLimitCounts Summary,
    IReadOnlyDictionary<string, OutsideLimit> Limits
);

/// <summary>How many rates there are.</summary>
/// <param name="Rates">Rates that are set.</param>
/// <param name="Held">Hosts and services that asked for a wait.</param>
public sealed record RateLimitCounts(int Rates, int Held);

/// <summary>How fast a host or service may be called.</summary>
/// <param name="Rate">Most calls in a period; null where none is set.</param>
/// <param name="NextAt">The next free turn, where that is later than now.</param>
/// <param name="HeldUntil">It answered 429: nobody calls before; null where nothing holds calls up.</param>
/// <param name="LastAnswer429">When it answered 429 last; null when it did not.</param>
/// <param name="Answers429LastMinute">How often it did within the last minute.</param>
public sealed record OutsideLimit(
    string? Rate,
    DateTimeOffset? NextAt,
    DateTimeOffset? HeldUntil,
    [property: JsonPropertyName("last_answer_429")] DateTimeOffset? LastAnswer429,
    [property: JsonPropertyName("answers_429_last_minute")] long Answers429LastMinute
);

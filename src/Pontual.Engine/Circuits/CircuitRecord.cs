namespace Pontual.Engine.Circuits;

/// <summary>How calls to something outside stand, for all nodes.</summary>
/// <param name="Key">What is called, and by whom.</param>
/// <param name="State">Whether calls go out.</param>
/// <param name="Since">Since when.</param>
public sealed record CircuitRecord(CircuitKey Key, CircuitState State, DateTimeOffset Since)
{
    /// <summary>Open: from when on a probe may go. Half-open: until when the probe's node is waited for. Else null.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The node that opened it, or that probes; null while it is closed.</summary>
    public string? Node { get; init; }

    /// <summary>What went wrong, for people; null while it is closed.</summary>
    public string? Reason { get; init; }

    /// <summary>Nobody calls before: what was asked for with an answer of 429. Null when none was.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When 429 was answered last; null when never.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>Answers of 429 in the latest stretch of <see cref="StormWindow"/>.</summary>
    public long Told { get; init; }

    /// <summary>When there were last <see cref="StormAnswers"/> or more such answers in a stretch; null when never.</summary>
    public DateTimeOffset? StormAt { get; init; }

    /// <summary>How many answers of 429 within <see cref="StormWindow"/> are a storm.</summary>
    public const int StormAnswers = 5;

    /// <summary>The stretch in which answers of 429 are counted.</summary>
    public static readonly TimeSpan StormWindow = TimeSpan.FromSeconds(60);
}

/// <summary>A change of a circuit's state.</summary>
/// <param name="Key">Of which.</param>
/// <param name="At">When.</param>
/// <param name="Before">The state it had.</param>
/// <param name="After">The state it got.</param>
/// <param name="By">The node, or the person, who changed it.</param>
/// <param name="Reason">Why, for people; null when there is nothing to say.</param>
public sealed record CircuitChange(
    CircuitKey Key,
    DateTimeOffset At,
    CircuitState Before,
    CircuitState After,
    string? By = null,
    string? Reason = null
);

namespace Pontual.Messaging.Channels.Trust;

/// <summary>What a score means, the worst first.</summary>
public enum TrustBand
{
    /// <summary>Nobody is written to who has not written within 24 hours.</summary>
    Critical,

    /// <summary>Half the messages a day, and no new campaign without a named override.</summary>
    Attention,

    /// <summary>Too little is known.</summary>
    NotEnoughData,

    /// <summary>As usual.</summary>
    Healthy,
}

/// <summary>How sure a score is.</summary>
public enum TrustConfidence
{
    /// <summary>Too little is known for a score.</summary>
    None,

    /// <summary>Some of it is not known and was left out.</summary>
    Partial,

    /// <summary>All of it is known.</summary>
    Full,
}

/// <summary>A part of a score, with what it was judged by.</summary>
/// <param name="Code">Its name.</param>
/// <param name="Value">The measure; null when there is not enough to judge by.</param>
/// <param name="Points">The points for it; null when it counts neither way.</param>
/// <param name="Most">The points there are.</param>
/// <param name="Window">Of which time it is.</param>
/// <param name="Source">Where the thresholds come from.</param>
/// <param name="Evidence">What was counted, in sentences.</param>
public sealed record TrustComponent(
    string Code,
    double? Value,
    double? Points,
    double Most,
    string Window,
    TrustSource Source,
    IReadOnlyList<string> Evidence
);

/// <summary>A ceiling that holds.</summary>
/// <param name="Alarm">What is so.</param>
/// <param name="Most">The highest score as long as it is.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Source">Where that comes from.</param>
public sealed record TrustBound(TrustAlarm Alarm, int Most, string Reason, TrustSource Source);

/// <summary>A score, and all that it was made of.</summary>
/// <param name="Score">0 to 100; null when too little is known.</param>
/// <param name="Band">What that means by itself, before it is compared with what was shown.</param>
/// <param name="Confidence">How sure it is.</param>
/// <param name="RuleVersion">By which rules.</param>
/// <param name="Components">Its parts.</param>
/// <param name="Bounds">Ceilings that hold, the lowest first.</param>
/// <param name="Notes">What else must be said with it.</param>
public sealed record TrustScore(
    int? Score,
    TrustBand Band,
    TrustConfidence Confidence,
    string RuleVersion,
    IReadOnlyList<TrustComponent> Components,
    IReadOnlyList<TrustBound> Bounds,
    IReadOnlyList<string> Notes
);

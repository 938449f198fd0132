using Pontual.Messaging.Channels.Trust;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>A channel's score as it was given.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Channel">The channel.</param>
/// <param name="At">When.</param>
/// <param name="RuleVersion">By which rules.</param>
/// <param name="Score">0 to 100; null when too little was known.</param>
/// <param name="Judged">The band of the score by itself.</param>
/// <param name="Standing">The band that the channel is in.</param>
/// <param name="Confidence">How sure the score is.</param>
/// <param name="AlarmedAt">When the platform last restricted or warned; null for never.</param>
/// <param name="Document">All that it was made of, JSON: components with points and evidence, ceilings, notes.</param>
public sealed record TrustSnapshot(
    Guid Id,
    Guid Channel,
    DateTimeOffset At,
    string RuleVersion,
    int? Score,
    TrustBand Judged,
    TrustStanding Standing,
    TrustConfidence Confidence,
    DateTimeOffset? AlarmedAt,
    string Document
);

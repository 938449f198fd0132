namespace Pontual.Client;

/// <summary>How much a channel can be trusted.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Band">Where it stands: critical, attention, healthy, or not-enough-data.</param>
/// <param name="Judged">The band of the latest score by itself.</param>
/// <param name="Confidence">How sure the score is: none, partial or full.</param>
/// <param name="Components">The parts of the score.</param>
/// <param name="Ceilings">Ceilings that hold.</param>
/// <param name="Notes">What else must be said with it.</param>
/// <param name="History">The scores of some time, newest first.</param>
public sealed record ChannelTrust(
    string Channel,
    string Band,
    string Judged,
    string Confidence,
    IReadOnlyList<TrustPart> Components,
    IReadOnlyList<TrustCeiling> Ceilings,
    IReadOnlyList<string> Notes,
    IReadOnlyList<TrustMark> History
)
{
    /// <summary>0 to 100; null when too little is known.</summary>
    public int? Score { get; init; }

    /// <summary>By which rules; null before the first score.</summary>
    public string? RuleVersion { get; init; }

    /// <summary>When; null before the first score.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When the platform last restricted or warned; null for never.</summary>
    public DateTimeOffset? AlarmedAt { get; init; }
}

/// <summary>A part of a score.</summary>
/// <param name="Code">Its name: AGE, REPLY.</param>
/// <param name="Most">The points there are.</param>
/// <param name="Window">Of which time it is.</param>
/// <param name="Source">Where the thresholds come from: platform, vendor or local.</param>
/// <param name="Evidence">What was counted, in sentences.</param>
public sealed record TrustPart(string Code, double Most, string Window, string Source, IReadOnlyList<string> Evidence)
{
    /// <summary>The measure; null when there is not enough to judge by.</summary>
    public double? Value { get; init; }

    /// <summary>The points for it; null when it counts neither way.</summary>
    public double? Points { get; init; }
}

/// <summary>A score that is not exceeded as long as something is so.</summary>
/// <param name="Alarm">What is so.</param>
/// <param name="Most">The highest score.</param>
/// <param name="Reason">Why.</param>
/// <param name="Source">Where that comes from.</param>
public sealed record TrustCeiling(string Alarm, int Most, string Reason, string Source);

/// <summary>A score of some time.</summary>
/// <param name="At">When.</param>
/// <param name="Band">Where the channel stood.</param>
/// <param name="Judged">The band of the score by itself.</param>
/// <param name="RuleVersion">By which rules.</param>
public sealed record TrustMark(DateTimeOffset At, string Band, string Judged, string RuleVersion)
{
    /// <summary>0 to 100; null when too little was known.</summary>
    public int? Score { get; init; }
}

/// <summary>What went through a channel on a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Sent">Messages of ours.</param>
/// <param name="Taken">Of ours, those that the platform took.</param>
/// <param name="Delivered">Of ours, those that reached a phone.</param>
/// <param name="Seen">Of ours, those that were read.</param>
/// <param name="Failed">Of ours, those that failed.</param>
/// <param name="Invalid">Failed because there is no such number.</param>
/// <param name="OptedOut">Failed because the recipient wants nothing.</param>
/// <param name="Restricted">Failed because the platform restricts the channel.</param>
/// <param name="Received">Messages of others.</param>
/// <param name="FirstContacts">Conversations that we began.</param>
/// <param name="Replies">Of those, the ones in which the other side answered within 48 hours.</param>
/// <param name="Disconnects">Outages that began.</param>
public sealed record ChannelDay(
    DateOnly Day,
    int Sent,
    int Taken,
    int Delivered,
    int Seen,
    int Failed,
    int Invalid,
    int OptedOut,
    int Restricted,
    int Received,
    int FirstContacts,
    int Replies,
    int Disconnects
)
{
    /// <summary>When it was closed; null as long as it goes on.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}

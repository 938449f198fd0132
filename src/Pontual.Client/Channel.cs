namespace Pontual.Client;

/// <summary>A channel: a session, number or instance at a gateway.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Gateway">The name of its gateway.</param>
/// <param name="ExternalId">What the gateway calls it.</param>
/// <param name="State">How it is judged: <c>connected</c>, <c>zombie</c>, <c>needs-pairing</c> and others.</param>
/// <param name="StateSince">Since when.</param>
/// <param name="Evidence">What is known of whether it lives.</param>
/// <param name="CreatedAt">When it was first seen.</param>
public sealed record Channel(
    string Name,
    string Gateway,
    string ExternalId,
    string State,
    DateTimeOffset StateSince,
    Evidence Evidence,
    DateTimeOffset CreatedAt
)
{
    /// <summary>What it calls itself; null for nothing.</summary>
    public string? Label { get; init; }

    /// <summary>Its number in digits; null as long as it is not known.</summary>
    public string? Phone { get; init; }

    /// <summary>Why it is in that state; null when it is well.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it is suspect: nothing came in for longer than usual; null when it is not.</summary>
    public DateTimeOffset? SuspectSince { get; init; }

    /// <summary>What the platform restricts; null for nothing or unknown.</summary>
    public ChannelRestriction? Restriction { get; init; }

    /// <summary>Why and until when nothing is sent and nothing cured; null when it is not paused.</summary>
    public ChannelPause? Paused { get; init; }

    /// <summary>Most messages in a day; null for what the warm-up says.</summary>
    public int? DailyLimit { get; init; }

    /// <summary>Since when it is in use, as an operator declares; null for unknown.</summary>
    public DateTimeOffset? InUseSince { get; init; }

    /// <summary>Whether it has a key of its own.</summary>
    public bool HasOwnSecret { get; init; }

    /// <summary>The outage that goes on; null for none.</summary>
    public Outage? Outage { get; init; }

    /// <summary>Since when its gateway does not list it; null when it does.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>Since when it counts as gone; null when it is there.</summary>
    public DateTimeOffset? RetiredAt { get; init; }
}

/// <summary>What is known of whether a session lives.</summary>
/// <param name="Reported">What its gateway says, in the words of all gateways.</param>
/// <param name="Raw">What its gateway says, in its own word.</param>
/// <param name="ReportedSince">Since when it says so.</param>
public sealed record Evidence(string Reported, string Raw, DateTimeOffset ReportedSince)
{
    /// <summary>The code of the last disconnection; null when it is not told.</summary>
    public int? Code { get; init; }

    /// <summary>What else the gateway said; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>When it was checked last.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When it was first seen connected.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>The last webhook of any kind.</summary>
    public DateTimeOffset? WebhookAt { get; init; }

    /// <summary>The last message received.</summary>
    public DateTimeOffset? InboundAt { get; init; }

    /// <summary>The last acknowledgement of a message of ours.</summary>
    public DateTimeOffset? AckAt { get; init; }

    /// <summary>The last webhook of a message that we sent.</summary>
    public DateTimeOffset? EchoAt { get; init; }

    /// <summary>The gateway's own count of what happens; null where it has none.</summary>
    public long? Activity { get; init; }

    /// <summary>When that was last seen to have moved.</summary>
    public DateTimeOffset? ActivityAt { get; init; }

    /// <summary>Since when it moved without a webhook of it; null when all was heard of.</summary>
    public DateTimeOffset? UnheardSince { get; init; }

    /// <summary>Changes of state that webhooks told in the last hour of which they told any.</summary>
    public int ChangesThisHour { get; init; }

    /// <summary>When a sign of life was asked for last.</summary>
    public DateTimeOffset? ProbeAt { get; init; }

    /// <summary>Whether it came; null when the gateway has no such question.</summary>
    public bool? ProbeAlive { get; init; }

    /// <summary>What was answered.</summary>
    public string? ProbeDetail { get; init; }

    /// <summary>Why webhooks do not come to us by what the gateway has set; null when they do.</summary>
    public string? WebhookFault { get; init; }

    /// <summary>Since when it could not be asked how it is; null when it was asked at the last check.</summary>
    public DateTimeOffset? UnaskedSince { get; init; }

    /// <summary>How often in a row.</summary>
    public int UnaskedTimes { get; init; }

    /// <summary>Why not, the last time.</summary>
    public string? UnaskedWhy { get; init; }

    /// <summary>What came of looking for messages that may have been missed without an outage; null when nothing ever pointed to that.</summary>
    public ChannelGapLook? LastGap { get; init; }
}

/// <summary>Messages were looked for that may have been missed without an outage.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Until">Until when.</param>
/// <param name="Result"><c>none</c>, <c>found</c> or <c>failed</c>.</param>
/// <param name="Found">How many were not known.</param>
/// <param name="Detail">The same for people; null when there is nothing more to say.</param>
public sealed record ChannelGapLook(DateTimeOffset Since, DateTimeOffset Until, string Result, int Found, string? Detail);

/// <summary>A restriction that the platform has put on a number.</summary>
/// <param name="Kind"><c>first-warning</c>, <c>warning</c>, <c>restricted</c> or <c>blocked</c>.</param>
/// <param name="Raw">What the gateway said.</param>
/// <param name="Until">Until when; null when that is not told.</param>
/// <param name="SeenAt">When it was told.</param>
public sealed record ChannelRestriction(string Kind, string Raw, DateTimeOffset? Until, DateTimeOffset? SeenAt);

/// <summary>A channel's pause.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Reason">Why; null when nobody said.</param>
/// <param name="By">Who.</param>
/// <param name="Until">Until when; null for until it is resumed.</param>
public sealed record ChannelPause(DateTimeOffset Since, string? Reason, string? By, DateTimeOffset? Until);

/// <summary>A stretch in which a channel did not work.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">What was wrong.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="StartedAt">The last instant at which it is known to have worked.</param>
/// <param name="FoundAt">When it was found.</param>
/// <param name="Attempts">Attempts to cure it.</param>
/// <param name="GapFound">Messages of that time that were found afterwards.</param>
public sealed record Outage(
    Guid Id,
    string State,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset FoundAt,
    int Attempts,
    int GapFound
)
{
    /// <summary>When it worked again; null as long as it does not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The step that was tried last; null for none.</summary>
    public string? Step { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>When the next one may be.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>What people are asked for; null for nothing.</summary>
    public string? Asked { get; init; }

    /// <summary>When they were asked.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>The step after which it worked again; null when that was without one.</summary>
    public string? CuredBy { get; init; }

    /// <summary>What became of messages meanwhile: <c>pending</c>, <c>none</c>, <c>found</c>, <c>not-possible</c> or <c>failed</c>.</summary>
    public string? Gap { get; init; }

    /// <summary>The same for people.</summary>
    public string? GapDetail { get; init; }
}

/// <summary>What was tried once in an outage.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Step">What.</param>
/// <param name="At">When.</param>
/// <param name="EndedAt">When the gateway had answered; null when it never did.</param>
/// <param name="Error">What it said against it; null when it took it.</param>
public sealed record OutageAttempt(int Number, string Step, DateTimeOffset At, DateTimeOffset? EndedAt, string? Error);

/// <summary>What an operator says of a channel; what is null is unset.</summary>
/// <param name="DailyLimit">Most messages in a day.</param>
/// <param name="InUseSince">Since when it is in use.</param>
/// <param name="Secret">The reference to a key of its own.</param>
public sealed record ChannelSettings(int? DailyLimit = null, DateTimeOffset? InUseSince = null, string? Secret = null);

/// <summary>What a phone needs for pairing.</summary>
/// <param name="PngBase64">The image; null to draw <paramref name="Text"/>.</param>
/// <param name="Text">What the image says; null when only the image is known.</param>
/// <param name="Digits">A code to type on the phone; null for none.</param>
public sealed record Pairing(string? PngBase64, string? Text, string? Digits);

using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Channels.Liveness;

/// <summary>All that is known of whether a session lives (gateways.md, 7.4). Kept for each channel, and shown.</summary>
/// <param name="Reported">What the gateway says of it.</param>
/// <param name="ReportedSince">Since when it says so.</param>
public sealed record Evidence(SessionFacts Reported, DateTimeOffset ReportedSince)
{
    /// <summary>The last webhook of any kind; null for none yet.</summary>
    public DateTimeOffset? WebhookAt { get; init; }

    /// <summary>The last message received.</summary>
    public DateTimeOffset? InboundAt { get; init; }

    /// <summary>The last acknowledgement of a message of ours.</summary>
    public DateTimeOffset? AckAt { get; init; }

    /// <summary>The last webhook of a message that we sent.</summary>
    public DateTimeOffset? EchoAt { get; init; }

    /// <summary>Since when the gateway's own count has moved without any webhook; null when every movement was heard of.</summary>
    public DateTimeOffset? UnheardSince { get; init; }

    /// <summary>Since when messages are counted by the gateway, and other webhooks come, but none of messages; null when it is not so.</summary>
    public DateTimeOffset? MessagesMissingSince { get; init; }

    /// <summary>When the oldest message was sent that the gateway has taken and the platform has not acknowledged; null for none.</summary>
    public DateTimeOffset? UnacknowledgedSince { get; init; }

    /// <summary>How long this channel is usually quiet from its last message on; null as long as that is not learned.</summary>
    public TimeSpan? LearnedQuiet { get; init; }

    /// <summary>The last sign of life that was asked for since the last message; null for none.</summary>
    public Probe? Probe { get; init; }

    /// <summary>Why webhooks do not reach us by what the gateway has set; null when they do, or when that is not known.</summary>
    public string? WebhookFault { get; init; }

    /// <summary>The state that a webhook told last; null for none.</summary>
    public SessionState? Told { get; init; }

    /// <summary>When a webhook last told its state; null for never.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>How often its state has changed since about the beginning of the hour.</summary>
    public int ChangesLately { get; init; }

    /// <summary>How often its state has changed within the last hour.</summary>
    public int ChangesPerHour { get; init; }

    /// <summary>Since when it could not be asked how it is; null when it was asked.</summary>
    public DateTimeOffset? UnaskedSince { get; init; }

    /// <summary>What the platform restricts, as last told; null for nothing or unknown.</summary>
    public Restriction? Restricted { get; init; }

    /// <summary>Whether the platform restricts it now, so that nothing may be restarted.</summary>
    public bool IsRestricted(DateTimeOffset now) =>
        Restricted is { Kind: RestrictionKind.Restricted or RestrictionKind.Blocked } restricted && !(restricted.Until <= now);
}

/// <summary>A sign of life that was asked for.</summary>
/// <param name="At">When.</param>
/// <param name="IsAlive">Whether it came; null when the gateway has no such question.</param>
/// <param name="Detail">What was answered.</param>
public sealed record Probe(DateTimeOffset At, bool? IsAlive, string Detail);

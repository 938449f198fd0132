using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;

namespace Pontual.Messaging.Channels;

/// <summary>How a channel is, as the last check and the webhooks since then have it.</summary>
/// <param name="State">The state as judged.</param>
/// <param name="StateSince">Since when.</param>
/// <param name="Reported">What the gateway says.</param>
/// <param name="ReportedSince">Since when it says so.</param>
public sealed record ChannelStatus(SessionState State, DateTimeOffset StateSince, SessionFacts Reported, DateTimeOffset ReportedSince)
{
    /// <summary>Why it is in that state; null when it is well.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it is suspect; null when it is not.</summary>
    public DateTimeOffset? SuspectSince { get; init; }

    /// <summary>When it was checked last; null before the first time.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When it was first seen connected; null for never.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When the gateway's count was last seen to have moved.</summary>
    public DateTimeOffset? ActivityAt { get; init; }

    /// <summary>As in <see cref="Evidence"/>.</summary>
    public DateTimeOffset? UnheardSince { get; init; }

    /// <summary>As in <see cref="Evidence"/>.</summary>
    public DateTimeOffset? MessagesMissingSince { get; init; }

    /// <summary>The last sign of life that was asked for.</summary>
    public Probe? Probe { get; init; }

    /// <summary>When it was last asked for its code because it was quiet.</summary>
    public DateTimeOffset? NudgedAt { get; init; }

    /// <summary>When it was last looked where its webhooks go.</summary>
    public DateTimeOffset? WebhookCheckedAt { get; init; }

    /// <summary>What was wrong with that; null for nothing.</summary>
    public string? WebhookFault { get; init; }

    /// <summary>What the platform restricts, as last told; null for nothing or unknown.</summary>
    public Restriction? Restricted { get; init; }

    /// <summary>When that was told.</summary>
    public DateTimeOffset? RestrictedAt { get; init; }

    /// <summary>Since when it could not be asked how it is, though that may pass; null when it was asked.</summary>
    public DateTimeOffset? UnaskedSince { get; init; }

    /// <summary>How often in a row.</summary>
    public int UnaskedTimes { get; init; }

    /// <summary>Why not, the last time.</summary>
    public string? UnaskedWhy { get; init; }

    /// <summary>From when on messages may have been missed, though no outage says so: they are still to be looked for. Null when nothing points to that.</summary>
    public DateTimeOffset? DoubtSince { get; init; }

    /// <summary>How often they were looked for in vain, because the gateway did not answer.</summary>
    public int DoubtTries { get; init; }

    /// <summary>What came of the last doubt; null when there never was one.</summary>
    public GapLook? LastGap { get; init; }

    /// <summary>It could not be asked this time.</summary>
    /// <param name="why">Why not.</param>
    /// <param name="now">When.</param>
    public ChannelStatus Unasked(string why, DateTimeOffset now) =>
        this with
        {
            UnaskedSince = UnaskedSince ?? now,
            UnaskedTimes = UnaskedTimes + 1,
            UnaskedWhy = why,
        };

    /// <summary>Before anything is known of it.</summary>
    public static ChannelStatus New(DateTimeOffset now) =>
        new(SessionState.Unknown, now, new SessionFacts("", SessionState.Unknown, ""), now);
}

/// <summary>Messages were looked for because some may have been missed without an outage.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Until">Until when.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Found">How many were not known.</param>
/// <param name="Detail">The same for people; null when there is nothing more to say.</param>
public sealed record GapLook(DateTimeOffset Since, DateTimeOffset Until, GapResult Result, int Found, string? Detail);

/// <summary>A channel's signs of life, from its webhooks.</summary>
public sealed record ChannelSigns
{
    /// <summary>The last webhook of any kind.</summary>
    public DateTimeOffset? WebhookAt { get; init; }

    /// <summary>The last one of a message, in or out.</summary>
    public DateTimeOffset? MessageAt { get; init; }

    /// <summary>The last message received.</summary>
    public DateTimeOffset? InboundAt { get; init; }

    /// <summary>The last acknowledgement.</summary>
    public DateTimeOffset? AckAt { get; init; }

    /// <summary>The last message of ours that came back as a webhook.</summary>
    public DateTimeOffset? EchoAt { get; init; }

    /// <summary>The hour that <see cref="Changes"/> counts.</summary>
    public DateTimeOffset? Hour { get; init; }

    /// <summary>Changes of state told in that hour.</summary>
    public int Changes { get; init; }

    /// <summary>Changes of state told in the hour before it.</summary>
    public int ChangesBefore { get; init; }

    /// <summary>The state that a webhook told last; null for none.</summary>
    public SessionState? Told { get; init; }

    /// <summary>The code that came with it.</summary>
    public int? ToldCode { get; init; }

    /// <summary>When it was told.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>What a webhook said that the platform restricts; null for nothing.</summary>
    public Restriction? Restricted { get; init; }

    /// <summary>When a webhook last said something of restrictions; null for never.</summary>
    public DateTimeOffset? RestrictedAt { get; init; }

    /// <summary>None yet.</summary>
    public static ChannelSigns None { get; } = new();

    /// <summary>Changes since the hour began, and in its first ten minutes those of the hour before too: what went in circles an hour ago does not now.</summary>
    public int ChangesLately(DateTimeOffset now) =>
        (now - Hour)?.TotalMinutes switch
        {
            < 10 => Changes + ChangesBefore,
            < 70 => Changes,
            _ => 0,
        };

    /// <summary>Changes within the hour that ends now, at most: of the hour before, the share that is not over yet.</summary>
    public int ChangesPerHour(DateTimeOffset now)
    {
        var into = Hour is { } hour ? (now - hour).TotalHours : 2;
        return into >= 2 ? 0
            : into >= 1 ? (int)(Changes * (2 - into))
            : Changes + (int)(ChangesBefore * (1 - into));
    }
}

/// <summary>A channel with all that is known of it.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Status">How it is.</param>
/// <param name="Signs">Its signs of life.</param>
public sealed record ChannelView(Registry.Channel Channel, ChannelStatus Status, ChannelSigns Signs)
{
    /// <summary>The outage that goes on; null for none.</summary>
    public Outage? Outage { get; init; }

    /// <summary>When its last outage ended; null when it had none that is over.</summary>
    public DateTimeOffset? LastOutageEndedAt { get; init; }
}

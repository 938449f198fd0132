using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Outages;
using Pontual.Server.Api;

namespace Pontual.Server.Channels;

/// <summary>A channel as the API shows it: what it is, how it is judged, what its gateway says, and all the evidence (gateways.md, 7.4).</summary>
internal sealed record ChannelAnswer(
    string Name,
    string Gateway,
    string ExternalId,
    string? Label,
    string? Phone,
    string State,
    DateTimeOffset StateSince,
    string? Reason,
    DateTimeOffset? SuspectSince,
    EvidenceView Evidence,
    RestrictionView? Restriction,
    PauseView? Paused,
    int? DailyLimit,
    DateTimeOffset? InUseSince,
    bool HasOwnSecret,
    OutageView? Outage,
    DateTimeOffset CreatedAt,
    DateTimeOffset? MissingSince,
    DateTimeOffset? RetiredAt
)
{
    public static ChannelAnswer Of(ChannelView view)
    {
        var (channel, status) = (view.Channel, view.Status);
        return new ChannelAnswer(
            channel.Name,
            channel.Gateway,
            channel.ExternalId,
            channel.Label,
            channel.Phone,
            ChannelWords.Of(status.State),
            status.StateSince,
            status.Reason,
            status.SuspectSince,
            EvidenceView.Of(view),
            status.Restricted is { } restricted ? RestrictionView.Of(restricted, status.RestrictedAt) : null,
            channel.Paused is { } paused ? PauseView.Of(paused) : null,
            channel.DailyLimit,
            channel.InUseSince,
            channel.Secret is not null,
            view.Outage is { } outage ? OutageView.Of(outage) : null,
            channel.CreatedAt,
            channel.MissingSince,
            channel.RetiredAt
        );
    }
}

/// <summary>What is known of whether a session lives.</summary>
internal sealed record EvidenceView(
    string Reported,
    string Raw,
    DateTimeOffset ReportedSince,
    int? Code,
    string? Note,
    DateTimeOffset? CheckedAt,
    DateTimeOffset? ConnectedAt,
    DateTimeOffset? WebhookAt,
    DateTimeOffset? InboundAt,
    DateTimeOffset? AckAt,
    DateTimeOffset? EchoAt,
    long? Activity,
    DateTimeOffset? ActivityAt,
    DateTimeOffset? UnheardSince,
    int ChangesThisHour,
    DateTimeOffset? ProbeAt,
    bool? ProbeAlive,
    string? ProbeDetail,
    string? WebhookFault,
    DateTimeOffset? UnaskedSince,
    int UnaskedTimes,
    string? UnaskedWhy,
    GapLookView? LastGap
)
{
    public static EvidenceView Of(ChannelView view)
    {
        var (status, signs) = (view.Status, view.Signs);
        return new EvidenceView(
            ChannelWords.Of(status.Reported.State),
            status.Reported.Raw,
            status.ReportedSince,
            status.Reported.Code,
            status.Reported.Note,
            status.CheckedAt,
            status.ConnectedAt,
            signs.WebhookAt,
            signs.InboundAt,
            signs.AckAt,
            signs.EchoAt,
            status.Reported.Activity,
            status.ActivityAt,
            status.UnheardSince ?? status.MessagesMissingSince,
            signs.Changes,
            status.Probe?.At,
            status.Probe?.IsAlive,
            status.Probe?.Detail,
            status.WebhookFault,
            status.UnaskedSince,
            status.UnaskedTimes,
            status.UnaskedWhy,
            status.LastGap is { } gap ? GapLookView.Of(gap) : null
        );
    }
}

/// <summary>Messages were looked for that may have been missed without an outage (S3-08).</summary>
internal sealed record GapLookView(DateTimeOffset Since, DateTimeOffset Until, string Result, int Found, string? Detail)
{
    public static GapLookView Of(GapLook look) => new(look.Since, look.Until, ChannelWords.Of(look.Result), look.Found, look.Detail);
}

/// <summary>A restriction that the platform has put on a number.</summary>
internal sealed record RestrictionView(string Kind, string Raw, DateTimeOffset? Until, DateTimeOffset? SeenAt)
{
    public static RestrictionView Of(Restriction restriction, DateTimeOffset? at) =>
        new(ChannelWords.Of(restriction.Kind), restriction.Raw, restriction.Until, at);
}

/// <summary>A stretch in which a channel did not work (S3-08).</summary>
internal sealed record OutageView(
    Guid Id,
    string State,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset FoundAt,
    DateTimeOffset? EndedAt,
    int Attempts,
    string? Step,
    DateTimeOffset? LastAttemptAt,
    DateTimeOffset? NextAttemptAt,
    string? Asked,
    DateTimeOffset? AskedAt,
    string? CuredBy,
    string? Gap,
    int GapFound,
    string? GapDetail
)
{
    public static OutageView Of(Outage outage) =>
        new(
            outage.Id,
            ChannelWords.Of(outage.State),
            outage.Reason,
            outage.StartedAt,
            outage.FoundAt,
            outage.EndedAt,
            outage.Attempts,
            outage.Step is { } step ? ChannelWords.Of(step) : null,
            outage.LastAttemptAt,
            outage.NextAttemptAt,
            outage.Asked is { } asked ? ChannelWords.Of(asked) : null,
            outage.AskedAt,
            outage.CuredBy is { } cured ? ChannelWords.Of(cured) : null,
            outage.Gap is { } gap ? ChannelWords.Of(gap) : null,
            outage.GapFound,
            outage.GapDetail
        );
}

/// <summary>What was tried once in an outage.</summary>
internal sealed record OutageAttemptView(int Number, string Step, DateTimeOffset At, DateTimeOffset? EndedAt, string? Error)
{
    public static OutageAttemptView Of(OutageAttempt attempt) =>
        new(attempt.Number, ChannelWords.Of(attempt.Step), attempt.At, attempt.EndedAt, attempt.Error);
}

/// <summary>What a phone needs for pairing. <c>png_base64</c> is the image; <c>text</c> what it says, to draw it; <c>digits</c> a code to type.</summary>
internal sealed record PairingView(string? PngBase64, string? Text, string? Digits);

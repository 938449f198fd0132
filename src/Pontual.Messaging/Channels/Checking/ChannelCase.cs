using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>A channel while it is checked.</summary>
/// <param name="Round">What it has in common with the others.</param>
/// <param name="View">As it was known before.</param>
/// <param name="Session">Its session at the gateway.</param>
/// <param name="Status">As it is known now.</param>
internal sealed record ChannelCase(CheckRound Round, ChannelView View, SessionRef Session, ChannelStatus Status)
{
    /// <summary>What is said of it without evidence, because its gateway cannot be asked; null otherwise.</summary>
    public Judgement? Told { get; init; }

    /// <summary>What was done on the way; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>With one more thing to say.</summary>
    public ChannelCase Noting(string note) => this with { Note = Both(Note, note) };

    /// <summary>Without doubt about messages: an outage covers it, and ends with a search.</summary>
    public ChannelCase WithoutDoubt() => this with { Status = Status with { DoubtSince = null, DoubtTries = 0 } };

    /// <summary>From when on messages may have been missed by what is not proven yet; null for nothing of the kind.</summary>
    public DateTimeOffset? MissedSince => new[] { Status.DoubtSince, Status.UnheardSince, Status.MessagesMissingSince }.Min();

    /// <summary>The evidence, with all that was asked so far.</summary>
    public Evidence Evidence =>
        Observation.EvidenceOf(
            View,
            Status,
            Round.Known.Quiet.GetValueOrDefault(View.Channel.Id),
            Round.Known.Unacknowledged.TryGetValue(View.Channel.ExternalId, out var oldest) ? oldest : null,
            Round.Now
        );

    /// <summary>What the evidence says.</summary>
    public Judgement Judgement => Told ?? Liveness.Judgement.Of(Evidence, Round.Wish.Rules, Round.Now);

    /// <summary>With the judgement written into its status.</summary>
    public ChannelCase Judged()
    {
        var (judgement, before, now) = (Judgement, View.Status, Round.Now);
        return this with
        {
            Status = Status with
            {
                State = judgement.State,
                StateSince = judgement.State == before.State ? before.StateSince : now,
                Reason = judgement.Reason,
                SuspectSince = judgement.IsSuspect ? before.SuspectSince ?? now : null,
            },
        };
    }

    /// <summary>After the gateway has taken a step: what proved that something was wrong says nothing of the time from now on.</summary>
    public ChannelCase After(CureStep step) =>
        this with
        {
            Status = Status with
            {
                UnheardSince = null,
                MessagesMissingSince = null,
                WebhookFault = null,
                WebhookCheckedAt = null,
                Probe = step is CureStep.SetWebhook ? Status.Probe : null,
            },
        };

    /// <summary>What is found of it.</summary>
    /// <param name="note">What else there is to say; null for nothing.</param>
    public ChannelFinding Finding(string? note = null) =>
        new(View.Channel.Name, Judgement.State, Judgement.Reason) { IsSuspect = Judgement.IsSuspect, Note = Both(Note, note) };

    private static string? Both(string? one, string? other) => one is null || other is null ? one ?? other : $"{one}; {other}";
}

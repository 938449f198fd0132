using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Brings together what a gateway says of a channel now with what was known of it. Pure.</summary>
internal static class Observation
{
    // A restriction without an end that is not told again is over after a day: that is how long the platform usually keeps them.
    private static readonly TimeSpan UnlimitedRestriction = TimeSpan.FromHours(24);

    // How soon after a step its session is on its way at the latest.
    private static readonly TimeSpan StepTakes = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan HistoryStored = TimeSpan.FromHours(1);

    /// <summary>What is known once the gateway has said how a session is.</summary>
    /// <param name="view">The channel as it was known.</param>
    /// <param name="said">What the gateway says.</param>
    /// <param name="traits">What it can tell.</param>
    /// <param name="now">The instant.</param>
    public static ChannelStatus Merge(ChannelView view, SessionFacts said, GatewayTraits traits, DateTimeOffset now)
    {
        var (before, signs) = (view.Status, view.Signs);
        var facts = MoreExactly(said, signs, before.CheckedAt);
        var status = before with
        {
            Reported = facts with { Activity = facts.Activity ?? before.Reported.Activity },
            ReportedSince = facts.State == before.Reported.State ? before.ReportedSince : Since(facts.State, view, now),
            CheckedAt = now,
            ConnectedAt = before.ConnectedAt ?? (facts.State is SessionState.Connected ? now : null),
            UnaskedSince = null,
            UnaskedTimes = 0,
            UnaskedWhy = null,
        };
        status = Counted(status, before, signs, facts, traits, now);
        status = status with { DoubtSince = DoubtOf(status, view, facts, traits) };
        return Restrictions(status, signs, facts, traits, now);
    }

    /// <summary>The evidence to judge by.</summary>
    public static Evidence EvidenceOf(
        ChannelView view,
        ChannelStatus status,
        TimeSpan? learned,
        DateTimeOffset? unacknowledged,
        DateTimeOffset now
    ) =>
        new(status.Reported, status.ReportedSince)
        {
            WebhookAt = view.Signs.WebhookAt,
            InboundAt = view.Signs.InboundAt,
            AckAt = view.Signs.AckAt,
            EchoAt = view.Signs.EchoAt,
            // Of what has moved only just now the webhook may still be on its way: it is proof at the next look.
            UnheardSince = view.Status.UnheardSince is null ? null : status.UnheardSince,
            MessagesMissingSince = view.Status.MessagesMissingSince is null ? null : status.MessagesMissingSince,
            UnacknowledgedSince = unacknowledged,
            LearnedQuiet = learned,
            Probe = status.Probe?.At > view.Signs.InboundAt || view.Signs.InboundAt is null ? status.Probe : null,
            WebhookFault = status.WebhookFault,
            Told = view.Signs.Told,
            ChangedAt = view.Signs.ToldAt,
            ChangesLately = view.Signs.ChangesLately(now),
            ChangesPerHour = view.Signs.ChangesPerHour(now),
            UnaskedSince = status.UnaskedSince,
            Restricted = status.Restricted,
        };

    /// <summary>From when on messages may be missing.</summary>
    public static DateTimeOffset StartOf(
        Judgement judgement,
        Evidence evidence,
        ChannelStatus before,
        ChannelSigns signs,
        DateTimeOffset now
    )
    {
        DateTimeOffset?[] proofs = judgement.State is SessionState.Zombie or SessionState.Degraded
            ?
            [
                evidence.UnheardSince,
                evidence.MessagesMissingSince,
                evidence.UnacknowledgedSince,
                // Between the last webhook and the first look that missed one others may have been missed too.
                evidence.UnheardSince
                    is null
                    ? null
                    : evidence.WebhookAt,
                evidence.WebhookFault is null ? null : before.WebhookCheckedAt,
                judgement.IsSuspect ? evidence.InboundAt : null,
            ]
            : [signs.Told is not null and not SessionState.Connected && signs.ToldAt > before.CheckedAt ? signs.ToldAt : null];
        return proofs.Min() ?? (before.State is SessionState.Connected ? before.CheckedAt : null) ?? now;
    }

    /// <summary>A webhook may have told why a session is gone, which the gateway's list does not say.</summary>
    private static SessionFacts MoreExactly(SessionFacts said, ChannelSigns signs, DateTimeOffset? checkedAt) =>
        // That the platform restricts it is said of this number alone; that it is blocked may have been told of its whole account.
        said.State
            is not (SessionState.Connected or SessionState.Restricted)
        && signs.Told is SessionState.Conflict or SessionState.Banned or SessionState.LoggedOut
        && (checkedAt is null || signs.ToldAt >= checkedAt || said.State is SessionState.Stopped or SessionState.Unknown)
            ? said with
            {
                State = signs.Told.Value,
                Code = said.Code ?? signs.ToldCode,
            }
            : said;

    private static DateTimeOffset Since(SessionState state, ChannelView view, DateTimeOffset now)
    {
        var (before, signs) = (view.Status, view.Signs);
        var told = signs.Told == state && signs.ToldAt > before.CheckedAt ? signs.ToldAt : null;
        // The first look after a step of ours: that it is on its way is our doing, unless a webhook told later that it began anew.
        return
            state is SessionState.Connecting
            && view.Outage is { LastAttemptAt: { } step }
            && !(before.CheckedAt > step)
            && !(told > step + StepTakes)
            ? step
            : told ?? now;
    }

    /// <summary>From when on messages may have been missed though nothing is wrong now: what was counted and not heard of has ended by itself, or the session
    /// connected anew between two looks, and what the gateway had in its memory may be lost.</summary>
    private static DateTimeOffset? DoubtOf(ChannelStatus status, ChannelView view, SessionFacts facts, GatewayTraits traits)
    {
        var (before, signs) = (view.Status, view.Signs);
        var isAnew =
            before.Reported.State is SessionState.Connected
            && facts.State is SessionState.Connected
            // Whichever state was told last: that it connects and that it is connected may come in either order.
            && signs.ToldAt > before.CheckedAt;
        DateTimeOffset?[] beginnings =
        [
            before.DoubtSince,
            status.UnheardSince is null ? before.UnheardSince : null,
            status.MessagesMissingSince is null ? before.MessagesMissingSince : null,
            isAnew ? before.CheckedAt : null,
        ];
        return traits.ListsMessages ? beginnings.Min() : null;
    }

    /// <summary>After a session has connected its gateway stores what was written before, and tells nobody: only later does a count prove anything.</summary>
    private static bool IsSettled(ChannelStatus status, ChannelSigns signs, DateTimeOffset now) =>
        now - status.ReportedSince >= HistoryStored && !(now - signs.ToldAt < HistoryStored);

    /// <summary>Whether the gateway's own count has moved, and whether we heard of it.</summary>
    private static ChannelStatus Counted(
        ChannelStatus status,
        ChannelStatus before,
        ChannelSigns signs,
        SessionFacts said,
        GatewayTraits traits,
        DateTimeOffset now
    )
    {
        // What was heard of since clears the suspicion, whatever it was.
        var unheard = signs.WebhookAt > before.UnheardSince ? null : before.UnheardSince;
        var missing = signs.MessageAt > before.MessagesMissingSince ? null : before.MessagesMissingSince;
        if (traits.CountsActivity && before.CheckedAt is { } looked && said.Activity > before.Reported.Activity)
        {
            var (heard, heardOfMessage) = (signs.WebhookAt > looked, signs.MessageAt > looked);
            var isMissing = traits.CountsMessages && heard && !heardOfMessage && IsSettled(status, signs, now);
            return status with
            {
                ActivityAt = now,
                UnheardSince = heard ? null : unheard ?? looked,
                MessagesMissingSince = isMissing ? missing ?? looked : missing,
            };
        }

        return status with
        {
            UnheardSince = unheard,
            MessagesMissingSince = missing,
        };
    }

    /// <summary>The worst of what the gateway says now, where it can say; else what a webhook said last, as long as that may hold.</summary>
    private static ChannelStatus Restrictions(
        ChannelStatus status,
        ChannelSigns signs,
        SessionFacts said,
        GatewayTraits traits,
        DateTimeOffset now
    )
    {
        // Of a session that is not connected most gateways tell nothing: what they told before holds on, for a restart would make it worse.
        if (
            traits.TellsRestrictions
            && (said.Restrictions.Count > 0 || (said.State is SessionState.Connected && said.RestrictionsUnknown is null))
        )
        {
            return status with { Restricted = said.Restrictions.MaxBy(restriction => restriction.Kind), RestrictedAt = now };
        }

        var newer = signs.RestrictedAt > status.RestrictedAt || status.RestrictedAt is null;
        var (restricted, at) = newer ? (signs.Restricted, signs.RestrictedAt) : (status.Restricted, status.RestrictedAt);
        var isOver = restricted is null || restricted.Until <= now || (restricted.Until is null && at + UnlimitedRestriction <= now);
        return status with { Restricted = isOver ? null : restricted, RestrictedAt = at };
    }
}

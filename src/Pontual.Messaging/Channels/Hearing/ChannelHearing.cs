using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Hearing;

/// <summary>Keeps the signs of life of channels from what their webhooks tell, and learns how long they are usually quiet.</summary>
/// <remarks>All of it only ever moves forward: webhooks come late, twice, in another order, and are read again.</remarks>
internal sealed class ChannelHearing(ChannelOptions options) : IInboxListener
{
    public async ValueTask ApplyAsync(DatabaseSession session, InboxBatch batch)
    {
        var told = await NamedAsync(session, batch.News);
        List<(GatewayKey, string)> sessions =
        [
            .. told.Select(news => (news.Gateway, news.Event.Session))
                .Concat(batch.Messages.Select(message => (message.After.Key.Gateway, message.After.Key.Session)))
                .Where(one => one.Session.Length > 0)
                .Distinct(),
        ];
        var heard = (await SignsRowStore.HoldAsync(session, sessions)).ToDictionary(one => (one.Gateway, one.Session));
        if (heard.Count == 0)
        {
            return;
        }

        await LearnAsync(session, batch, heard);
        var after = new Dictionary<(GatewayKey, string), Heard>(heard);
        foreach (var news in told)
        {
            var key = (news.Gateway, news.Event.Session);
            if (after.TryGetValue(key, out var one))
            {
                after[key] = one with { Signs = Hears(one.Signs, news) };
                if (news.Event is GatewayEvent.PairingShown shown)
                {
                    await SignsRowStore.PutPairingAsync(session, one.Channel, shown.Code, news.ReceivedAt);
                }
            }
        }

        foreach (var arrived in batch.Messages.Where(IsHeard))
        {
            var key = (arrived.After.Key.Gateway, arrived.After.Key.Session);
            if (after.TryGetValue(key, out var one))
            {
                after[key] = one with { Signs = Arrives(one.Signs, arrived.After) };
            }
        }

        await SignsRowStore.PutAsync(session, [.. after.Values.Where(one => one.Signs != heard[(one.Gateway, one.Session)].Signs)]);
    }

    /// <summary>What names a number or the whole account, told of each session that it is about.</summary>
    private static async ValueTask<IReadOnlyList<InboxNews>> NamedAsync(DatabaseSession session, IReadOnlyList<InboxNews> told)
    {
        if (!told.Any(NamesNone))
        {
            return told;
        }

        var gateways = told.Where(NamesNone).Select(news => news.Gateway).Distinct().ToList();
        var numbers = (await SignsRowStore.NumbersAsync(session, gateways)).ToLookup(number => number.Gateway);
        return
        [
            .. told.SelectMany(news =>
                NamesNone(news) && news.Event is GatewayEvent.SessionChanged changed
                    ? numbers[news.Gateway]
                        .Where(number => changed.IsOfAccount || number.Phone == changed.Facts.Phone)
                        .Select(number => news with { Event = changed with { Session = number.Session } })
                    : [news]
            ),
        ];
    }

    private static bool NamesNone(InboxNews news) =>
        news.Event is GatewayEvent.SessionChanged { Session: "" } changed && (changed.IsOfAccount || changed.Facts.Phone is not null);

    private static ChannelSigns Hears(ChannelSigns signs, InboxNews news)
    {
        var at = news.ReceivedAt;
        var heard = signs with { WebhookAt = Later(signs.WebhookAt, at) };
        return news.Event switch
        {
            GatewayEvent.MessageSeen => heard with { MessageAt = Later(signs.MessageAt, at) },
            GatewayEvent.MessageAcked { Level: >= AckLevel.Server } => heard with { AckAt = Later(signs.AckAt, at) },
            GatewayEvent.MessageAcked { Cause: RejectionCause.ChannelRestricted } refused when !(signs.RestrictedAt > at) => heard with
            {
                Restricted = new Restriction(RestrictionKind.Restricted, refused.Error ?? "a message was refused because of it"),
                RestrictedAt = at,
            },
            GatewayEvent.SessionChanged changed => Changes(heard, changed, at),
            _ => heard,
        };
    }

    private static ChannelSigns Changes(ChannelSigns signs, GatewayEvent.SessionChanged changed, DateTimeOffset at)
    {
        var facts = changed.Facts;
        if (changed.TellsRestrictions && !(signs.RestrictedAt > at))
        {
            signs = signs with { Restricted = facts.Restrictions.MaxBy(restriction => restriction.Kind), RestrictedAt = at };
        }

        if (facts.State is SessionState.Unknown || signs.ToldAt > at)
        {
            return signs;
        }

        var told = signs with { Told = facts.State, ToldCode = facts.Code, ToldAt = at };
        return facts.State == signs.Told ? told : Counted(told, at);
    }

    private static ChannelSigns Counted(ChannelSigns signs, DateTimeOffset at)
    {
        var hour = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        return signs.Hour == hour
            ? signs with
            {
                Changes = signs.Changes + 1,
            }
            : signs with
            {
                Hour = hour,
                Changes = 1,
                ChangesBefore = signs.Hour == hour.AddHours(-1) ? signs.Changes : 0,
            };
    }

    private static ChannelSigns Arrives(ChannelSigns signs, Message message) =>
        message.IsOurs
            ? signs with
            {
                EchoAt = Later(signs.EchoAt, message.ReceivedAt),
            }
            : signs with
            {
                InboundAt = Later(signs.InboundAt, message.ReceivedAt),
            };

    /// <summary>What was fetched after an outage is no sign that the session heard anything.</summary>
    private static bool IsHeard(MessageChange change) => change.IsArrival && change.After.Source is MessageSource.Webhook;

    private async ValueTask LearnAsync(DatabaseSession session, InboxBatch batch, Dictionary<(GatewayKey, string), Heard> heard)
    {
        var silences = new List<(Guid Channel, int Slot, DateTimeOffset From, DateTimeOffset To)>();
        foreach (
            var group in batch
                .Messages.Where(change => IsHeard(change) && !change.After.IsOurs)
                .GroupBy(change => (change.After.Key.Gateway, change.After.Key.Session))
        )
        {
            if (!heard.TryGetValue(group.Key, out var one))
            {
                continue;
            }

            var last = one.WasDown ? null : one.Signs.InboundAt;
            foreach (var at in group.Select(change => change.After.ReceivedAt).Order())
            {
                if (last is { } from && at > from)
                {
                    silences.Add((one.Channel, SlotOf(from), from, at));
                }

                last = Later(last, at);
            }
        }

        if (silences.Count == 0)
        {
            return;
        }

        var known = await QuietRowStore.FindAsync(session, [.. silences.Select(one => (one.Channel, one.Slot)).Distinct()]);
        var learned = new Dictionary<(Guid, int), QuietHour>(known);
        foreach (var (channel, slot, from, to) in silences)
        {
            learned[(channel, slot)] = (learned.GetValueOrDefault((channel, slot)) ?? new QuietHour(slot)).Learn(from, to);
        }

        await QuietRowStore.PutAsync(session, [.. learned.Select(one => (one.Key.Item1, one.Value))]);
    }

    private int SlotOf(DateTimeOffset instant) => QuietHour.SlotOf(options.Zone.ToLocal(instant).DateTime);

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;
}

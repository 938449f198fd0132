using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>Counts what goes through channels, in the transaction that keeps the messages: nothing is counted twice, and nothing is forgotten.</summary>
internal sealed class ChannelCounting(ChannelOptions options) : IInboxListener
{
    /// <summary>Who answers later than this has not answered what we wrote.</summary>
    private static readonly TimeSpan Answers = TimeSpan.FromHours(48);

    public async ValueTask ApplyAsync(DatabaseSession session, InboxBatch batch)
    {
        var channels = await ChatRowStore.ChannelsAsync(session, [.. batch.Messages.Select(KeyOf).Distinct()]);
        var days = new Dictionary<(Guid Channel, DateOnly Day), Tally>();
        var arrivals = new List<(Guid Channel, Message Message)>();
        foreach (var change in batch.Messages)
        {
            if (!channels.TryGetValue(KeyOf(change), out var channel))
            {
                continue;
            }

            var at = change.IsArrival ? change.After.ReceivedAt : change.After.AckedAt ?? change.After.ReceivedAt;
            Count(days, channel, at, Tally.Of(change.After) - Tally.Of(change.Before));
            if (change.IsArrival && !change.After.IsGroup)
            {
                arrivals.Add((channel, change.After));
            }
        }

        await TalkAsync(session, arrivals, days);
        await DayRowStore.CountAsync(
            session,
            [
                .. days.Where(day => day.Value != default)
                    .OrderBy(day => day.Key.Channel)
                    .ThenBy(day => day.Key.Day)
                    .Select(day => new ChannelDay(day.Key.Channel, day.Key.Day, day.Value)),
            ]
        );
    }

    /// <summary>Who began to talk, and who answered.</summary>
    private async ValueTask TalkAsync(
        DatabaseSession session,
        List<(Guid Channel, Message Message)> arrivals,
        Dictionary<(Guid Channel, DateOnly Day), Tally> days
    )
    {
        var known = await ChatRowStore.HoldAsync(session, [.. arrivals.Select(one => (one.Channel, one.Message.Chat!)).Distinct()]);
        var chats = new Dictionary<(Guid, string), Chat>(known);
        foreach (var (channel, message) in arrivals.OrderBy(one => one.Message.At ?? one.Message.ReceivedAt))
        {
            var (key, at) = ((channel, message.Chat!), message.At ?? message.ReceivedAt);
            if (!chats.TryGetValue(key, out var chat))
            {
                chats[key] = new Chat(channel, message.Chat!, at, message.IsOurs, message.Id, null);
                Count(days, channel, message.ReceivedAt, new Tally { FirstContacts = message.IsOurs ? 1 : 0 });
            }
            else if (chat is { ByUs: true, RepliedAt: null } && !message.IsOurs)
            {
                chats[key] = chat with { RepliedAt = at };
                Count(days, channel, message.ReceivedAt, new Tally { Replies = at - chat.BegunAt <= Answers ? 1 : 0 });
            }
        }

        await ChatRowStore.WriteAsync(
            session,
            [.. chats.Where(chat => !known.ContainsKey(chat.Key)).Select(chat => chat.Value)],
            [.. chats.Where(chat => known.TryGetValue(chat.Key, out var before) && before != chat.Value).Select(chat => chat.Value)]
        );
    }

    private void Count(Dictionary<(Guid Channel, DateOnly Day), Tally> days, Guid channel, DateTimeOffset at, Tally tally)
    {
        var key = (channel, options.DayOf(at));
        days[key] = days.GetValueOrDefault(key) + tally;
    }

    private static (GatewayKey, string) KeyOf(MessageChange change) => (change.After.Key.Gateway, change.After.Key.Session);
}

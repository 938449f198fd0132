using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>Finds what was missed: its webhooks are never repeated, but the page keeps the chats.</summary>
/// <remarks>Read in the server's source (list-chats, get-messages); not run against WhatsApp.</remarks>
internal sealed class WppConnectHistory(WppConnectWire wire)
{
    private const int PageOfChats = 50;
    private const int MostPages = 20;
    private const int FirstMessages = 50;
    private const int MostMessages = 3200;

    /// <summary>The page reads its database.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The messages of all chats in which something happened since an instant, the oldest first.</summary>
    public async Task<IReadOnlyList<SessionMessage>> SinceAsync(
        SessionRef session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    )
    {
        // The gateway's times are whole seconds.
        var from = DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds());
        var found = new List<SessionMessage>();
        foreach (var chat in await ChatsAsync(session, from, cancellation))
        {
            found.AddRange(await ReadAsync(session, chat, from, cancellation));
        }

        return [.. found.DistinctBy(message => message.Id).OrderBy(message => message.At).Take(most)];
    }

    /// <summary>The latest chats come first, but for those that somebody has pinned.</summary>
    private async Task<List<string>> ChatsAsync(SessionRef session, DateTimeOffset since, CancellationToken cancellation)
    {
        var chats = new List<string>();
        string? last = null;
        for (var page = 0; page < MostPages; page++)
        {
            var wish = new JsonObject { ["count"] = PageOfChats };
            if (last is not null)
            {
                (wish["id"], wish["direction"]) = (last, "after");
            }

            var answer = await wire.SendToLiveAsync(session, HttpMethod.Post, "list-chats", wish, cancellation, Patience);
            if (!answer.IsSuccess || answer.Json is not { ValueKind: JsonValueKind.Array } list)
            {
                throw wire.Unexpected(answer, "list-chats", session);
            }

            var rows = list.EnumerateArray().Select(chat => (Id: chat.Id("id"), At: chat.Instant("t"))).ToList();
            chats.AddRange(rows.Where(row => row.Id is not null && !(row.At < since)).Select(row => row.Id!));
            var end = rows.LastOrDefault();
            if (rows.Count < PageOfChats || end.At < since || end.Id is null || end.Id == last)
            {
                break;
            }

            last = end.Id;
        }

        return [.. chats.Distinct().Where(chat => !chat.EndsWith("@broadcast", StringComparison.Ordinal))];
    }

    /// <summary>The page gives the newest of a chat, so many: more are asked for until they reach back far enough.</summary>
    private async Task<IEnumerable<SessionMessage>> ReadAsync(
        SessionRef session,
        string chat,
        DateTimeOffset since,
        CancellationToken cancellation
    )
    {
        for (var count = FirstMessages; ; count *= 4)
        {
            var rows = await ReadNewestAsync(session, chat, count, cancellation);
            var messages = rows.Select(TryRead).OfType<SessionMessage>().ToList();
            if (rows.Count < count || count >= MostMessages || messages.Exists(message => message.At < since))
            {
                return messages.Where(message => message.At >= since);
            }
        }
    }

    private async Task<List<JsonElement>> ReadNewestAsync(SessionRef session, string chat, int count, CancellationToken cancellation)
    {
        var answer = await wire.SendToLiveAsync(
            session,
            HttpMethod.Get,
            $"get-messages/{WppConnectWire.Escape(chat)}?count={count}&direction=before",
            null,
            cancellation,
            Patience
        );
        return answer.IsSuccess && answer.Json?.Get("response") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray()]
            : throw wire.Unexpected(answer, "get-messages", session);
    }

    private static SessionMessage? TryRead(JsonElement message)
    {
        try
        {
            return WppConnectEvents.TryMessage(message);
        }
        catch (WebhookFormatException)
        {
            // What cannot be told apart from others cannot be found missing either.
            return null;
        }
    }
}

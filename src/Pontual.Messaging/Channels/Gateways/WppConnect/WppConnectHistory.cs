using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>Finds what was missed: its webhooks are never repeated, but the page keeps the chats.</summary>
/// <remarks>Read in the server's source (list-chats, get-messages); not run against WhatsApp.</remarks>
internal sealed class WppConnectHistory(WppConnectWire wire)
{
    private const int PageOfChats = 50;
    private const int MostPages = 20;

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
            found.AddRange((await ReadAsync(session, chat, most, cancellation)).Where(message => message.At >= from));
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

    private async Task<IEnumerable<SessionMessage>> ReadAsync(SessionRef session, string chat, int most, CancellationToken cancellation)
    {
        var answer = await wire.SendToLiveAsync(
            session,
            HttpMethod.Get,
            $"get-messages/{WppConnectWire.Escape(chat)}?count={most}&direction=before",
            null,
            cancellation,
            Patience
        );
        if (!answer.IsSuccess || answer.Json?.Get("response") is not { ValueKind: JsonValueKind.Array } list)
        {
            throw wire.Unexpected(answer, "get-messages", session);
        }

        return list.EnumerateArray().Select(TryRead).OfType<SessionMessage>();
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

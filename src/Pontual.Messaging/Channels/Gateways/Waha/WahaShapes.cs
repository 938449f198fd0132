using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>Messages as WAHA has them, in webhooks and in lists.</summary>
internal static class WahaShapes
{
    /// <returns>Null when it names no id, chat or time: that is no message.</returns>
    public static SessionMessage? Message(JsonElement payload)
    {
        if (payload.Id("id") is not { } id || payload.Instant("timestamp") is not { } at)
        {
            return null;
        }

        var isOurs = payload.Flag("fromMe") ?? id.StartsWith("true_", StringComparison.Ordinal);
        // Engines do not agree which of 'from' and 'to' is the chat of our own messages: the id names it.
        var chat = WahaIds.ChatIn(id) ?? (isOurs ? payload.Text("to") : null) ?? payload.Text("from");
        if (chat is null)
        {
            return null;
        }

        var isGroup = chat.EndsWith("@g.us", StringComparison.Ordinal);
        return new SessionMessage(WahaIds.Bare(id), isOurs, chat, at)
        {
            IsGroup = isGroup,
            Phone = isGroup ? null : LooseJson.PhoneOf(chat) ?? LooseJson.PhoneOf(AltOf(payload)),
            Author = isGroup ? payload.Text("participant") ?? payload.Text("author") : null,
            Name = isOurs
                ? null
                : payload.Text("_data", "notifyName") ?? payload.Text("_data", "pushName") ?? payload.Text("_data", "Info", "PushName"),
            Kind = KindOf(payload),
            Text = payload.Text("body"),
            ByApi = !isOurs
                ? null
                : payload.Text("source") switch
                {
                    "api" => true,
                    "app" => false,
                    _ => null,
                },
            Ack = LevelOf(payload),
        };
    }

    /// <summary>By the number, or by the word where there is none.</summary>
    public static AckLevel? LevelOf(JsonElement payload) =>
        payload.Number("ack") switch
        {
            -1 => AckLevel.Failed,
            0 => AckLevel.Pending,
            1 => AckLevel.Server,
            2 => AckLevel.Delivered,
            3 => AckLevel.Read,
            4 => AckLevel.Played,
            _ => payload.Text("ackName") switch
            {
                "ERROR" => AckLevel.Failed,
                "PENDING" => AckLevel.Pending,
                "SERVER" => AckLevel.Server,
                "DEVICE" => AckLevel.Delivered,
                "READ" => AckLevel.Read,
                "PLAYED" => AckLevel.Played,
                _ => null,
            },
        };

    /// <summary>The number behind a hidden id (lid), where the engine passes it on.</summary>
    private static string? AltOf(JsonElement payload) =>
        payload.Text("_data", "key", "remoteJidAlt")
        ?? payload.Text("_data", "key", "senderPn")
        ?? payload.Text("_data", "Info", "SenderAlt");

    private static string KindOf(JsonElement payload)
    {
        if (payload.Get("location") is not null)
        {
            return "location";
        }

        if (payload.Items("vCards").Any())
        {
            return "contact";
        }

        if (payload.Flag("hasMedia") is not true)
        {
            return "text";
        }

        return payload.Text("media", "mimetype")?.Split('/')[0] switch
        {
            "image" => "image",
            "video" => "video",
            "audio" => "audio",
            null => payload.Text("_data", "type") ?? "document",
            _ => "document",
        };
    }
}

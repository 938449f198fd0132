using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>What the webhooks of WPPConnect, and the messages that it lists, tell.</summary>
internal static class WppConnectEvents
{
    /// <summary>Reads one webhook.</summary>
    /// <exception cref="WebhookFormatException">A message without an id, a chat or a time; an ack without a level.</exception>
    public static IReadOnlyList<GatewayEvent> Read(string session, string kind, JsonElement data) =>
        kind switch
        {
            "onmessage" or "onselfmessage" or "onanymessage" or "unreadmessages" => [MessageOf(session, kind, data)],
            "onack" => [AckOf(session, data)],
            "qrcode" => [Changed(session, SessionState.NeedsPairing, "qrcode"), .. CodeOf(session, data)],
            "phoneCode" =>
            [
                Changed(session, SessionState.NeedsPairing, "phoneCode"),
                new GatewayEvent.PairingShown(session, new PairingCode(null, null, data.Text("phoneCode"))),
            ],
            "status-find" => [Changed(session, WppConnectStates.OfFind(data.Text("status")), data.Text("status") ?? kind)],
            "closesession" => [Changed(session, SessionState.Stopped, kind)],
            "logoutsession" => [Changed(session, SessionState.LoggedOut, kind)],
            _ => [new GatewayEvent.Other(session, kind)],
        };

    /// <summary>Reads a message as webhooks and lists have it.</summary>
    /// <returns>Null when nobody wrote it to us: a notice of the app, or a status that somebody shows to all.</returns>
    /// <exception cref="WebhookFormatException">It has no id, no chat or no time.</exception>
    public static SessionMessage? TryMessage(JsonElement data)
    {
        if (data.Flag("isNotification") is true || IsNotice(data.Text("type")))
        {
            return null;
        }

        var id = IdOf(data) ?? throw new WebhookFormatException("a message without an id");
        var isOurs = data.Flag("fromMe") ?? data.Flag("id", "fromMe") ?? WppConnectIds.IsOurs(id) ?? false;
        var chat =
            data.Id("chatId")
            ?? data.Id("id", "remote")
            ?? (isOurs ? data.Id("to") : data.Id("from"))
            ?? throw new WebhookFormatException("a message without a chat");
        if (chat.EndsWith("@broadcast", StringComparison.Ordinal))
        {
            return null;
        }

        var at = data.Instant("t") ?? data.Instant("timestamp") ?? throw new WebhookFormatException("a message without a time");
        var isGroup = chat.EndsWith("@g.us", StringComparison.Ordinal);
        var kind = KindOf(data.Text("type"));
        return new SessionMessage(WppConnectIds.MessageOf(id), isOurs, chat, at)
        {
            Phone = isGroup ? null : LooseJson.PhoneOf(chat) ?? (isOurs ? null : LooseJson.PhoneOf(data.Text("sender", "phoneNumber"))),
            Author = isGroup && !isOurs ? data.Id("author") ?? data.Id("sender", "id") : null,
            Name = isOurs ? null : data.Text("notifyName") ?? data.Text("sender", "pushname"),
            IsGroup = isGroup,
            Kind = kind,
            // The body of a medium is its bytes in base64, or those of its preview.
            Text = kind is "text" ? data.Text("body") ?? data.Text("content") : data.Text("caption"),
            Ack = isOurs && data.Number("ack") is { } ack ? LevelOf(ack) : null,
        };
    }

    private static GatewayEvent MessageOf(string session, string kind, JsonElement data) =>
        TryMessage(data) is { } message
            ? new GatewayEvent.MessageSeen(session, message)
            : new GatewayEvent.Other(session, $"{kind}:{data.Text("type") ?? "status"}");

    private static GatewayEvent AckOf(string session, JsonElement data)
    {
        var id = IdOf(data) ?? throw new WebhookFormatException("an ack without an id");
        var ack = data.Number("ack") ?? throw new WebhookFormatException("an ack without a level");
        if ((data.Flag("id", "fromMe") ?? data.Flag("fromMe") ?? WppConnectIds.IsOurs(id)) is false)
        {
            // That we read what somebody else wrote.
            return new GatewayEvent.Other(session, "onack");
        }

        // Its time is the message's, not the ack's.
        return new GatewayEvent.MessageAcked(session, WppConnectIds.MessageOf(id), LevelOf(ack))
        {
            Error = ack < 0 ? $"ack {ack}{ErrorOf(ack)}" : null,
        };
    }

    /// <summary>The id as a text or an object; newer pages of WhatsApp Web leave <c>_serialized</c> empty, and its part <c>id</c> is all that is needed.</summary>
    private static string? IdOf(JsonElement data) =>
        data.Get("id") is { ValueKind: JsonValueKind.Object } parts ? parts.Text("_serialized") ?? parts.Text("id") : data.Text("id");

    private static IEnumerable<GatewayEvent> CodeOf(string session, JsonElement data)
    {
        var code = Pairing(data);
        return code is null ? [] : [new GatewayEvent.PairingShown(session, code)];
    }

    /// <summary>A code for pairing, with its image in base64 with or without what comes before it in a data URL.</summary>
    /// <returns>Null when there is none.</returns>
    public static PairingCode? Pairing(JsonElement data)
    {
        var png = DataUrls.Bytes(data.Text("qrcode"));
        var text = data.Text("urlcode");
        return png is null && text is null ? null : new PairingCode(png, text);
    }

    private static GatewayEvent.SessionChanged Changed(string session, SessionState state, string raw) =>
        new(session, new SessionFacts(session, state, raw));

    private static AckLevel LevelOf(long ack) =>
        ack switch
        {
            < 0 => AckLevel.Failed,
            0 => AckLevel.Pending,
            1 => AckLevel.Server,
            2 => AckLevel.Delivered,
            3 => AckLevel.Read,
            _ => AckLevel.Played,
        };

    private static string ErrorOf(long ack) =>
        ack switch
        {
            -1 => " (failed)",
            -2 => " (expired)",
            -3 => " (its medium is gone)",
            -4 => " (its medium is too big)",
            -5 => " (its medium could not be uploaded)",
            -6 => " (inactive)",
            -7 => " (another device's protocol)",
            _ => "",
        };

    private static string KindOf(string? type) =>
        type switch
        {
            null or "chat" => "text",
            "ptt" => "audio",
            "vcard" or "multi_vcard" => "contact",
            _ => type,
        };

    private static bool IsNotice(string? type) =>
        type is "e2e_notification" or "notification" or "notification_template" or "gp2" or "protocol" or "call_log" or "ciphertext";
}

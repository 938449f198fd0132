using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>Messages in the shape of Baileys that Evolution passes on.</summary>
internal static class EvolutionShapes
{
    private static readonly (string Field, string Kind)[] Media =
    [
        ("imageMessage", "image"),
        ("videoMessage", "video"),
        ("ptvMessage", "video"),
        ("audioMessage", "audio"),
        ("documentMessage", "document"),
        ("stickerMessage", "sticker"),
        ("locationMessage", "location"),
        ("liveLocationMessage", "location"),
        ("contactMessage", "contact"),
        ("contactsArrayMessage", "contact"),
        ("reactionMessage", "reaction"),
    ];

    // What a message may be wrapped into; the field 'message' inside is the message.
    private static readonly string[] Wrappers =
    [
        "ephemeralMessage",
        "viewOnceMessage",
        "viewOnceMessageV2",
        "documentWithCaptionMessage",
        "editedMessage",
    ];

    /// <param name="data">The message as Evolution has it.</param>
    /// <param name="byApi">Of ours: whether the event says that it was sent through the gateway; null for not told.</param>
    /// <returns>Null when it names no id, chat or time: that is no message.</returns>
    public static SessionMessage? Message(JsonElement data, bool? byApi)
    {
        if (
            data.Text("key", "id") is not { } id
            || data.Text("key", "remoteJid") is not { } chat
            || InstantOf(data) is not { } at
            || data.Flag("key", "fromMe") is not { } isOurs
        )
        {
            return null;
        }

        var isGroup = chat.EndsWith("@g.us", StringComparison.Ordinal);
        var content = Unwrapped(data.Get("message"));
        return new SessionMessage(id, isOurs, chat, at)
        {
            IsGroup = isGroup,
            Phone = isGroup
                ? null
                : LooseJson.PhoneOf(chat) ?? LooseJson.PhoneOf(data.Text("key", "remoteJidAlt") ?? data.Text("key", "senderPn")),
            Author = isGroup ? AuthorOf(data) : null,
            // Of our own messages the name is ours, and not the other side's.
            Name = isOurs ? null : data.Text("pushName"),
            Kind = KindOf(content, data.Text("messageType")),
            Text = TextOf(content),
            ByApi = isOurs ? byApi : null,
            Ack = LevelOf(data.Text("status")),
        };
    }

    /// <summary>How far a word says that a message got; null for a word that says nothing of that.</summary>
    public static AckLevel? LevelOf(string? word) =>
        word switch
        {
            "ERROR" => AckLevel.Failed,
            "PENDING" => AckLevel.Pending,
            "SERVER_ACK" => AckLevel.Server,
            "DELIVERY_ACK" => AckLevel.Delivered,
            "READ" => AckLevel.Read,
            "PLAYED" => AckLevel.Played,
            _ => null,
        };

    /// <summary>Seconds, as a number or a text, or as the two halves of a large number.</summary>
    private static DateTimeOffset? InstantOf(JsonElement data) =>
        data.Instant("messageTimestamp") ?? data.Instant("messageTimestamp", "low");

    /// <summary>The writer by number where that is told, for the other id is hidden from everybody else.</summary>
    private static string? AuthorOf(JsonElement data)
    {
        var author = data.Text("key", "participant") ?? data.Text("participant");
        return author?.EndsWith("@lid", StringComparison.Ordinal) is true
            ? data.Text("key", "participantAlt") ?? data.Text("key", "participantPn") ?? author
            : author;
    }

    private static JsonElement? Unwrapped(JsonElement? content)
    {
        foreach (var wrapper in Wrappers)
        {
            if (content?.Get(wrapper, "message") is { } inner)
            {
                return Unwrapped(inner);
            }
        }

        return content;
    }

    private static string KindOf(JsonElement? content, string? type) =>
        content?.Get("conversation") is not null || content?.Get("extendedTextMessage") is not null
            ? "text"
            : Media.FirstOrDefault(medium => content?.Get(medium.Field) is not null || type == medium.Field).Kind ?? type ?? "text";

    private static string? TextOf(JsonElement? content) =>
        content is not { } body
            ? null
            : body.Text("conversation")
                ?? body.Text("extendedTextMessage", "text")
                ?? body.Text("reactionMessage", "text")
                ?? Media.Select(medium => body.Text(medium.Field, "caption")).FirstOrDefault(caption => caption is not null);
}

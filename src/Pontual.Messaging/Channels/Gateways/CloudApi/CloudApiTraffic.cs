using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>What Meta's webhooks tell of messages.</summary>
internal static class CloudApiTraffic
{
    /// <summary>Reads one change: messages that came, what became of ours, and what a person wrote in the app on a phone that shares the number.</summary>
    public static IEnumerable<GatewayEvent> Read(string field, JsonElement value)
    {
        var session = value.Text("metadata", "phone_number_id") ?? throw new WebhookFormatException("messages without a phone_number_id");
        var events = new List<GatewayEvent>();
        events.AddRange(value.Items("messages").Select(message => Received(session, message, value)));
        events.AddRange(value.Items("message_echoes").Select(echo => Typed(session, echo)));
        events.AddRange(value.Items("statuses").Select(status => Acked(session, status)));
        return events.Count > 0 ? events : [new GatewayEvent.Other(session, value.Get("errors") is null ? field : $"{field}:errors")];
    }

    private static GatewayEvent Received(string session, JsonElement message, JsonElement value)
    {
        var type = message.Text("type") ?? "unknown";
        if (type is "system" or "request_welcome")
        {
            return new GatewayEvent.Other(session, $"messages:{type}");
        }

        // Who hides the number comes without it: then only the user's id is there, and it belongs to this business alone.
        var phone = message.Text("from");
        var contact = ContactOf(value, phone);
        var author =
            phone ?? message.Text("from_user_id") ?? contact.Text("user_id") ?? throw new WebhookFormatException("a message from nobody");
        var group = message.Text("group_id");
        return new GatewayEvent.MessageSeen(
            session,
            new SessionMessage(IdOf(message), IsOurs: false, group ?? author, AtOf(message))
            {
                Phone = group is null ? LooseJson.PhoneOf(phone) : null,
                Author = group is null ? null : author,
                Name = contact.Text("profile", "name"),
                IsGroup = group is not null,
                Kind = KindOf(type),
                Text = TextOf(message, type),
            }
        );
    }

    private static GatewayEvent.MessageSeen Typed(string session, JsonElement echo)
    {
        var to = echo.Text("to") ?? echo.Text("to_user_id") ?? throw new WebhookFormatException("a message to nobody");
        var type = echo.Text("type") ?? "unknown";
        return new GatewayEvent.MessageSeen(
            session,
            new SessionMessage(IdOf(echo), IsOurs: true, to, AtOf(echo))
            {
                Phone = echo.Text("to") is { } phone ? LooseJson.PhoneOf(phone) : null,
                Kind = KindOf(type),
                Text = TextOf(echo, type),
                ByApi = false,
            }
        );
    }

    private static GatewayEvent Acked(string session, JsonElement status)
    {
        AckLevel? level = status.Text("status") switch
        {
            "sent" => AckLevel.Server,
            "delivered" => AckLevel.Delivered,
            "read" => AckLevel.Read,
            "played" => AckLevel.Played,
            "failed" => AckLevel.Failed,
            _ => null,
        };
        if (level is not { } known)
        {
            return new GatewayEvent.Other(session, $"statuses:{status.Text("status")}");
        }

        var error = status.Items("errors").Select(CloudApiError.Of).FirstOrDefault();
        return new GatewayEvent.MessageAcked(session, IdOf(status), known)
        {
            At = status.Instant("timestamp"),
            Cause = known is AckLevel.Failed ? error?.Cause ?? RejectionCause.Other : null,
            Error = error is null ? null : $"{error.Code} {error.Text}",
            Reference = status.Text("biz_opaque_callback_data"),
        };
    }

    private static string IdOf(JsonElement message) => message.Text("id") ?? throw new WebhookFormatException("a message without an id");

    private static DateTimeOffset AtOf(JsonElement message) =>
        message.Instant("timestamp") ?? throw new WebhookFormatException("a message without a timestamp");

    private static JsonElement ContactOf(JsonElement value, string? phone)
    {
        var contacts = value.Items("contacts").ToList();
        var named = contacts.Find(contact => phone is not null && contact.Text("wa_id") == phone);
        return named.ValueKind is JsonValueKind.Undefined && contacts.Count == 1 ? contacts[0] : named;
    }

    private static string KindOf(string type) =>
        type switch
        {
            "contacts" => "contact",
            "voice" => "audio",
            "button" => "text",
            _ => type,
        };

    private static string? TextOf(JsonElement message, string type) =>
        type switch
        {
            "text" => message.Text("text", "body"),
            "button" => message.Text("button", "text"),
            "reaction" => message.Text("reaction", "emoji"),
            "interactive" => message.Text("interactive", "button_reply", "title") ?? message.Text("interactive", "list_reply", "title"),
            _ => message.Text(type, "caption"),
        };
}

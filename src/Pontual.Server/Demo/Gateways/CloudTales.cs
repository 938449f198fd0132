using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Server.Demo.Gateways;

/// <summary>Meta's webhooks: signed over their bytes, with times as texts, and without a number for who hides it.</summary>
internal sealed class CloudTales(World world)
{
    private const int Banned = 403;
    private const int SpamLimit = 131048;

    public static string IdOf(SimulatedMessage message) => $"wamid.{message.Id}";

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened) =>
        session.Webhook is { IsEnabled: true } webhook && Of(session, happened) is var (field, value) ? [Draft(webhook, field, value)] : [];

    private (string Field, JsonObject Value)? Of(SimulatedSession session, SimulatedEvent happened) =>
        happened switch
        {
            SimulatedEvent.MessageSeen { Message.IsOurs: false } seen => ("messages", Received(session, seen.Message)),
            SimulatedEvent.MessageSeen { Message.ByApi: false } seen => ("smb_message_echoes", Typed(session, seen.Message)),
            SimulatedEvent.Acked acked => ("messages", Status(session, acked)),
            SimulatedEvent.RestrictionChanged => ("phone_number_quality_update", Quality(session)),
            SimulatedEvent.LinkChanged { Link: Link.Closed, Code: Banned } => (
                "account_update",
                new JsonObject
                {
                    ["event"] = "DISABLED_UPDATE",
                    ["ban_info"] = new JsonObject { ["waba_ban_state"] = "DISABLE" },
                }
            ),
            _ => null,
        };

    private static JsonObject Value(SimulatedSession session) =>
        new()
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject { ["display_phone_number"] = session.Phone, ["phone_number_id"] = session.Id },
        };

    /// <summary>A peer whose name is no number hides it: it is known by an id alone.</summary>
    private static JsonObject Received(SimulatedSession session, SimulatedMessage message)
    {
        var hides = !message.Peer.All(char.IsAsciiDigit);
        var contact = new JsonObject { ["profile"] = new JsonObject { ["name"] = $"Peer {message.Peer[^4..]}" } };
        contact[hides ? "user_id" : "wa_id"] = message.Peer;
        var body = Content(message);
        if (!hides)
        {
            body["from"] = message.Peer;
        }

        if (message.Group is not null)
        {
            body["group_id"] = message.Group;
        }

        var value = Value(session);
        value["contacts"] = new JsonArray(contact);
        value["messages"] = new JsonArray(body);
        return value;
    }

    private static JsonObject Typed(SimulatedSession session, SimulatedMessage message)
    {
        var body = Content(message);
        (body["from"], body["to"]) = (session.Phone, message.Peer);
        var value = Value(session);
        value["message_echoes"] = new JsonArray(body);
        return value;
    }

    private static JsonObject Content(SimulatedMessage message) =>
        new()
        {
            ["id"] = IdOf(message),
            ["timestamp"] = Seconds(message.At),
            ["type"] = message.Kind,
            [message.Kind] = new JsonObject { [message.Kind == "text" ? "body" : "caption"] = message.Text },
        };

    private JsonObject Status(SimulatedSession session, SimulatedEvent.Acked acked)
    {
        var status = new JsonObject
        {
            ["id"] = IdOf(acked.Message),
            ["status"] = acked.Level switch
            {
                < 0 => "failed",
                1 => "sent",
                2 => "delivered",
                _ => "read",
            },
            ["timestamp"] = Seconds(world.Now),
            ["recipient_id"] = acked.Message.Peer,
        };
        if (acked.Message.Reference is { } reference)
        {
            status["biz_opaque_callback_data"] = reference;
        }

        if (acked.Level < 0)
        {
            var code = acked.Code < 1000 ? SpamLimit : acked.Code;
            status["errors"] = new JsonArray(
                new JsonObject
                {
                    ["code"] = code,
                    ["title"] = "Message undeliverable",
                    ["message"] = "Message undeliverable",
                    ["error_data"] = new JsonObject { ["details"] = "The message could not be delivered." },
                }
            );
        }

        var value = Value(session);
        value["statuses"] = new JsonArray(status);
        return value;
    }

    private static JsonObject Quality(SimulatedSession session) =>
        new()
        {
            ["display_phone_number"] = session.Phone,
            ["event"] = session.IsRestricted ? "FLAGGED" : "UNFLAGGED",
            ["max_daily_conversations_per_business"] = "TIER_2K",
        };

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The value comes before the field that says what it is.</summary>
    private static WebhookDraft Draft(SimulatedWebhook webhook, string field, JsonObject value)
    {
        var change = new JsonObject { ["value"] = value, ["field"] = field };
        var entry = new JsonObject { ["id"] = SimulatedGateway.CloudAccount, ["changes"] = new JsonArray(change) };
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { ["object"] = "whatsapp_business_account", ["entry"] = new JsonArray(entry) }
        );
        var signature = webhook.Secret is { } secret
            ? Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))
            : null;
        return new WebhookDraft(field, webhook.Url, body, signature is null ? [] : [("X-Hub-Signature-256", $"sha256={signature}")]);
    }
}

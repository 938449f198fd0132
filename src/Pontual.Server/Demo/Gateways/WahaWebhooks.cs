using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The webhooks of WAHA: signed, and with an id of their own that a second try keeps.</summary>
internal sealed class WahaWebhooks(World world)
{
    private int _ids;

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened)
    {
        if (session.Webhook is not { IsEnabled: true } webhook)
        {
            return [];
        }

        return Events(session, happened)
            .Where(each => webhook.Events.Count == 0 || webhook.Events.Contains(each.Event) || webhook.Events.Contains("*"))
            .Select(each => Draft(session, webhook, each.Event, each.Payload))
            .ToList();
    }

    private static IEnumerable<(string Event, JsonObject Payload)> Events(SimulatedSession session, SimulatedEvent happened) =>
        happened switch
        {
            // Also told again at each new code, and when only a restriction changed: that one alone is told then.
            SimulatedEvent.LinkChanged or SimulatedEvent.CodeShown => [("session.status", Status(session, null))],
            SimulatedEvent.RestrictionChanged { Kind: FaultKind.Timelock } =>
            [
                ("session.status", Status(session, new JsonObject { ["reachoutTimelock"] = WahaFace.TimelockOf(session) })),
            ],
            SimulatedEvent.RestrictionChanged =>
            [
                ("session.status", Status(session, new JsonObject { ["messageCapping"] = WahaFace.CappingOf(session) })),
            ],
            SimulatedEvent.MessageSeen seen => Seen(session, seen.Message),
            SimulatedEvent.Acked acked => [(acked.Message.Group is null ? "message.ack" : "message.ack.group", Ack(acked))],
            _ => [],
        };

    /// <summary>What came in is told twice to those who ask for both events.</summary>
    private static IEnumerable<(string Event, JsonObject Payload)> Seen(SimulatedSession session, SimulatedMessage message)
    {
        yield return ("message.any", WahaShapes.Message(session, message));
        if (!message.IsOurs)
        {
            yield return ("message", WahaShapes.Message(session, message));
        }
    }

    private static JsonObject Status(SimulatedSession session, JsonObject? data) =>
        new()
        {
            ["name"] = session.Id,
            ["status"] = WahaFace.StatusOf(session.Link),
            ["statuses"] = new JsonArray(),
            ["data"] = data,
        };

    private static JsonObject Ack(SimulatedEvent.Acked acked) =>
        new()
        {
            ["id"] = WahaShapes.IdOf(acked.Message),
            ["from"] = WahaShapes.ChatOf(acked.Message),
            ["participant"] = null,
            ["fromMe"] = true,
            ["ack"] = acked.Level,
            ["ackName"] = WahaShapes.AckWord(acked.Level),
        };

    private WebhookDraft Draft(SimulatedSession session, SimulatedWebhook webhook, string name, JsonObject payload)
    {
        var id = $"evt_{world.Id(26, session.Id, "evt", (++_ids).ToString(CultureInfo.InvariantCulture)).ToLowerInvariant()}";
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["id"] = id,
                ["timestamp"] = world.Now.ToUnixTimeMilliseconds(),
                ["event"] = name,
                ["session"] = session.Id,
                ["metadata"] = new JsonObject(),
                ["me"] = WahaFace.Me(session, world),
                ["payload"] = payload,
                ["engine"] = session.Engine,
                ["environment"] = new JsonObject { ["version"] = "2026.8.1", ["engine"] = session.Engine },
            }
        );
        var headers = new List<(string, string)>
        {
            ("X-Webhook-Request-Id", id),
            ("X-Webhook-Timestamp", world.Now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
        };
        if (webhook.Secret is { } key)
        {
            headers.Add(("X-Webhook-Hmac", Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(key), body))));
            headers.Add(("X-Webhook-Hmac-Algorithm", "sha512"));
        }

        return new WebhookDraft(name, webhook.Url, body, headers);
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The webhooks of Evolution. A connection that comes back by itself is told by <c>connecting</c> alone, an end for good by <c>close</c>.</summary>
internal sealed class EvolutionWebhooks(World world)
{
    private static readonly TimeSpan TokenHolds = TimeSpan.FromMinutes(10);

    public static readonly IReadOnlyList<string> AllEvents =
    [
        "APPLICATION_STARTUP",
        "QRCODE_UPDATED",
        "CONNECTION_UPDATE",
        "STATUS_INSTANCE",
        "LOGOUT_INSTANCE",
        "REMOVE_INSTANCE",
        "MESSAGES_UPSERT",
        "MESSAGES_UPDATE",
        "MESSAGES_DELETE",
        "SEND_MESSAGE",
        "GROUPS_UPSERT",
        "GROUP_PARTICIPANTS_UPDATE",
    ];

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened)
    {
        if (session.Webhook is not { IsEnabled: true } webhook)
        {
            return [];
        }

        return Events(session, happened)
            .Where(each => webhook.Events.Count == 0 || webhook.Events.Contains(each.Event.Replace('.', '_').ToUpperInvariant()))
            .Select(each => Draft(session, webhook, each.Event, each.Data))
            .ToList();
    }

    private IEnumerable<(string Event, JsonNode? Data)> Events(SimulatedSession session, SimulatedEvent happened) =>
        happened switch
        {
            SimulatedEvent.LinkChanged { Link: Link.Closed } ended => Ended(session, ended.Code),
            SimulatedEvent.LinkChanged { Link: Link.Refused } => Refused(session),
            SimulatedEvent.LinkChanged { Link: Link.Pairing or Link.Stopped } => [],
            SimulatedEvent.LinkChanged changed => [("connection.update", Connection(session, EvolutionFace.StateOf(changed.Link), 200))],
            SimulatedEvent.CodeShown shown => [("qrcode.updated", Code(session, shown.Code))],
            SimulatedEvent.MessageSeen { Message: { ByApi: true } message } =>
            [
                ("send.message", EvolutionShapes.Message(session, message, world)),
            ],
            SimulatedEvent.MessageSeen seen => [("messages.upsert", EvolutionShapes.Message(session, seen.Message, world))],
            SimulatedEvent.Acked acked => [("messages.update", Ack(session, acked))],
            _ => [],
        };

    private IEnumerable<(string Event, JsonNode? Data)> Ended(SimulatedSession session, int code)
    {
        yield return (
            "status.instance",
            new JsonObject
            {
                ["instance"] = session.Id,
                ["status"] = "closed",
                ["disconnectionAt"] = world.Now.ToString("o", CultureInfo.InvariantCulture),
                ["disconnectionReasonCode"] = code,
                ["disconnectionObject"] = $"{{\"error\":{{\"output\":{{\"statusCode\":{code}}}}}}}",
            }
        );
        if (code == 401)
        {
            yield return ("logout.instance", null);
        }

        yield return ("connection.update", Connection(session, "close", code));
    }

    private static IEnumerable<(string Event, JsonNode? Data)> Refused(SimulatedSession session) =>
        [
            ("qrcode.updated", new JsonObject { ["message"] = "QR code limit reached, please login again", ["statusCode"] = 500 }),
            ("connection.update", Connection(session, "refused", 428)),
        ];

    private static JsonObject Connection(SimulatedSession session, string state, int reason)
    {
        var data = new JsonObject
        {
            ["instance"] = session.Id,
            ["state"] = state,
            ["statusReason"] = reason,
        };
        if (state == "open")
        {
            data["wuid"] = $"{session.Phone}@s.whatsapp.net";
            data["profileName"] = session.Name;
        }

        return data;
    }

    private static JsonObject Code(SimulatedSession session, string code) =>
        new()
        {
            ["qrcode"] = new JsonObject
            {
                ["instance"] = session.Id,
                ["pairingCode"] = null,
                ["code"] = code,
                ["base64"] = SimulatedCode.DataUrl(code),
            },
        };

    /// <summary>The code of a failure is not told: it is no more than ERROR.</summary>
    private static JsonObject Ack(SimulatedSession session, SimulatedEvent.Acked acked) =>
        new()
        {
            ["keyId"] = acked.Message.Id,
            ["remoteJid"] = acked.Message.Group is { } group ? $"{group}@g.us" : $"{acked.Message.Peer}@s.whatsapp.net",
            ["fromMe"] = true,
            ["participant"] = null,
            ["status"] = EvolutionShapes.AckWord(acked.Level),
            ["instanceId"] = $"uuid-of-{session.Id}",
            ["messageId"] = $"row-of-{acked.Message.Id}",
        };

    private WebhookDraft Draft(SimulatedSession session, SimulatedWebhook webhook, string name, JsonNode? data)
    {
        var body = new JsonObject
        {
            ["event"] = name,
            ["instance"] = session.Id,
            ["data"] = data,
            ["destination"] = webhook.Url,
            // The trap: local time (here of São Paulo) with the letter of universal time.
            ["date_time"] = world.Now.AddHours(-3).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["server_url"] = "http://localhost:8080",
            ["apikey"] = null,
        };
        if (session.IsPaired)
        {
            body["sender"] = $"{session.Phone}@s.whatsapp.net";
        }

        return new WebhookDraft(name, webhook.Url, JsonSerializer.SerializeToUtf8Bytes(body), [.. Headers(session, webhook, name)]);
    }

    private IEnumerable<(string, string)> Headers(SimulatedSession session, SimulatedWebhook webhook, string name)
    {
        foreach (var (key, value) in webhook.Headers)
        {
            yield return key == "jwt_key" ? ("Authorization", $"Bearer {Token(value)}") : (key, value);
        }

        if (world.Options.IsEvolution24)
        {
            yield return ("X-Instance-Name", session.Id);
            yield return ("X-Event-Type", name);
            yield return ("X-Timestamp", world.Now.ToString("o", CultureInfo.InvariantCulture));
        }
    }

    private string Token(string key)
    {
        var now = world.Now.ToUnixTimeSeconds();
        var head = Part(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT" });
        var claims = Part(
            new JsonObject
            {
                ["app"] = "evolution",
                ["action"] = "webhook",
                ["iat"] = now,
                ["exp"] = now + (long)TokenHolds.TotalSeconds,
            }
        );
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{head}.{claims}"));
        return $"{head}.{claims}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    private static string Part(JsonObject json) => System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}

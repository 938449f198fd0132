using System.Text.Json;
using Pontual.Messaging.Channels.Gateways.WppConnect;

namespace Pontual.Messaging.Channels.Gateways.Wrapper;

/// <summary>Reads the wrapper's webhooks. They are not laid down anywhere: taken to be those of the WPPConnect behind it, flat or with what they tell one level down,
/// under near names.</summary>
internal sealed class WrapperWebhooks : IWebhookReader
{
    private const string SecretHeader = "x-gateway-secret";
    private static readonly string[] SessionNames = ["session", "channel", "channelId", "channel_id", "sessionId"];
    private static readonly string[] EventNames = ["event", "type"];
    private static readonly string[] Envelopes = ["data", "payload", "message"];

    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.Wrapper;

    /// <summary>Where a secret is agreed, it is to come in the header that the gateway itself asks for.</summary>
    public bool IsGenuine(WebhookRequest webhook, string? secret) =>
        secret is null || SharedSecret.Matches(webhook.Headers.GetValueOrDefault(SecretHeader), secret);

    /// <inheritdoc/>
    public string? SessionOf(ReadOnlyMemory<byte> body) => First(SessionNames, name => LooseJson.Peek(body, name));

    /// <inheritdoc/>
    public string? EventOf(ReadOnlyMemory<byte> body) => First(EventNames, name => LooseJson.Peek(body, name));

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEvent> Read(ReadOnlyMemory<byte> body)
    {
        if (LooseJson.TryParse(body) is not { ValueKind: JsonValueKind.Object } json)
        {
            throw new WebhookFormatException("it is no JSON object");
        }

        // 'type' is the event only where there is no 'event': in a flat message it is the sort of message.
        var kind = First(EventNames, name => json.Text(name)) ?? throw new WebhookFormatException("it has no 'event'");
        var session = First(SessionNames, name => json.Id(name)) ?? "";
        var data =
            First(Envelopes, name => json.Get(name) is { ValueKind: JsonValueKind.Object } inner ? inner : (JsonElement?)null) ?? json;
        return WppConnectEvents.Read(session, EventIn(kind), data);
    }

    private static string EventIn(string kind) =>
        kind.ToLowerInvariant() switch
        {
            "message" or "messages" or "message.received" or "onmessage" => "onmessage",
            "message.sent" or "message.any" or "onselfmessage" => "onselfmessage",
            "ack" or "message.ack" or "onack" => "onack",
            "qr" or "qrcode" => "qrcode",
            "status" or "status-find" or "connection" or "connection.update" => "status-find",
            _ => kind,
        };

    private static T? First<T>(IEnumerable<string> names, Func<string, T?> look) =>
        names.Select(look).FirstOrDefault(found => found is not null);
}

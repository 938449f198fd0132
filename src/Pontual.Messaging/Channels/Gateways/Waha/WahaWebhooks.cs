using System.Security.Cryptography;
using System.Text;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>Reads WAHA's webhooks: <c>event</c>, <c>session</c>, <c>payload</c>, signed over the body.</summary>
internal sealed class WahaWebhooks : IWebhookReader
{
    private const string SignatureHeader = "x-webhook-hmac";

    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.Waha;

    /// <summary>By the HMAC-SHA512 of the bytes as they came: written again as JSON they would be others.</summary>
    public bool IsGenuine(WebhookRequest webhook, string? secret) =>
        secret is null
        || SharedSecret.SignatureMatches(
            webhook.Headers.GetValueOrDefault(SignatureHeader),
            HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), webhook.Body.Span)
        );

    /// <inheritdoc/>
    public string? SessionOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "session");

    /// <inheritdoc/>
    public string? EventOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "event");

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEvent> Read(ReadOnlyMemory<byte> body)
    {
        if (LooseJson.TryParse(body) is not { } json || json.Text("event") is not { } kind)
        {
            throw new WebhookFormatException("it is no JSON object with 'event': WAHA always sends one");
        }

        return WahaEvents.Read(json.Text("session") ?? "", kind, json);
    }
}

namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>Reads WPPConnect's webhooks: a flat object with <c>event</c> and <c>session</c> among what it tells.</summary>
internal sealed class WppConnectWebhooks : IWebhookReader
{
    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.WppConnect;

    /// <summary>Always: this gateway signs nothing and sends no header along. The key in the address is all that lets a webhook in.</summary>
    public bool IsGenuine(WebhookRequest webhook, string? secret) => true;

    /// <inheritdoc/>
    public string? SessionOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "session");

    /// <inheritdoc/>
    public string? EventOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "event");

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEvent> Read(ReadOnlyMemory<byte> body)
    {
        if (LooseJson.TryParse(body) is not { } json || json.Text("event") is not { } kind)
        {
            throw new WebhookFormatException("it is no JSON object with 'event': WPPConnect always sends one");
        }

        return WppConnectEvents.Read(json.Text("session") ?? "", kind, json);
    }
}

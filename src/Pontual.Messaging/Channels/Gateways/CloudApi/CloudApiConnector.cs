namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>The WhatsApp Cloud API of Meta.</summary>
internal sealed class CloudApiConnector : IGatewayConnector
{
    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.CloudApi;

    /// <inheritdoc/>
    public IWebhookReader Webhooks { get; } = new CloudApiWebhooks();

    /// <inheritdoc/>
    public Gateway Open(GatewayLine line)
    {
        var wire = new CloudApiWire(line);
        return new Gateway(new CloudApiSessions(wire), new CloudApiMessages(wire));
    }
}

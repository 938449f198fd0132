namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>WAHA, with any of its engines.</summary>
internal sealed class WahaConnector : IGatewayConnector
{
    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.Waha;

    /// <inheritdoc/>
    public IWebhookReader Webhooks { get; } = new WahaWebhooks();

    /// <inheritdoc/>
    public Gateway Open(GatewayLine line)
    {
        var wire = new WahaWire(line);
        return new Gateway(new WahaSessions(wire), new WahaMessages(wire));
    }
}

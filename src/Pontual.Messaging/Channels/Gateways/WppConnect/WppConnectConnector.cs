namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>WPPConnect-Server 2.</summary>
/// <remarks>Keep a gateway that was opened: it remembers the token of each session, and the server makes a new one by hashing, which is slow on purpose.</remarks>
internal sealed class WppConnectConnector : IGatewayConnector
{
    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.WppConnect;

    /// <inheritdoc/>
    public IWebhookReader Webhooks { get; } = new WppConnectWebhooks();

    /// <inheritdoc/>
    public Gateway Open(GatewayLine line)
    {
        var wire = new WppConnectWire(line);
        return new Gateway(new WppConnectSessions(wire), new WppConnectMessages(wire));
    }
}

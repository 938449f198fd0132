namespace Pontual.Messaging.Channels.Gateways.Wrapper;

/// <summary>A wrapper around WPPConnect that lists channels and shows their codes, and no more.</summary>
internal sealed class WrapperConnector : IGatewayConnector
{
    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.Wrapper;

    /// <inheritdoc/>
    public IWebhookReader Webhooks { get; } = new WrapperWebhooks();

    /// <inheritdoc/>
    public Gateway Open(GatewayLine line) => new(new WrapperSessions(line), new WrapperMessages());
}

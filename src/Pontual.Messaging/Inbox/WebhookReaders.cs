using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>The readers of webhooks, by the kind of gateway.</summary>
internal sealed class WebhookReaders(IEnumerable<IGatewayConnector> connectors)
{
    private readonly Dictionary<GatewayKind, IWebhookReader> _readers = connectors.ToDictionary(
        connector => connector.Kind,
        connector => connector.Webhooks
    );

    /// <returns>Null when this program has none for the kind.</returns>
    public IWebhookReader? Find(GatewayKind kind) => _readers.GetValueOrDefault(kind);
}

namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>Evolution API v2: 2.3, and 2.4 where it differs.</summary>
internal sealed class EvolutionConnector : IGatewayConnector
{
    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.Evolution;

    /// <inheritdoc/>
    public IWebhookReader Webhooks { get; } = new EvolutionWebhooks();

    /// <inheritdoc/>
    public Gateway Open(GatewayLine line)
    {
        var wire = new EvolutionWire(line);
        return new Gateway(new EvolutionSessions(wire), new EvolutionMessages(wire));
    }
}

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>Knows how to speak to one kind of gateway. One for each kind; without state.</summary>
public interface IGatewayConnector
{
    /// <summary>Which kind.</summary>
    GatewayKind Kind { get; }

    /// <summary>How its webhooks are read.</summary>
    IWebhookReader Webhooks { get; }

    /// <summary>Opens a gateway. Calls nothing yet.</summary>
    /// <param name="line">The way to it.</param>
    Gateway Open(GatewayLine line);
}

/// <summary>A gateway that can be spoken to.</summary>
/// <param name="Sessions">Its sessions.</param>
/// <param name="Messages">Its messages.</param>
public sealed record Gateway(ISessionGateway Sessions, IMessageGateway Messages);

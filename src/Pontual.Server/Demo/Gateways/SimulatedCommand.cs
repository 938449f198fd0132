namespace Pontual.Server.Demo.Gateways;

/// <summary>Something that a gateway was told to do, or was asked of the platform. Plain looking is not among them.</summary>
/// <param name="At">When.</param>
/// <param name="Gateway">Which gateway.</param>
/// <param name="Session">Which session; empty for the gateway itself.</param>
/// <param name="Kind">What.</param>
/// <param name="Link">What the gateway believed of the session then.</param>
/// <param name="LinkSince">Since when it believed that.</param>
/// <param name="WasRestricted">Whether the platform restricted the session then.</param>
/// <param name="Detail">What else there is to say.</param>
public sealed record SimulatedCommand(
    DateTimeOffset At,
    Messaging.Channels.Gateways.GatewayKind Gateway,
    string Session,
    CommandKind Kind,
    Link Link,
    DateTimeOffset LinkSince,
    bool WasRestricted,
    string Detail
);

/// <summary>What a gateway can be told.</summary>
public enum CommandKind
{
    /// <summary>To connect, or to look after the connection.</summary>
    Connect,

    /// <summary>To close and open the connection.</summary>
    Restart,

    /// <summary>To start the session.</summary>
    Start,

    /// <summary>To stop it.</summary>
    Stop,

    /// <summary>To unpair it.</summary>
    Logout,

    /// <summary>To show the code for pairing.</summary>
    Qr,

    /// <summary>Where its webhooks go.</summary>
    SetWebhook,

    /// <summary>To send a message.</summary>
    Send,

    /// <summary>Whether a number exists.</summary>
    Check,

    /// <summary>Something that only a living session answers.</summary>
    Probe,

    /// <summary>For a token.</summary>
    Token,
}

/// <summary>A webhook that was tried.</summary>
/// <param name="At">When.</param>
/// <param name="Gateway">Of which gateway.</param>
/// <param name="Session">Of which session.</param>
/// <param name="Event">The gateway's word.</param>
/// <param name="Url">Where to.</param>
/// <param name="Attempt">Which try, from 1.</param>
/// <param name="Status">What was answered; 0 for no answer.</param>
public sealed record SimulatedDelivery(
    DateTimeOffset At,
    Messaging.Channels.Gateways.GatewayKind Gateway,
    string Session,
    string Event,
    string Url,
    int Attempt,
    int Status
);

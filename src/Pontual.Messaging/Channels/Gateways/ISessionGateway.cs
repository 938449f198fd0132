namespace Pontual.Messaging.Channels.Gateways;

/// <summary>The sessions of one gateway. All methods throw <see cref="GatewayException"/> and nothing else of the network.</summary>
public interface ISessionGateway
{
    /// <summary>What this gateway can do and tell.</summary>
    GatewayTraits Traits { get; }

    /// <summary>All sessions with their states, as the gateway has them now.</summary>
    Task<IReadOnlyList<SessionFacts>> ListAsync(CancellationToken cancellation);

    /// <summary>Does a step of a cure. It returns when the gateway has taken it, not when the session is back.</summary>
    /// <param name="session">The session.</param>
    /// <param name="step">One of <see cref="GatewayTraits.Steps"/>.</param>
    /// <param name="state">The state that it was seen in, for gateways whose calls depend on it.</param>
    /// <param name="webhook">Where its webhooks are to go; null to leave that as it is. Gateways that forget it with a restart are told again.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task CureAsync(SessionRef session, CureStep step, SessionState state, WebhookWish? webhook, CancellationToken cancellation);

    /// <summary>What the phone needs for pairing.</summary>
    /// <returns>Null when there is none now: it is paired, or the code is not ready yet.</returns>
    Task<PairingCode?> PairAsync(SessionRef session, CancellationToken cancellation);

    /// <summary>Unpairs the session. Only because a person asked for it.</summary>
    Task LogOutAsync(SessionRef session, CancellationToken cancellation);

    /// <summary>Where a session's webhooks go.</summary>
    /// <returns>Null when they go nowhere. Only where <see cref="GatewayTraits.TellsWebhook"/>.</returns>
    Task<WebhookSetting?> ReadWebhookAsync(SessionRef session, CancellationToken cancellation);

    /// <summary>Lets a session's webhooks come to us. Only where <see cref="GatewayTraits.SetsWebhook"/>.</summary>
    Task SetWebhookAsync(SessionRef session, WebhookWish webhook, CancellationToken cancellation);

    /// <summary>Asks something that only a living session answers, without anybody noticing: a check of its own number, its own device.</summary>
    /// <param name="session">The session.</param>
    /// <param name="phone">Its own number in digits; null when it is not known.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<ProbeAnswer> ProbeAsync(SessionRef session, string? phone, CancellationToken cancellation);
}

/// <summary>What a phone needs for pairing: an image, the text of one, or a code to type.</summary>
/// <param name="Png">The image as the gateway made it; null to draw <paramref name="Text"/>.</param>
/// <param name="Text">What the image says; null when only the image is known.</param>
/// <param name="Digits">A code to type on the phone; null for none.</param>
public sealed record PairingCode(ReadOnlyMemory<byte>? Png, string? Text, string? Digits = null);

/// <summary>Where a session's webhooks are to go, and of what.</summary>
/// <param name="Url">Our address, with its key.</param>
/// <param name="Secret">What the gateway signs with, or sends along as a header; null for neither.</param>
public sealed record WebhookWish(Uri Url, string? Secret)
{
    /// <summary>What of it nobody else may see: the key at the end of the address, and the secret.</summary>
    internal IReadOnlyList<string> Secrets => Secret is null ? [Url.Segments[^1]] : [Url.Segments[^1], Secret];

    /// <summary>Without the key and the secret.</summary>
    public override string ToString() => $"webhooks to {Url.Authority}";
}

/// <summary>Where a session's webhooks go, as the gateway has it.</summary>
/// <param name="Url">The address; null for none.</param>
/// <param name="IsEnabled">Whether any are sent.</param>
/// <param name="Missing">Events that we need and that are not sent; empty for none.</param>
public sealed record WebhookSetting(string? Url, bool IsEnabled, IReadOnlyList<string> Missing);

/// <summary>What came of asking a session for a sign of life.</summary>
/// <param name="IsAlive">Whether it answered; null when the gateway has no such question.</param>
/// <param name="Detail">What it said.</param>
public sealed record ProbeAnswer(bool? IsAlive, string Detail);

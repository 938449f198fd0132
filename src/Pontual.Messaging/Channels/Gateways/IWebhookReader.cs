namespace Pontual.Messaging.Channels.Gateways;

/// <summary>Understands the webhooks of one kind of gateway. Without state and without the network.</summary>
public interface IWebhookReader
{
    /// <summary>Of which kind.</summary>
    GatewayKind Kind { get; }

    /// <summary>Whether a webhook is really from the gateway. Compares in constant time, on the bytes as they came.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="secret">What it should be signed with, or carry; null when none is agreed.</param>
    bool IsGenuine(WebhookRequest webhook, string? secret);

    /// <summary>The session that a webhook is about, as quickly as it can be found; null when it cannot. Never throws.</summary>
    string? SessionOf(ReadOnlyMemory<byte> body);

    /// <summary>The gateway's word for what happened, as quickly as it can be found; null when it cannot. Never throws.</summary>
    string? EventOf(ReadOnlyMemory<byte> body);

    /// <summary>What it tells. Unknown fields, and types other than expected, are passed over.</summary>
    /// <exception cref="WebhookFormatException">It is not what this gateway sends.</exception>
    IReadOnlyList<GatewayEvent> Read(ReadOnlyMemory<byte> body);
}

/// <summary>A webhook as it came.</summary>
/// <param name="Headers">Its headers; names in lower case.</param>
/// <param name="Body">Its bytes.</param>
public sealed record WebhookRequest(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>A webhook cannot be understood. It is kept, and can be read again by a later version.</summary>
public sealed class WebhookFormatException(string message) : Exception(message);

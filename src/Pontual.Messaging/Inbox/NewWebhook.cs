using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>A webhook that came just now, as it is to be kept.</summary>
/// <param name="Id">Its id, of the time at which it came.</param>
/// <param name="Gateway">Which gateway's.</param>
/// <param name="Kind">Which protocol that speaks.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Headers">What may be kept of its headers, as a JSON object.</param>
/// <param name="Body">Its bytes, without keys of ours.</param>
public sealed record NewWebhook(
    Guid Id,
    GatewayKey Gateway,
    GatewayKind Kind,
    DateTimeOffset ReceivedAt,
    string Headers,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>The session that it is about; null where a glance does not tell.</summary>
    public string? Session { get; init; }

    /// <summary>The gateway's word for what happened; null where a glance does not tell.</summary>
    public string? Event { get; init; }

    /// <summary>Whether the bytes are UTF-8 without NUL, which is what both databases call text.</summary>
    public bool IsText { get; init; }

    /// <summary>Why it is refused; null for one to be read.</summary>
    public string? Refusal { get; init; }
}

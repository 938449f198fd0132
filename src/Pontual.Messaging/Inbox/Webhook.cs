using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>Where a webhook stands.</summary>
public enum WebhookState
{
    /// <summary>It was kept, and waits to be read.</summary>
    Received,

    /// <summary>What it told was taken in.</summary>
    Read,

    /// <summary>It could not be read, and says why. It can be read again.</summary>
    Failed,

    /// <summary>It did not prove to be from the gateway. Whoever vouches for it can let it be read.</summary>
    Refused,
}

/// <summary>A webhook as it is kept.</summary>
/// <param name="Id">Its id; rises with the time at which it came.</param>
/// <param name="Gateway">Which gateway's.</param>
/// <param name="Kind">Which protocol that spoke.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Size">Its body's size in bytes.</param>
public sealed record Webhook(Guid Id, GatewayKey Gateway, GatewayKind Kind, DateTimeOffset ReceivedAt, WebhookState State, int Size)
{
    /// <summary>The session that it is about, as far as a glance tells; null where it does not.</summary>
    public string? Session { get; init; }

    /// <summary>The gateway's word for what happened, as far as a glance tells; null where it does not.</summary>
    public string? Event { get; init; }

    /// <summary>Why it failed or was refused; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>How many times it was read.</summary>
    public int Tries { get; init; }

    /// <summary>When it was last read; null when it was not.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}

/// <summary>A webhook with all that came.</summary>
/// <param name="Webhook">Where it stands.</param>
/// <param name="Headers">Those of its headers that may be kept, as a JSON object.</param>
/// <param name="Body">Its bytes; keys of ours that were among them are blotted out.</param>
/// <param name="IsText">Whether the bytes are text.</param>
public sealed record WebhookDetail(Webhook Webhook, string Headers, byte[] Body, bool IsText);

/// <summary>Which webhooks.</summary>
/// <param name="Tenant">Whose.</param>
public sealed record WebhookQuery(TenantName Tenant)
{
    /// <summary>In this state; null for any.</summary>
    public WebhookState? State { get; init; }

    /// <summary>Of this gateway; null for any.</summary>
    public string? Gateway { get; init; }

    /// <summary>About this session; null for any.</summary>
    public string? Session { get; init; }

    /// <summary>From this instant on; null for all.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant; null for all.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The last of the page before, whose followers are older; null for the first page.</summary>
    public Guid? After { get; init; }

    /// <summary>The last that was replayed; null to begin.</summary>
    internal Guid? Behind { get; init; }
}

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>Where a gateway is and what it lets us in with. Holds secrets: never logged, never stored.</summary>
/// <param name="Kind">Which protocol it speaks.</param>
/// <param name="Url">Its base address, without a slash at the end.</param>
/// <param name="Secret">Its key: global API key, gateway secret, server's secret key, or access token.</param>
public sealed record GatewayAddress(GatewayKind Kind, Uri Url, string Secret)
{
    /// <summary>Cloud API: the WhatsApp business account (WABA) whose numbers are listed. Null for the others.</summary>
    public string? Account { get; init; }

    /// <summary>What its webhooks are signed with (WAHA's HMAC key, Meta's app secret), or the value of the header that it sends along (Evolution).
    /// Null where webhooks come unsigned: then the key in their address is all that lets them in.</summary>
    public string? WebhookSecret { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Word()} at {Url}";
}

/// <summary>A session of a gateway.</summary>
/// <param name="Id">What the gateway calls it: instance name, session name, or the id of a phone number.</param>
/// <param name="Secret">A key of its own; null to use the gateway's.</param>
public readonly record struct SessionRef(string Id, string? Secret = null)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}

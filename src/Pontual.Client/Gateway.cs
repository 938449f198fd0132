using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>A gateway of WhatsApp. Secrets are references (<c>${env:NAME}</c>), never values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>wrapper</c>, <c>wppconnect</c>, <c>evolution</c>, <c>waha</c> or <c>cloud-api</c>.</param>
/// <param name="Url">Its base address.</param>
/// <param name="Secret">The reference to its key.</param>
public sealed record GatewayDefinition(string Name, string Kind, string Url, string Secret)
{
    /// <summary>Cloud API: the business account (WABA).</summary>
    public string? Account { get; init; }

    /// <summary>The reference to what its webhooks are signed with; null for none.</summary>
    [JsonPropertyName("webhook-secret")]
    public string? WebhookSecret { get; init; }

    /// <summary>Whether Pontual sets where webhooks go; null for yes.</summary>
    public bool? Webhooks { get; init; }
}

/// <summary>A gateway, where its webhooks come to, and how calling it goes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Which protocol it speaks.</param>
/// <param name="Url">Its base address.</param>
/// <param name="Secret">The reference to its key.</param>
/// <param name="Revision">Rises with each change.</param>
/// <param name="WebhookUrl">Where its webhooks come to: whoever knows it can send some.</param>
public sealed record Gateway(string Name, string Kind, string Url, string Secret, int Revision, string WebhookUrl)
{
    /// <summary>Cloud API: the business account (WABA).</summary>
    public string? Account { get; init; }

    /// <summary>The reference to what its webhooks are signed with; null for none.</summary>
    [JsonPropertyName("webhook-secret")]
    public string? WebhookSecret { get; init; }

    /// <summary>False where Pontual leaves alone where webhooks go.</summary>
    public bool? Webhooks { get; init; }

    /// <summary>Cloud API: what Meta is to ask with before it sends any.</summary>
    public string? VerifyToken { get; init; }

    /// <summary>When it answered last as it should; null for never.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Since when it does not; null when it does.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>What is wrong with it, in one word; null for nothing.</summary>
    public string? Fault { get; init; }

    /// <summary>The same for people.</summary>
    public string? FaultDetail { get; init; }
}

/// <summary>What came of trying a gateway.</summary>
/// <param name="Works">Whether it answers as it should.</param>
/// <param name="Sessions">The sessions that it lists.</param>
/// <param name="Fault">What sort of trouble; null for none.</param>
/// <param name="Detail">The same for people; null for none.</param>
public sealed record GatewayTrial(bool Works, IReadOnlyList<GatewaySession> Sessions, string? Fault, string? Detail);

/// <summary>A session as a gateway lists it.</summary>
/// <param name="Id">What the gateway calls it.</param>
/// <param name="State">Its state, in the words of all gateways.</param>
/// <param name="Raw">Its state, in the gateway's own word.</param>
/// <param name="Name">A name for people; null for none.</param>
/// <param name="Phone">Its number in digits; null when it is not told.</param>
/// <param name="Note">What else there is to say; null for nothing.</param>
public sealed record GatewaySession(string Id, string State, string Raw, string? Name, string? Phone, string? Note);

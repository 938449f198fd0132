using System.Text.RegularExpressions;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Channels.Registry;

/// <summary>A gateway as a person defined it. Secrets are references (<c>${env:NAME}</c>, <c>${file:PATH}</c>), resolved when it is called.</summary>
public sealed partial record GatewayDefinition
{
    /// <summary>The rule of names, for messages.</summary>
    public const string NameRule = "use 1 to 64 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit";

    /// <summary>Its name within the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public TenantName Tenant { get; init; }

    /// <summary>Which protocol it speaks.</summary>
    public required GatewayKind Kind { get; init; }

    /// <summary>Its base address; may refer to an environment variable.</summary>
    public required string Url { get; init; }

    /// <summary>The reference to its key.</summary>
    public required string Secret { get; init; }

    /// <summary>Cloud API: the business account (WABA). Null for the others.</summary>
    public string? Account { get; init; }

    /// <summary>The reference to what its webhooks are signed with; null for none.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Whether Pontual sets where webhooks of its sessions go, and mends that.</summary>
    public bool ManagesWebhooks { get; init; } = true;

    /// <summary>Whether a text is a name.</summary>
    public static bool IsName(string? text) => text is not null && Shape().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Shape();
}

/// <summary>A gateway, and how calling it goes.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Revision">Rises with each change.</param>
/// <param name="WebhookKey">The key in the address that its webhooks come to. Secret.</param>
public sealed record GatewayRecord(GatewayDefinition Definition, int Revision, string WebhookKey)
{
    /// <summary>When it answered last as it should; null for never.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Since when it does not; null when it does.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public GatewayFault? Fault { get; init; }

    /// <summary>The same for people.</summary>
    public string? FaultDetail { get; init; }

    /// <summary>Where its webhooks are to come to, below the address that gateways reach us at.</summary>
    public string WebhookPath => $"/webhooks/{WebhookKey}";
}

namespace Pontual.Server.Demo.Gateways;

/// <summary>Where a session's webhooks go.</summary>
/// <param name="Url">The address.</param>
public sealed record SimulatedWebhook(string Url)
{
    /// <summary>Whether any are sent.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The events that are sent, in the gateway's words; empty for all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Headers that are sent along.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What they are signed with; null for no signature.</summary>
    public string? Secret { get; init; }
}

/// <summary>A webhook that is to be sent.</summary>
/// <param name="Event">The gateway's word.</param>
/// <param name="Url">Where to.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Headers">Beside the content's.</param>
internal sealed record WebhookDraft(string Event, string Url, byte[] Body, IReadOnlyList<(string Name, string Value)> Headers);

using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>Knows the gateways whose webhooks we take.</summary>
public interface IGatewayDirectory
{
    /// <summary>The gateway whose webhooks come with this key in their address. Asked with every webhook, and by whoever guesses: as quick as a look.</summary>
    /// <returns>Null when no gateway has this key.</returns>
    ValueTask<GatewayEntry?> FindByKeyAsync(string key, CancellationToken cancellation);
}

/// <summary>What the inbox needs to know of a gateway. Holds secrets: never logged, never stored.</summary>
/// <param name="Key">Whose, and its name.</param>
/// <param name="Kind">Which protocol it speaks.</param>
public sealed record GatewayEntry(GatewayKey Key, GatewayKind Kind)
{
    /// <summary>What its webhooks are signed with, or carry; null when none is agreed.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>All that must not be kept where a webhook carries it: the keys of the gateway and of its sessions. Empty for none.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Word()} {Key}";
}

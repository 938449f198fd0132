using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Pontual.Engine.Circuits;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Runners.Http;

namespace Pontual.Messaging.Channels.Registry;

/// <summary>Opens gateways: finds the connector of their kind and resolves their secrets, at each call anew so that a rotated one needs no restart.</summary>
public sealed class GatewayOpener(
    IEnumerable<IGatewayConnector> connectors,
    GuardedHttp http,
    ICircuits circuits,
    ISecrets secrets,
    IOptions<HttpRunnerOptions> own,
    IRandomBytes random,
    TimeProvider time
)
{
    private readonly string _unguessable = Unguessable(random);
    private readonly ConcurrentDictionary<CircuitKey, (GatewayAddress Address, Gateway Gateway)> _open = new();
    private readonly Dictionary<GatewayKind, IGatewayConnector> _connectors = connectors.ToDictionary(connector => connector.Kind);

    /// <summary>How the webhooks of a kind are read.</summary>
    public IWebhookReader ReaderOf(GatewayKind kind) => _connectors[kind].Webhooks;

    /// <summary>Opens a gateway, or gives the one that is open already: some remember tokens that are slow to get. Calls nothing yet.</summary>
    /// <param name="gateway">Which.</param>
    /// <param name="node">The node that calls, for the history of its circuit.</param>
    /// <exception cref="GatewayException">Its settings cannot be used: a secret is not there, the address is none.</exception>
    public Gateway Open(GatewayDefinition gateway, string node)
    {
        var (key, address) = (new CircuitKey(gateway.Tenant, gateway.Name), AddressOf(gateway));
        if (_open.TryGetValue(key, out var known) && known.Address == address)
        {
            return known.Gateway;
        }

        var opened = _connectors[gateway.Kind].Open(new GatewayLine(address, http, circuits, key, node, time));
        _open[key] = (address, opened);
        return opened;
    }

    /// <summary>A channel's session, with the key of its own if it has one.</summary>
    /// <exception cref="GatewayException">That key is not there.</exception>
    public SessionRef SessionOf(Channel channel) => new(channel.ExternalId, channel.Secret is { } secret ? Resolve(secret) : null);

    /// <summary>What the webhooks of a gateway are signed with; null for nothing.</summary>
    /// <remarks>Where the secret is agreed and not there, no webhook can be told to be genuine: what stands for it fits none.</remarks>
    public string? WebhookSecretOf(GatewayDefinition gateway) => gateway.WebhookSecret is { } secret ? Found(secret) ?? _unguessable : null;

    /// <summary>All secrets of a gateway that are there.</summary>
    public IReadOnlyList<string> SecretsOf(GatewayDefinition gateway) =>
        [.. new[] { gateway.Secret, gateway.WebhookSecret }.OfType<string>().Select(Found).OfType<string>()];

    /// <summary>Where the webhooks of a gateway's sessions are to go.</summary>
    /// <returns>Null where Pontual does not manage them, or does not know an address that the gateway can reach: then it leaves alone what is set.</returns>
    public WebhookWish? WishOf(GatewayRecord gateway)
    {
        var definition = gateway.Definition;
        if (!definition.ManagesWebhooks || own.Value.CallbackBaseUrl is not { } reached)
        {
            return null;
        }

        // A gateway elsewhere cannot reach our loopback: better keep what is set than set what leads nowhere.
        return reached.IsLoopback && !AddressOf(definition).Url.IsLoopback
            ? null
            : new WebhookWish(new Uri(reached, gateway.WebhookPath), definition.WebhookSecret is { } secret ? Resolve(secret) : null);
    }

    private GatewayAddress AddressOf(GatewayDefinition gateway)
    {
        var url = Resolve(gateway.Url).TrimEnd('/');
        return GatewayUrl.ProblemOf(url) is { } problem
            ? throw new GatewayException(GatewayFault.BadAnswer, $"{problem}: correct the url of gateway {gateway.Name}")
            : new GatewayAddress(gateway.Kind, new Uri(url), Resolve(gateway.Secret))
            {
                Account = gateway.Account is { } account ? Resolve(account) : null,
                WebhookSecret = gateway.WebhookSecret is { } secret ? Resolve(secret) : null,
            };
    }

    private static string Unguessable(IRandomBytes random)
    {
        var bytes = new byte[32];
        random.Fill(bytes);
        return Convert.ToHexString(bytes);
    }

    private string? Found(string reference)
    {
        try
        {
            return secrets.Resolve(reference);
        }
        catch (SecretMissingException)
        {
            return null;
        }
    }

    private string Resolve(string text)
    {
        try
        {
            return secrets.Resolve(text);
        }
        catch (SecretMissingException missing)
        {
            throw new GatewayException(GatewayFault.Unauthorized, missing.Message);
        }
    }
}

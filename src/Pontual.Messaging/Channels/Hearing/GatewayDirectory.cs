using System.Collections.Concurrent;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Inbox;

namespace Pontual.Messaging.Channels.Hearing;

/// <summary>The gateways whose webhooks we take, from memory for a moment: they come by the thousand.</summary>
internal sealed class GatewayDirectory(GatewayStore gateways, GatewayOpener opener, TimeProvider time) : IGatewayDirectory
{
    private const int MostKnown = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (GatewayEntry Entry, long At)> _known = new(StringComparer.Ordinal);

    public async ValueTask<GatewayEntry?> FindByKeyAsync(string key, CancellationToken cancellation)
    {
        if (_known.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < Fresh)
        {
            return known.Entry;
        }

        if (await gateways.FindByKeyAsync(key, cancellation) is not { } gateway)
        {
            _known.TryRemove(key, out _);
            return null;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        var entry = EntryOf(gateway.Definition);
        _known[key] = (entry, time.GetTimestamp());
        return entry;
    }

    private GatewayEntry EntryOf(GatewayDefinition gateway) =>
        new(new GatewayKey(gateway.Tenant, gateway.Name), gateway.Kind)
        {
            WebhookSecret = opener.WebhookSecretOf(gateway),
            Secrets = opener.SecretsOf(gateway),
        };
}

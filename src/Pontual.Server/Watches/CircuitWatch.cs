using Pontual.Engine.Alerts;
using Pontual.Engine.Circuits;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Server.Watches;

/// <summary>Finds hosts and services outside that are not called: they failed again and again, or answer 429 again and again.</summary>
internal sealed class CircuitWatch(ICircuitStore circuits, GatewayStore gateways) : IWatch
{
    public IReadOnlyList<string> Rules { get; } = [AlertRule.TargetDown, AlertRule.CircuitOpen, AlertRule.RateLimited];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var records = await circuits.ListAsync(tenant: null, now, cancellation);
        // A gateway that does not answer is told as such: its circuit is the same trouble once more.
        var told = (await gateways.FailingAsync(cancellation))
            .Select(gateway => (gateway.Definition.Tenant, gateway.Definition.Name))
            .ToHashSet();
        return
        [
            .. records
                .Where(record => record.State is not CircuitState.Closed && !told.Contains((record.Key.Tenant, record.Key.Name)))
                .Select(Open),
            .. records.Where(record => now - record.StormAt < CircuitRecord.StormWindow).Select(Storm),
        ];
    }

    // A probe that fails opens it anew: since when it is not called, its row does not say.
    private static Finding Open(CircuitRecord record) =>
        new(
            record.Key.IsHost ? AlertRule.TargetDown : AlertRule.CircuitOpen,
            record.Key.Tenant,
            record.Key.Name,
            Severity.Critical,
            $"{record.Key.Place} is not called: it failed again and again ({record.Reason})."
        )
        {
            Facts = new Dictionary<string, string> { ["circuit"] = record.Key.Name, ["reason"] = record.Reason ?? "" },
        };

    private static Finding Storm(CircuitRecord record) =>
        new(
            AlertRule.RateLimited,
            record.Key.Tenant,
            record.Key.Name,
            Severity.Warning,
            $"{record.Key.Place} answers 429 again and again: it is called more often than it takes. A rate under 'outbound-rates' spreads the calls."
        )
        {
            Facts = new Dictionary<string, string> { ["circuit"] = record.Key.Name },
        };
}

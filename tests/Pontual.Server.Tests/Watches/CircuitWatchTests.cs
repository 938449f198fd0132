using Pontual.Engine.Alerts;
using Pontual.Engine.Circuits;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Registry;
using Pontual.Server.Watches;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Watches;

public sealed class CircuitWatchTests : IAsyncLifetime
{
    private static readonly CircuitKey Host = new(TenantName.Parse("shop"), "http://erp.example:8080");
    private static readonly CircuitKey Service = new(default, "evolution");
    private readonly ManualTime _time = new();
    private TestDatabase _database = null!;

    private DateTimeOffset Now => _time.GetUtcNow();

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(Dialect.Sqlite, _time);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact(DisplayName = "S5-10 an open circuit is found while it is not closed, also while it is probed, and is told by the same words")]
    public async Task Open_circuits_are_found()
    {
        Assert.Empty(await LookAsync());
        foreach (var key in new[] { Host, Service })
        {
            await _database.Circuits.TryOpenAsync(key, "a", "connection refused", Now, Now.AddSeconds(60), default);
        }

        var opened = await LookAsync();
        _time.Advance(TimeSpan.FromSeconds(60));
        await _database.Circuits.TryProbeAsync(Host, "a", Now, Now.AddSeconds(60), default);
        var probed = await LookAsync();
        await _database.Circuits.EndProbeAsync(Host, "a", Now, null, null, default);

        Assert.Equal(
            [
                (AlertRule.CircuitOpen, "default", "evolution", "evolution is not called: it failed again and again (connection refused)."),
                (
                    AlertRule.TargetDown,
                    "shop",
                    "http://erp.example:8080",
                    "erp.example:8080 is not called: it failed again and again (connection refused)."
                ),
            ],
            opened.Select(found => (found.Rule, found.Tenant.ToString(), found.Subject, found.Summary)).Order()
        );
        Assert.Equal(opened.Select(found => found.Summary).Order(), probed.Select(found => found.Summary).Order());
        Assert.Equal(Service.Name, Assert.Single(await LookAsync()).Subject);
    }

    [Fact(DisplayName = "S5-11 five answers of 429 within a minute are found, and a minute later no more")]
    public async Task A_storm_is_found()
    {
        await _database.Circuits.HoldAsync(Host, 4, Now, Now.AddSeconds(1), default);
        Assert.Empty(await LookAsync());

        await _database.Circuits.HoldAsync(Host, 1, Now, Now.AddSeconds(1), default);
        var found = Assert.Single(await LookAsync());
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal((AlertRule.RateLimited, Host.Name), (found.Rule, found.Subject));
        Assert.Empty(await LookAsync());
    }

    private Task<IReadOnlyList<Finding>> LookAsync() =>
        new CircuitWatch(_database.Circuits, new GatewayStore(_database.Database)).LookAsync(Now, default);
}

using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Alerts;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Server.Demo.Gateways;
using Pontual.Server.Tests.Api;
using Pontual.Server.Watches;

namespace Pontual.Server.Tests.Watches;

/// <summary>What of channels and gateways becomes an alert. On a server of its own, with a simulated gateway and the watch asked at instants of choice.</summary>
public sealed class ChannelWatchTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();
    private SimulatedGateway _gateways = null!;
    private string _key = "";

    private GatewayStore Gateways => _host.App.Services.GetRequiredService<GatewayStore>();

    private ChannelStore Channels => _host.App.Services.GetRequiredService<ChannelStore>();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _gateways = await SimulatedGateway.StartAsync(new SimulationOptions { Seed = 1, Time = TimeProvider.System }, default);
        _key = Path.Combine(Directory.CreateTempSubdirectory("pontual-key-").FullName, "key");
        await File.WriteAllTextAsync(_key, SimulatedGateway.KeyOf(GatewayKind.Evolution));
        await PutAsync($"${{file:{_key}}}");
        _gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await CheckAsync();
    }

    public async Task DisposeAsync()
    {
        await _gateways.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact(DisplayName = "S3-07 A drop becomes an alert when no step has helped within three minutes, and none when it was cured before")]
    public async Task A_drop_that_lasts_is_told()
    {
        Sales.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Process });
        await CheckAsync();

        Assert.Empty(await LookAsync(Now));
        var told = Assert.Single(await LookAsync(Now.AddMinutes(4)));

        Assert.Equal((AlertRule.ChannelDown, "sales", Severity.Critical), (told.Rule, told.Subject, told.Severity));
        Assert.Equal("its connection is restarted", told.Facts["last_step"]);
    }

    [Fact]
    public async Task What_needs_a_person_is_told_at_once_and_by_its_own_rule()
    {
        Sales.Apply(new Fault(FaultKind.LoggedOut));
        await CheckAsync();

        var told = Assert.Single(await LookAsync(Now));

        Assert.Equal(AlertRule.ChannelUnpaired, told.Rule);
        Assert.Contains("pontual sessions qr", told.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_channel_is_no_alert()
    {
        Sales.Apply(new Fault(FaultKind.LoggedOut));
        await CheckAsync();
        await Channels.SetPauseAsync(default, "sales", new Pause(Now, "moving", "ana", null), Actor.Product, Now, default);

        Assert.Empty(await LookAsync(Now.AddHours(1)));
    }

    [Fact(DisplayName = "S3-05 A gateway that refuses the key is told at once, and explains what is wrong with its channels")]
    public async Task A_refused_key_is_told_at_once()
    {
        await File.WriteAllTextAsync(_key, "another key");
        await CheckAsync();

        var told = await LookAsync(Now.AddMinutes(4));

        var gateway = Assert.Single(told, found => found.Rule == AlertRule.GatewayDown);
        var channel = Assert.Single(told, found => found.Rule == AlertRule.ChannelDown);
        Assert.Equal(gateway.Key, channel.Parent);
        Assert.Single(await LookAsync(Now));
        Assert.DoesNotContain("another key", gateway.Summary, StringComparison.Ordinal);
    }

    private SimulatedSession Sales => _gateways.Find(GatewayKind.Evolution, "sales")!;

    private Task PutAsync(string secret) =>
        Gateways.PutAsync(
            new GatewayDefinition
            {
                Name = "main",
                Kind = GatewayKind.Evolution,
                Url = _gateways.UrlOf(GatewayKind.Evolution).ToString(),
                Secret = secret,
            },
            "a-webhook-key-of-main",
            null,
            Actor.Product,
            Now,
            default
        );

    private Task<CheckReport> CheckAsync() =>
        _host.App.Services.GetRequiredService<SessionCheck>().RunAsync(TenantName.Default, new CheckWish(), "test", default);

    private Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now) => new ChannelWatch(Channels, Gateways).LookAsync(now, default);
}

using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Compat;

/// <summary>A server that knows a simulated Evolution with two sessions, <c>sales</c> and <c>support</c>.</summary>
public sealed class ChannelsHost : IAsyncLifetime
{
    internal ApiHost Host { get; } = new();

    internal SimulatedGateway Gateways { get; private set; } = null!;

    internal SimulatedSession Sales { get; private set; } = null!;

    internal SimulatedSession Support { get; private set; } = null!;

    internal CheckTurnStore Turns => Host.App.Services.GetRequiredService<CheckTurnStore>();

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        Gateways = await SimulatedGateway.StartAsync(
            new SimulationOptions { Seed = 1, Time = TimeProvider.System },
            CancellationToken.None
        );
        Sales = Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        Support = Gateways.Add(GatewayKind.Evolution, "support", "5511999990001");
        var key = Path.Combine(Host.Folder, "key");
        await File.WriteAllTextAsync(key, SimulatedGateway.KeyOf(GatewayKind.Evolution));
        var url = Gateways.UrlOf(GatewayKind.Evolution);
        using var put = await Host.Admin.PutAsync(
            "/api/v1/gateways/main",
            ApiHost.Json($$"""{"name":"main","kind":"evolution","url":"{{url}}","secret":"${file:{{key}}}"}""")
        );
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        await CheckAsync();
    }

    public async Task DisposeAsync()
    {
        await Gateways.DisposeAsync();
        await Host.DisposeAsync();
    }

    internal Task CheckAsync() => Host.Admin.PostJsonAsync("/api/v1/session-check", "{}");

    internal async Task<ChannelView> FindAsync(string name)
    {
        var channels = Host.App.Services.GetRequiredService<ChannelStore>();
        return (await channels.FindAsync(TenantName.Default, name, CancellationToken.None))!;
    }
}

using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Circuits;
using Pontual.Engine.Tenants;
using Pontual.Server.Composition;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Hosts and services outside that are down, or called too often.</summary>
internal static class HostFaults
{
    public static async Task MakeAsync(AlertFleet fleet, FaultTable table, AlertNode second, HttpClient api)
    {
        await using var down = await AlertSink.StartAsync();
        await second.ApplyAsync(Calling("calls", $"{down.Url}/target/one"));
        await table.AddAsync(
            "target down",
            "target-down",
            "ops",
            TimeSpan.FromSeconds(30),
            async () =>
            {
                down.Answer("target/one", 500);
                return await CircuitOpenAsync(api, down.Url);
            },
            async () =>
            {
                down.Answer("target/one", 200);
                (await second.Server.DoAsync("circuits", "reset", down.Url)).Ok();
            }
        );
        (await second.Server.DoAsync("job", "delete", "calls")).Ok();
        await using var busy = await AlertSink.StartAsync();
        await second.ApplyAsync(Calling("asks", $"{busy.Url}/target/one"));
        busy.Answer("target/one", 429);
        await table.AddAsync(
            "429 storm",
            "rate-limited",
            "ops",
            TimeSpan.FromSeconds(30),
            () => Task.FromResult<DateTimeOffset?>(null),
            async () =>
            {
                busy.Answer("target/one", 200);
                (await second.Server.DoAsync("circuits", "reset", busy.Url)).Ok();
            }
        );
        (await second.Server.DoAsync("job", "delete", "asks")).Ok();
        await ServiceAsync(fleet, table, second, api);
    }

    /// <summary>A service by its name, called as code of ours calls it.</summary>
    private static async Task ServiceAsync(AlertFleet fleet, FaultTable table, AlertNode second, HttpClient api)
    {
        var folder = fleet.NewFolder();
        await using var node = PontualServer.Build(
            new ServerConfiguration
            {
                DataFolder = folder.Path,
                Urls = ["http://127.0.0.1:0"],
                PostgreSql = fleet.Postgres,
                Roles = Engine.Hosting.NodeRoles.Api,
            }
        );
        await PontualServer.StartAsync(node, default);
        var circuits = node.Services.GetRequiredService<ICircuits>();
        var key = new CircuitKey(TenantName.Default, "evolution");
        await table.AddAsync(
            "circuit open",
            "circuit-open",
            "ops",
            TimeSpan.FromSeconds(30),
            async () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    try
                    {
                        await circuits.RunAsync<bool>(
                            key,
                            "test",
                            _ => throw new HttpRequestException("refused"),
                            _ => CallEnd.Unknown,
                            default
                        );
                    }
                    catch (Exception refused) when (refused is HttpRequestException or OutsideRefusedException)
                    {
                        await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
                    }
                }

                return await CircuitOpenAsync(api, "evolution");
            },
            async () => (await second.Server.DoAsync("circuits", "reset", "evolution")).Ok()
        );
        await node.StopAsync();
    }

    private static string Calling(string job, string url) =>
        $$"""
            jobs:
              - name: {{job}}
                schedule: { every: 1s }
                retry: { attempts: 1 }
                target: { http: { url: "{{url}}" } }
            """;

    private static async Task<DateTimeOffset?> CircuitOpenAsync(HttpClient api, string name) =>
        (DateTimeOffset)
            await Wait.ForAsync<object>(
                $"open circuit {name}",
                AlertFleet.Patience,
                async () =>
                {
                    var health = JsonSerializer.Deserialize<JsonElement>(await api.GetStringAsync("health/circuits"));
                    return
                        health.GetProperty("circuits").TryGetProperty(name, out var circuit)
                        && circuit.GetProperty("state").GetString() == "open"
                        ? circuit.GetProperty("since").GetDateTimeOffset()
                        : null;
                }
            );
}

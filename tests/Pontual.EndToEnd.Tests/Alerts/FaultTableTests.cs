using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Circuits;
using Pontual.Engine.Tenants;
using Pontual.Server.Composition;
using Pontual.TestKit.Faults;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Twelve faults of the real thing, several processes on one PostgreSQL: the right alert in time, once, and its recovery.</summary>
public sealed class FaultTableTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Folder> _folders = [];
    private PostgresServer _postgres = null!;
    private AlertSink _sink = null!;

    public async Task InitializeAsync()
    {
        _postgres = await PostgresServer.CreateAsync();
        _sink = await AlertSink.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _postgres.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    [AlertsFact(DisplayName = "S5-05 S5-10 each of twelve faults is told in time, once, and so is its end")]
    [Trait("Category", "Alerts")]
    public async Task Each_fault_is_told_in_time_once_and_so_is_its_end()
    {
        var table = new FaultTable(_sink);
        var second = await StartAsync("api,scheduler,worker");
        await using var _ = second.Node;
        using var api = await LocalAdministrator.OfAsync(second.Folder.Path);
        await SettleAsync(api);
        try
        {
            await NodesAsync(table);
            await JobsAsync(table, second, api);
            await HostsAsync(table, second, api);
            await MachinesAsync(table);
            await RouteAsync(table, second, api);
            await MainNodeAsync(table);
        }
        finally
        {
            output.WriteLine(table.ToString());
            if (Environment.GetEnvironmentVariable("PONTUAL_TABLE") is { Length: > 0 } file)
            {
                await File.WriteAllTextAsync(file, table.ToString());
            }
        }

        Assert.Empty(table.Faults);
    }

    private async Task NodesAsync(FaultTable table)
    {
        var lost = await StartAsync("worker");
        Started? heir = null;
        await table.AddAsync(
            "node killed",
            "node-lost",
            "ops",
            TimeSpan.FromSeconds(30),
            async () =>
            {
                await lost.Node.Process.KillAsync();
                return null;
            },
            async () => heir = await StartAsync("worker")
        );
        await lost.Node.DisposeAsync();
        heir!.Node.Process.Stop();
        await heir.Node.Process.EndAsync(Patience);
        await heir.Node.DisposeAsync();
    }

    private async Task JobsAsync(FaultTable table, Started second, HttpClient api)
    {
        var flag = Path.Combine(second.Folder.Path, "hang");
        await ApplyAsync(
            second,
            $$"""
            jobs:
              - name: hangs
                schedule: { every: 5s }
                sla: 10s
                timeout: 30m
                target: { process: { command: "if [ -f {{flag}} ]; then sleep 600; fi" } }
              - name: never
                schedule: { every: 5s }
                sla: 10s
                target: { process: { command: "true" } }
              - name: crowd
                queue: narrow
                overlap: allow
                timeout: 30m
                target: { process: { command: "sleep 600" } }
            queues: { narrow: { at-once: 1 } }
            """
        );
        await RunOnceAsync(second, "hangs");
        await table.AddAsync(
            "job hangs",
            "job-stuck",
            "ops",
            TimeSpan.FromSeconds(10 + 30),
            async () =>
            {
                await File.WriteAllTextAsync(flag, "");
                return await HangsSinceAsync(second);
            },
            async () =>
            {
                File.Delete(flag);
                await CancelAllAsync(second, "hangs");
            }
        );
        await table.AddAsync(
            "job never starts",
            "job-stale",
            "ops",
            TimeSpan.FromSeconds(10 + 30),
            async () =>
            {
                await ApplyAsync(second, Never("worker: { task: nobody }"));
                return TimeProvider.System.GetUtcNow().AddSeconds(5);
            },
            () => ApplyAsync(second, Never("process: { command: \"true\" }"))
        );
        await table.AddAsync(
            "queue growing",
            "queue-waiting",
            "ops",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                for (var i = 0; i < 5; i++)
                {
                    (await second.Node.DoAsync("job", "run", "crowd")).Ok();
                }

                return null;
            },
            () => CancelAllAsync(second, "crowd")
        );
    }

    private static string Never(string target) =>
        $$"""
            jobs:
              - name: never
                schedule: { every: 5s }
                sla: 10s
                target: { {{target}} }
            """;

    private async Task HostsAsync(FaultTable table, Started second, HttpClient api)
    {
        await using var down = await AlertSink.StartAsync();
        await ApplyAsync(second, Calling("calls", $"{down.Url}/target/one"));
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
                (await second.Node.DoAsync("circuits", "reset", down.Url)).Ok();
            }
        );
        (await second.Node.DoAsync("job", "delete", "calls")).Ok();
        await using var busy = await AlertSink.StartAsync();
        await ApplyAsync(second, Calling("asks", $"{busy.Url}/target/one"));
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
                (await second.Node.DoAsync("circuits", "reset", busy.Url)).Ok();
            }
        );
        (await second.Node.DoAsync("job", "delete", "asks")).Ok();
        await ServiceAsync(table, second, api);
    }

    /// <summary>A service by its name, called as code of ours calls it.</summary>
    private async Task ServiceAsync(FaultTable table, Started second, HttpClient api)
    {
        var folder = NewFolder();
        await using var node = PontualServer.Build(
            new ServerConfiguration
            {
                DataFolder = folder.Path,
                Urls = ["http://127.0.0.1:0"],
                PostgreSql = _postgres.Connection,
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
            async () => (await second.Node.DoAsync("circuits", "reset", "evolution")).Ok()
        );
        await node.StopAsync();
    }

    private async Task MachinesAsync(FaultTable table)
    {
        using var clocks = await ShiftedClock.CompileAsync();
        var off = await StartAsync("worker", clocks.Environment(1));
        await table.AddAsync(
            "clock off",
            "clock-off",
            "ops",
            TimeSpan.FromSeconds(60),
            () =>
            {
                clocks.Set(1, TimeSpan.FromSeconds(30));
                return Task.FromResult<DateTimeOffset?>(null);
            },
            () =>
            {
                clocks.Set(1, TimeSpan.Zero);
                return Task.CompletedTask;
            }
        );
        await StopAsync(off);

        await using var proxy = FaultProxy.InFrontOf(_postgres.Connection);
        var slow = await StartAsync("worker", postgres: proxy.ConnectionString);
        await table.AddAsync(
            "database slow",
            "database-slow",
            "ops",
            TimeSpan.FromSeconds(60),
            () =>
            {
                proxy.Latency = TimeSpan.FromSeconds(0.2);
                return Task.FromResult<DateTimeOffset?>(null);
            },
            () =>
            {
                proxy.Latency = TimeSpan.Zero;
                return Task.CompletedTask;
            }
        );
        await StopAsync(slow);

        using var disk = SmallDisk.Mount(megabytes: 64);
        await using var full = await Served.StartAsync(disk.Folder, [("PONTUAL__POSTGRES", _postgres.Connection)], "--role", "worker");
        await table.AddAsync(
            "disk nearly full",
            "disk-full",
            "ops",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                await disk.FillAsync();
                return null;
            },
            () =>
            {
                disk.Free();
                return Task.CompletedTask;
            }
        );
        full.Process.Stop();
        await full.Process.EndAsync(Patience);
    }

    private async Task RouteAsync(FaultTable table, Started second, HttpClient api)
    {
        await table.AddAsync(
            "alert route down",
            "alert-route-down",
            "backup",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                _sink.Answer("route/ops", 503);
                (await second.Node.DoAsync("check", "create", "backup", "--every", "1d")).Ok();
                var check = JsonSerializer.Deserialize<JsonElement>(await api.GetStringAsync("api/v1/checks/backup"));
                using var anybody = new HttpClient();
                await anybody.GetAsync($"{check.GetProperty("ping_url").GetString()}/fail");
                return null;
            },
            async () =>
            {
                _sink.Answer("route/ops", 200);
                await Task.CompletedTask;
            }
        );
        Assert.Contains(_sink.All, told => told is { Rule: "check-failing", Route: "ops", Kind: "opened", Taken: true });
    }

    private async Task MainNodeAsync(FaultTable table)
    {
        var main = await StartAsync("api,scheduler,worker");
        Started? heir = null;
        await table.AddAsync(
            "main node gone",
            "node-lost",
            "ops",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                await main.Node.Process.KillAsync();
                return null;
            },
            async () => heir = await StartAsync("api,scheduler,worker")
        );
        await main.Node.DisposeAsync();
        await heir!.Node.DisposeAsync();
    }

    private static string Calling(string job, string url) =>
        $$"""
            jobs:
              - name: {{job}}
                schedule: { every: 1s }
                retry: { attempts: 1 }
                target: { http: { url: "{{url}}" } }
            """;

    private async Task SettleAsync(HttpClient api)
    {
        var settings = $$"""
            {
              "routes": [
                { "name": "ops", "webhook": { "url": "{{_sink.Url}}/route/ops" } },
                { "name": "backup", "webhook": { "url": "{{_sink.Url}}/route/backup" }, "rules": ["alert-route-down"] }
              ],
              "rules": { "queue-waiting": { "for": "30s" } }
            }
            """;
        using var body = new StringContent(settings, Encoding.UTF8, "application/json");
        var answer = await api.PutAsync("api/v1/alert-settings", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var trial = await api.PostAsync("api/v1/alert-routes/ops/test", null);
        Assert.True((await trial.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("taken").GetBoolean());
    }

    private static async Task<DateTimeOffset?> HangsSinceAsync(Started second)
    {
        var run = await second.Node.RunAsync(
            "hangs",
            "running",
            TimeSpan.FromSeconds(30),
            run => run.GetProperty("state").GetString() == "running"
        );

        // The due time after that is the first without a start.
        return run.GetProperty("scheduled_for").GetDateTimeOffset().AddSeconds(5);
    }

    private static async Task<DateTimeOffset?> CircuitOpenAsync(HttpClient api, string name) =>
        (DateTimeOffset)
            await Wait.ForAsync<object>(
                $"open circuit {name}",
                Patience,
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

    private static async Task RunOnceAsync(Started second, string job) =>
        await second.Node.RunAsync(job, "done", Patience, run => run.GetProperty("state").GetString() == "succeeded");

    private static async Task CancelAllAsync(Started second, string job)
    {
        foreach (var run in await second.Node.RunsAsync(job))
        {
            if (run.GetProperty("state").GetString() is "running" or "pending")
            {
                await second.Node.DoAsync("run", "cancel", run.GetProperty("id").GetString()!);
            }
        }
    }

    private static async Task ApplyAsync(Started second, string yaml) =>
        (await second.Node.DoAsync("apply", "-f", second.Folder.Write("jobs.yaml", yaml))).Ok();

    private Folder NewFolder()
    {
        var folder = new Folder();
        _folders.Add(folder);
        return folder;
    }

    private async Task<Started> StartAsync(string roles, (string, string)[]? environment = null, string? postgres = null)
    {
        var folder = NewFolder();
        var node = await Served.StartAsync(
            folder.Path,
            [("PONTUAL__POSTGRES", postgres ?? _postgres.Connection), .. environment ?? []],
            "--role",
            roles
        );
        // It answers before it is among the nodes.
        await Wait.ForTextAsync(node.Process, "This process is node", Patience);
        return new Started(node, folder);
    }

    private static async Task StopAsync(Started started)
    {
        started.Node.Process.Stop();
        await started.Node.Process.EndAsync(Patience);
        await started.Node.DisposeAsync();
    }

    private sealed record Started(Served Node, Folder Folder);
}

/// <summary>A test that takes minutes: only where PONTUAL_LONG asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AlertsFactAttribute : FactAttribute
{
    public AlertsFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("PONTUAL_LONG") is not "1")
        {
            Skip = "Takes minutes: ./test alerts runs it.";
        }
    }
}

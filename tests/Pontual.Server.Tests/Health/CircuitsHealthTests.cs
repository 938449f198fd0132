using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Alerts;
using Pontual.Engine.Circuits;
using Pontual.Server.Tests.Api;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Web;

namespace Pontual.Server.Tests.Health;

/// <summary>Two servers on one PostgreSQL call one host.</summary>
public sealed class CircuitsHealthTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HostileServer _target = new();
    private readonly List<ApiHost> _hosts = [];
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(Dialect.PostgreSql);

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _database.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact(
        DisplayName = "S5-10 when a host goes down both nodes stop calling it, health and its history say so, and a probe brings it back for both"
    )]
    public async Task A_host_goes_down_and_comes_back()
    {
        await StartAsync(new CircuitOptions { Quiet = TimeSpan.Zero, OpenFor = TimeSpan.FromSeconds(5) });
        var name = new Uri(_target.Url("/")).GetLeftPart(UriPartial.Authority);
        _target.On("/", HostileExchange.Text("503 Service Unavailable", ""));
        await DefineAsync("call");

        var refusing = new HashSet<string?>();
        await UntilAsync(async () =>
        {
            var run = await RunAsync("call");
            Assert.Equal("failed", run.GetProperty("state").GetString());
            if (run.GetProperty("reason").GetString() == "circuit-open")
            {
                Assert.Contains("circuit open", run.GetProperty("error").GetString(), StringComparison.Ordinal);
                refusing.Add(run.GetProperty("node").GetString());
            }

            return refusing.Count == 2;
        });
        var health = await _hosts[1].Admin.GetJsonAsync("/health/circuits");
        _target.On("/", HostileExchange.Text("200 OK", ""));
        var calling = new HashSet<string?>();
        await UntilAsync(async () =>
        {
            var run = await RunAsync("call");
            return run.GetProperty("state").GetString() == "succeeded"
                && calling.Add(run.GetProperty("node").GetString())
                && calling.Count == 2;
        });

        Assert.Equal("degraded", health.GetProperty("status").GetString());
        var circuit = health.GetProperty("circuits").GetProperty(name);
        Assert.Equal(("host", "HTTP 503"), (circuit.GetProperty("kind").GetString(), circuit.GetProperty("reason").GetString()));
        var history = await _hosts[0].Admin.GetJsonAsync($"/health/circuits/history?circuit_name={Uri.EscapeDataString(name)}&horas=24");
        var changes = history
            .GetProperty("transitions")
            .EnumerateArray()
            .Select(change => change.GetProperty("after").GetString())
            .ToList();
        Assert.Equal(["closed", "half-open"], changes[..2]);
        Assert.Equal("open", changes[^1]);
        Assert.Equal("ok", (await _hosts[1].Admin.GetJsonAsync("/health/circuits")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_circuit_is_closed_by_hand()
    {
        await StartAsync(new CircuitOptions { Quiet = TimeSpan.Zero });
        var name = new Uri(_target.Url("/")).GetLeftPart(UriPartial.Authority);
        var reset = $"/api/v1/circuits/reset?circuit_name={Uri.EscapeDataString(name)}";
        _target.On("/", HostileExchange.Text("503 Service Unavailable", ""));
        await DefineAsync("call");
        using var none = await _hosts[0].Admin.PostAsync(reset, null);
        await UntilAsync(async () => (await RunAsync("call")).GetProperty("reason").GetString() == "circuit-open");
        var looks = _hosts[0].App.Services.GetServices<IWatch>().Select(watch => watch.LookAsync(TimeProvider.System.GetUtcNow(), default));
        var found = (await Task.WhenAll(looks)).SelectMany(findings => findings).ToList();
        _target.On("/", HostileExchange.Text("200 OK", ""));

        using var done = await _hosts[0].Admin.PostAsync(reset, null);
        await UntilAsync(async () => (await RunAsync("call")).GetProperty("state").GetString() == "succeeded");

        var down = Assert.Single(found, finding => finding.Rule == AlertRule.TargetDown);
        Assert.Equal(down.Key, Assert.Single(found, finding => finding.Rule == AlertRule.JobFailing).Parent);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        var changes = await _hosts[0].Admin.GetJsonAsync("/api/v1/circuits/history");
        Assert.Equal("local admin", changes.GetProperty("items")[0].GetProperty("by").GetString());
        var audit = await _hosts[0].Admin.GetJsonAsync("/api/v1/audit?action=circuit");
        Assert.Equal(name, audit.GetProperty("items")[0].GetProperty("subject").GetString());
    }

    [Fact(
        DisplayName = "S5-11 a run answered 429 is retried after the time the host named, and no other run of any node calls it before or loses an attempt"
    )]
    public async Task A_429_is_obeyed_by_all()
    {
        await StartAsync(new CircuitOptions());
        var calls = new List<long>();
        _target.On(
            "/",
            exchange =>
            {
                lock (calls)
                {
                    calls.Add(TimeProvider.System.GetTimestamp());
                    return exchange.SendAsync(
                        HostileExchange.Text(calls.Count == 1 ? "429 Too Many Requests" : "200 OK", "", "Retry-After: 6\r\n")
                    );
                }
            }
        );
        await DefineAsync("first", ""","retry":{"attempts":2,"backoff":"100ms","on":["429"]}""");
        await DefineAsync("other");

        var first = await _hosts[0].RunAsync("first");
        await UntilAsync(async () => (await FindAsync(first)).GetProperty("reason").GetString() == "error");
        var others = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            others.Add(await _hosts[0].RunAsync("other"));
        }

        var held = await HeldAsync(others[^1]);
        var limits = await _hosts[1].Admin.GetJsonAsync("/health/rate-limit");
        var ended = await _hosts[0].EndedAsync(first);
        foreach (var other in others)
        {
            var run = await _hosts[0].EndedAsync(other);
            Assert.Equal(("succeeded", 1), (run.GetProperty("state").GetString(), run.GetProperty("attempt").GetInt32()));
        }

        Assert.Equal(("succeeded", 2), (ended.GetProperty("state").GetString(), ended.GetProperty("attempt").GetInt32()));
        Assert.All(calls.Skip(1), call => Assert.True(TimeProvider.System.GetElapsedTime(calls[0], call) > TimeSpan.FromSeconds(5.9)));
        Assert.Equal("limited", limits.GetProperty("status").GetString());
        Assert.Equal("pending", held.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, held.GetProperty("started_at").ValueKind);
    }

    private async Task StartAsync(CircuitOptions options)
    {
        for (var i = 0; i < 2; i++)
        {
            var host = new ApiHost
            {
                Change = usual => usual with { PostgreSql = _database.Options.PostgreSql },
                More = services => services.AddSingleton(options),
            };
            await host.InitializeAsync();
            _hosts.Add(host);
        }
    }

    private async Task DefineAsync(string name, string more = "")
    {
        var job = $$$"""{"name":"{{{name}}}","overlap":"allow","target":{"http":{"url":"{{{_target.Url("/")}}}"}}{{{more}}}}""";
        using var answer = await _hosts[0].Admin.PutAsync($"/api/v1/jobs/{name}", ApiHost.Json(job));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> RunAsync(string job) => await _hosts[0].EndedAsync(await _hosts[0].RunAsync(job));

    private async Task<JsonElement> HeldAsync(string run)
    {
        await UntilAsync(async () => (await FindAsync(run)).GetProperty("reason").GetString() == "rate-limited");
        return await FindAsync(run);
    }

    private Task<JsonElement> FindAsync(string run) => _hosts[0].Admin.GetJsonAsync($"/api/v1/runs/{run}");

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}

using System.Text.Json;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Nodes;

/// <summary>What is seen of the processes of a system: two on one PostgreSQL, one of them on a machine whose clock is wrong.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Folder _here = new();
    private readonly Folder _there = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(Dialect.PostgreSql);

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _here.Dispose();
        _there.Dispose();
    }

    [ShiftedClockFact(
        DisplayName = "S5-03 the node list shows roles, versions, active attempts, a clock that is off, and a node that drains"
    )]
    public async Task Nodes_show_how_they_do()
    {
        using var clocks = await ShiftedClock.CompileAsync();
        clocks.Set(1, TimeSpan.FromSeconds(30));
        var postgres = ("PONTUAL__POSTGRES", _database.Options.PostgreSql!);
        await using var scheduler = await Served.StartAsync(_here.Path, [postgres], "--role", "api,scheduler");
        await using var worker = await Served.StartAsync(_there.Path, [postgres, .. clocks.Environment(1)], "--role", "worker");
        using var api = await LocalAdministrator.OfAsync(_here.Path);
        var seconds = _here.Write(
            "jobs.yaml",
            """
            jobs:
              - name: long
                target: { process: { command: "sleep 6" } }
            """
        );
        (await scheduler.DoAsync("apply", "-f", seconds)).Ok();

        // A clock that is off is measured against the database's, warned of once, and told when it agrees again.
        var off = await NodeAsync(
            api,
            "worker",
            "shown with its clock",
            node => node.GetProperty("clock_offset_ms").ValueKind is JsonValueKind.Number
        );
        Assert.InRange(off.GetProperty("clock_offset_ms").GetInt64(), 28_000, 32_000);
        await Wait.ForTextAsync(worker.Process, "This machine's clock is", Patience);
        clocks.Set(1, TimeSpan.Zero);
        await Wait.ForTextAsync(worker.Process, "agrees with the database's again", Patience);
        Assert.Single(worker.Process.Written.Split('\n'), line => line.Contains("off the database's", StringComparison.Ordinal));
        Assert.DoesNotContain("off the database's", scheduler.Process.Written, StringComparison.Ordinal);

        (await scheduler.DoAsync("job", "run", "long")).Ok();
        await NodeAsync(api, "worker", "active", node => node.GetProperty("active_attempts").GetInt32() == 1);
        worker.Process.Stop();
        var draining = await NodeAsync(api, "worker", "draining", node => node.GetProperty("state").GetString() == "draining");
        var listed = (await scheduler.DoAsync("nodes")).Ok().Output;
        Assert.Equal(0, await worker.Process.EndAsync(Patience));
        var left = await NodeAsync(api, "worker", "gone", node => node.GetProperty("state").GetString() == "left");

        Assert.Equal(0, draining.GetProperty("refused_writes").GetInt64());
        Assert.Equal(0, left.GetProperty("active_attempts").GetInt32());
        Assert.Contains("draining", listed, StringComparison.Ordinal);
        Assert.Contains("api,scheduler", listed, StringComparison.Ordinal);
        var other = await NodeAsync(api, "api,scheduler", "alive", node => node.GetProperty("state").GetString() == "alive");
        Assert.Equal(left.GetProperty("version").GetString(), other.GetProperty("version").GetString());
        Assert.NotEqual(JsonValueKind.Null, other.GetProperty("seen_at").ValueKind);
    }

    private static async Task<JsonElement> NodeAsync(HttpClient api, string roles, string what, Func<JsonElement, bool> isIt) =>
        (JsonElement)
            await Wait.ForAsync<object>(
                $"node of roles {roles} that is {what}",
                Patience,
                async () =>
                {
                    var nodes = JsonSerializer.Deserialize<JsonElement>(await api.GetStringAsync("api/v1/nodes"));
                    var found = nodes
                        .GetProperty("items")
                        .EnumerateArray()
                        .Where(node => string.Join(',', node.GetProperty("roles").EnumerateArray()) == roles && isIt(node))
                        .ToList();
                    return found.Count > 0 ? found[0] : null;
                }
            );
}

using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Servers on one PostgreSQL, and where their alerts are told to.</summary>
internal sealed class AlertFleet : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Folder> _folders = [];
    private readonly PostgresServer _postgres;

    private AlertFleet(PostgresServer postgres, AlertSink sink) => (_postgres, Sink) = (postgres, sink);

    public AlertSink Sink { get; }

    /// <summary>Where the database is.</summary>
    public string Postgres => _postgres.Connection;

    public static async Task<AlertFleet> CreateAsync() => new(await PostgresServer.CreateAsync(), await AlertSink.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        await _postgres.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    public Folder NewFolder()
    {
        var folder = new Folder();
        _folders.Add(folder);
        return folder;
    }

    /// <summary>Starts a server and waits until it is among the nodes, which is after it answers.</summary>
    public async Task<AlertNode> StartAsync(string roles, (string, string)[]? environment = null, string? postgres = null)
    {
        var folder = NewFolder();
        var server = await Served.StartAsync(
            folder.Path,
            [("PONTUAL__POSTGRES", postgres ?? Postgres), .. environment ?? []],
            "--role",
            roles
        );
        await Wait.ForTextAsync(server.Process, "This process is node", Patience);
        return new AlertNode(server, folder);
    }

    /// <summary>Tells the fleet whom to tell.</summary>
    public async Task SettleAsync(HttpClient api)
    {
        var settings = $$"""
            {
              "routes": [
                { "name": "ops", "webhook": { "url": "{{Sink.Url}}/route/ops" } },
                { "name": "backup", "webhook": { "url": "{{Sink.Url}}/route/backup" }, "rules": ["alert-route-down"] }
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
}

/// <summary>A server of the fleet.</summary>
internal sealed record AlertNode(Served Server, Folder Folder)
{
    public async Task ApplyAsync(string yaml) => (await Server.DoAsync("apply", "-f", Folder.Write("jobs.yaml", yaml))).Ok();

    public Task RunOnceAsync(string job) =>
        Server.RunAsync(job, "done", AlertFleet.Patience, run => run.GetProperty("state").GetString() == "succeeded");

    public async Task CancelAllAsync(string job)
    {
        foreach (var run in await Server.RunsAsync(job))
        {
            if (run.GetProperty("state").GetString() is "running" or "pending")
            {
                await Server.DoAsync("run", "cancel", run.GetProperty("id").GetString()!);
            }
        }
    }

    /// <summary>Lets it end by itself.</summary>
    public async Task StopAsync()
    {
        Server.Process.Stop();
        await Server.Process.EndAsync(AlertFleet.Patience);
        await Server.DisposeAsync();
    }
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

using System.Net;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Server.Packs;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Julia;

/// <summary>The three services of the document, each a process with a folder of its own, on one PostgreSQL.</summary>
public sealed class JuliaRolesTests : IAsyncLifetime
{
    private const string More = """
        jobs:
          - name: every-second
            schedule: { every: 1s }
            target: { http: { url: "${env:API_BASE}/jobs/heartbeat", method: POST } }
          - name: local
            target: { process: { command: "sleep 2" } }
          - name: statement
            target: { sql: { statement: "SELECT current_setting('pontual.job')" } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Folder> _folders = [];
    private TestDatabase _database = null!;
    private JobsTarget _target = null!;
    private HttpClient _api = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        _target = await JobsTarget.StartAsync();
    }

    [Fact(
        DisplayName = "S5-03 api and scheduler alone run the whole pack; worker runs every kind and never plans; --role wins over RUN_MODE"
    )]
    public async Task Each_role_does_its_part()
    {
        await using var api = await StartAsync([("RUN_MODE", "api"), ("APP_ENV", "production"), ("SUPABASE_PROJECT_REF", "projeto-ref")]);
        _api = await LocalAdministrator.OfAsync(_folders[0].Path);

        // api + worker: what is asked for runs, what is due does not.
        await using (
            var worker = await StartAsync([("RUN_MODE", "scheduler"), ("DOTNET_RUNNING_IN_CONTAINER", "true")], "--role", "worker")
        )
        {
            Assert.Equal("worker", await RoleOfAsync(await EndedAsync(await AskAsync("local"))));
            Assert.All(await RunsAsync(), run => Assert.Equal("manual", Text(run, "trigger")));
            await StopAsync(worker);
        }

        // api + scheduler: the whole pack runs, and what needs a worker waits for one.
        await using var scheduler = await StartAsync([("RUN_MODE", "scheduler"), ("APP_ENV", "production")]);
        var waiting = await AskAsync("local");
        await AssertWholePackRunsAsync();
        Assert.Equal("scheduler", await RoleOfAsync(await PlannedAsync("every-second")));
        var statement = await EndedAsync(await AskAsync("statement"));
        Assert.Equal(("succeeded", "scheduler"), (Text(statement, "state"), await RoleOfAsync(statement)));
        Assert.Equal("pending", Text(await RunAsync(waiting), "state"));

        // all three.
        await using var another = await StartAsync([("RUN_MODE", "worker"), ("APP_ENV", "production")]);
        Assert.Equal("worker", await RoleOfAsync(await EndedAsync(waiting)));

        Assert.Single(api.Process.Written.Split('\n'), line => line.Contains("SUPABASE_PROJECT_REF", StringComparison.Ordinal));
        Assert.DoesNotContain("projeto-ref", api.Process.Written, StringComparison.Ordinal);
        Assert.DoesNotContain("SUPABASE_PROJECT_REF", scheduler.Process.Written, StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        _api?.Dispose();
        await _target.DisposeAsync();
        await _database.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    private async Task<Served> StartAsync((string Name, string Value)[] environment, params string[] more)
    {
        var folder = new Folder();
        _folders.Add(folder);
        string[] packs = ["--pack", JuliaFixture.Pack, "--pack", folder.Write("more.yaml", More)];
        return await Served.StartAsync(
            folder.Path,
            [.. environment, ("API_BASE", _target.Url), ("PONTUAL__POSTGRES", _database.Options.PostgreSql!)],
            [.. packs, .. more]
        );
    }

    private static async Task StopAsync(Served server)
    {
        server.Process.Stop();
        Assert.Equal(0, await server.Process.EndAsync(Patience));
    }

    private async Task AssertWholePackRunsAsync()
    {
        var (file, _) = await PackFile.LoadAsync(JuliaFixture.Pack, CancellationToken.None);
        var jobs = PackReader.Read([file!], PackChecks.None).Jobs;
        var asked = new Dictionary<string, string>();
        foreach (var job in jobs)
        {
            asked[await AskAsync(job.Name.ToString())] = job.Target.Settings.GetProperty("url").GetString()!;
        }

        Assert.Equal(32, asked.Count);
        foreach (var (id, url) in asked)
        {
            var run = await EndedAsync(id);
            Assert.Equal(("succeeded", "scheduler"), (Text(run, "state"), await RoleOfAsync(run)));
            Assert.Equal(url, "${env:API_BASE}" + Assert.Single(_target.Calls, call => call.RunId == id).Path);
        }
    }

    /// <summary>Asks for a run; again while one that was due at that moment is active.</summary>
    private Task<string> AskAsync(string job) =>
        Wait.ForAsync(
            $"run of {job} by hand",
            Patience,
            async () =>
            {
                using var answer = await _api.PostAsync($"api/v1/jobs/{job}/run", content: null);
                if (answer.StatusCode is HttpStatusCode.Conflict)
                {
                    return null;
                }

                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
                using var accepted = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                return accepted.RootElement.GetProperty("run_id").GetString();
            }
        );

    private async Task<JsonElement> EndedAsync(string id) =>
        (JsonElement)
            await Wait.ForAsync<object>(
                $"end of run {id}",
                Patience,
                async () => await RunAsync(id) is var run && Text(run, "finished_at") is not null ? run : null
            );

    private async Task<JsonElement> PlannedAsync(string job) =>
        (JsonElement)
            await Wait.ForAsync<object>(
                $"planned run of {job} that succeeded",
                Patience,
                async () =>
                    (await RunsAsync($"&job={job}&state=succeeded"))
                        .Where(run => Text(run, "trigger") == "schedule")
                        .Select(run => (object)run)
                        .FirstOrDefault()
            );

    private async Task<string> RoleOfAsync(JsonElement run)
    {
        var node = (await GetAsync("api/v1/nodes"))
            .GetProperty("items")
            .EnumerateArray()
            .Single(node => Text(node, "id") == Text(run, "node"));
        return string.Join(',', node.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    private async Task<List<JsonElement>> RunsAsync(string filter = "") =>
        [.. (await GetAsync($"api/v1/runs?limit=500{filter}")).GetProperty("items").EnumerateArray()];

    private Task<JsonElement> RunAsync(string id) => GetAsync($"api/v1/runs/{id}");

    private async Task<JsonElement> GetAsync(string path) => JsonSerializer.Deserialize<JsonElement>(await _api.GetStringAsync(path));

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}

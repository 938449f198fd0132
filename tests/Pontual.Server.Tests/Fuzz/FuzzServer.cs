using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Client;
using Pontual.Engine.Hosting;
using Pontual.Server.Composition;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>A server that answers and runs nothing, whatever jobs it is given, with secrets in it that nobody may ever see.</summary>
internal sealed class FuzzServer : IAsyncDisposable
{
    private const string Password = "canary password of a person";

    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-fuzz-").FullName;
    private readonly string _adminToken = $"canary-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20))}";
    private readonly WebApplication _app;

    private FuzzServer(string? postgreSql)
    {
        Environment.SetEnvironmentVariable(Hostile.SecretName, EnvironmentSecret);
        var configuration = new ServerConfiguration
        {
            DataFolder = Path.Combine(_folder, "data"),
            PostgreSql = postgreSql,
            Urls = ["http://127.0.0.1:0"],
            Roles = NodeRoles.Api,
            AdminToken = _adminToken,
            RateLimit = null,
        };
        _app = PontualServer.Build(
            configuration,
            services =>
                services.AddLogging(logging =>
                {
                    logging.ClearProviders();
                    logging.AddProvider(Log);
                    logging.SetMinimumLevel(LogLevel.Debug);
                    logging.AddFilter<FuzzLog>(null, LogLevel.Debug);
                })
        );
    }

    public FuzzLog Log { get; } = new();

    public Uri Url => PontualServer.UrlOf(_app);

    /// <summary>What the environment's variable holds.</summary>
    public string EnvironmentSecret { get; } = $"canary-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";

    /// <summary>Tokens of all kinds; null for none.</summary>
    public string?[] Tokens { get; private set; } = [];

    /// <summary>What may stand in no answer and no line of the log.</summary>
    public IEnumerable<string> Canaries => [EnvironmentSecret, Password, .. Tokens.OfType<string>()];

    /// <summary>Names and ids that exist, by the segment of the path before them.</summary>
    public Dictionary<string, string[]> Known { get; } = [];

    /// <summary>The administrator's own client.</summary>
    public PontualClient Admin => new(Url, _adminToken);

    public static async Task<FuzzServer> StartAsync(string? postgreSql)
    {
        var server = new FuzzServer(postgreSql);
        await PontualServer.StartAsync(server._app, CancellationToken.None);
        using var admin = server.Admin;
        using var other = new PontualClient(server.Url, new PontualClientOptions { Token = server._adminToken, Tenant = "other" });
        server.Tokens =
        [
            null,
            (await admin.Tokens.CreateAsync(new NewToken("reader", "read"))).Secret,
            (await admin.Tokens.CreateAsync(new NewToken("operator", "operate"))).Secret,
            (await admin.Tokens.CreateAsync(new NewToken("admin", "admin"))).Secret,
            (await other.Tokens.CreateAsync(new NewToken("of another tenant", "admin"))).Secret,
            server._adminToken,
        ];
        await other.Jobs.CreateAsync(JobNamed("secret"));
        await admin.Users.CreateAsync(new NewUser("ana", "admin", Password));
        await server.RefillAsync();
        return server;
    }

    /// <summary>Puts back what requests may have removed: jobs with every kind of target, runs, a calendar.</summary>
    public async Task RefillAsync()
    {
        using var admin = Admin;
        await admin.Calendars.PutAsync("closed", new CalendarDefinition { Name = "closed", Dates = JsonElement.Parse("""["12-24"]""") });
        for (var number = 1; number <= 4; number++)
        {
            await admin.Jobs.PutAsync($"known-{number}", JobNamed($"known-{number}") with { Overlap = "buffer-all" });
        }

        var runs = new List<string>();
        for (var number = 1; number <= 4; number++)
        {
            var run = await admin.Jobs.RunAsync($"known-{number}", overlap: "allow");
            runs.Add(run.RunId.ToString());
        }

        var worker = new JobDefinition
        {
            Name = "outside",
            Target = new Target { Worker = new WorkerTarget("send-mail") },
            Overlap = "allow",
        };
        await admin.Jobs.PutAsync("outside", worker);
        runs.Add((await admin.Jobs.RunAsync("outside")).RunId.ToString());
        Known["jobs"] = ["known-1", "known-2", "known-3", "known-4", "outside", "none"];
        Known["runs"] = [.. runs, "01900000-0000-7000-8000-000000000000"];
        Known["calendars"] = ["closed", "br", "weekends", "none"];
        Known["queues"] = ["default", "known-1", "none"];
        Known["users"] = ["ana", "known-1", "none"];
        Known["tokens"] = ["none"];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static JobDefinition JobNamed(string name) =>
        new()
        {
            Name = name,
            Schedule = new Schedule { Cron = "0 9 * * *" },
            Target = new Target
            {
                Http = new HttpTarget
                {
                    Url = "http://127.0.0.1:9/",
                    Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer ${env:" + Hostile.SecretName + "}" },
                },
            },
        };
}

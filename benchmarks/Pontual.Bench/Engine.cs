using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Bench.Cases;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Output;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Runners.Handler;
using Pontual.Scheduling.Schedules;
using Pontual.Storage;
using Pontual.Storage.Migrations;

namespace Pontual.Bench;

/// <summary>A whole engine in this process, durable settings, on a file of its own (or a PostgreSQL); nothing of it is left behind.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string? _ownFolder;
    private readonly List<IHostedService> _hosted;

    private BenchEngine(ServiceProvider services, string? ownFolder)
    {
        (_services, _ownFolder) = (services, ownFolder);
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public RunRequests Requests => _services.GetRequiredService<RunRequests>();

    public IRunStore Runs => _services.GetRequiredService<IRunStore>();

    public IRunViews Views => _services.GetRequiredService<IRunViews>();

    public JobEdits Jobs => _services.GetRequiredService<JobEdits>();

    /// <param name="options">SQLite or PostgreSQL.</param>
    /// <param name="handlers">Adds the handlers that the jobs name.</param>
    /// <param name="concurrency">Attempts at once.</param>
    /// <param name="roles">What the node does.</param>
    /// <param name="lease">How it shows that it lives; null for the usual.</param>
    public static async Task<BenchEngine> CreateAsync(
        BenchOptions options,
        Action<IServiceCollection> handlers,
        int concurrency,
        NodeRoles roles = NodeRoles.All,
        LeaseOptions? lease = null
    )
    {
        var folder = options.Folder ?? Directory.CreateTempSubdirectory("pontual-bench-").FullName;
        var services = new ServiceCollection();
        services.AddLogging(logging =>
            // A line for each run taken over is right for people, and thousands of them here.
            logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Pontual.Engine.Upkeep.Rescuer", LogLevel.Error).AddSimpleConsole()
        );
        services.AddPontualStorage(
            options.Postgres is { } postgres
                ? new StorageOptions { PostgreSql = postgres }
                : new StorageOptions { SqlitePath = Path.Combine(folder, "pontual.db") }
        );
        services.AddPontualEngine(engine =>
        {
            engine.Roles = roles;
            engine.Lease = lease ?? engine.Lease;
            engine.Claiming.Concurrency = concurrency;
            engine.Claiming.BatchSize = Math.Min(concurrency, 2_000);
        });
        services.AddAttemptOutputs(output => output.DataFolder = folder);
        services.AddHandlerRunner();
        handlers(services);
        var engine = new BenchEngine(services.BuildServiceProvider(), options.Folder is null ? folder : null);
        await engine._services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        return engine;
    }

    /// <summary>Completes when the node may take work.</summary>
    public async Task EnteredAsync()
    {
        while (_services.GetRequiredService<PontualNode>().NodeId is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async Task StartAsync()
    {
        foreach (var hosted in _hosted)
        {
            await hosted.StartAsync(CancellationToken.None);
        }
    }

    public Task DefineAsync(IEnumerable<JobDefinition> definitions) =>
        Jobs.ApplyAsync(new JobChanges([.. definitions.Select(definition => new JobPut(definition))], []), CancellationToken.None);

    /// <summary>A job whose target is the handler of that name.</summary>
    public static JobDefinition Job(string name, string handler, Schedule? schedule = null, object? document = null) =>
        new()
        {
            Name = JobName.Parse(name),
            Target = new Target("handler", JsonSerializer.SerializeToElement(new { name = handler })),
            Overlap = schedule is null ? Overlap.Allow : Overlap.Skip,
            Schedule = schedule ?? ManualSchedule.Instance,
            ScheduleDocument = document is null ? null : JsonSerializer.SerializeToElement(document),
        };

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in Enumerable.Reverse(_hosted))
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }
}

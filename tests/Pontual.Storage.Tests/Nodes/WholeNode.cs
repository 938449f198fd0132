using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Audit;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Output;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Nodes;

/// <summary>A node as a process has it: engine, storage, runner and everything hosted, on the system's clock. What it logs from Warning on is kept.</summary>
internal sealed class WholeNode : IAsyncDisposable, ILoggerProvider, ILogger
{
    private readonly ServiceProvider _services;
    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-node-").FullName;
    private readonly ConcurrentDictionary<Guid, int> _attempts = new();

    private WholeNode(StorageOptions storage, NodeRoles roles, TimeSpan poll)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(this));
        services.AddPontualStorage(storage);
        services.AddPontualEngine(engine => (engine.Roles, engine.SafetyPoll) = (roles, poll));
        services.AddAttemptOutputs(output => output.DataFolder = _folder);
        services.AddHandlerRunner();
        services.AddJobHandler("count", (run, _) => Task.FromResult(Count(run.Run.Id)));
        services.AddJobHandler("hang", HangAsync);
        _services = services.BuildServiceProvider();
    }

    /// <summary>Runs that its handlers were given, and how often.</summary>
    public IReadOnlyDictionary<Guid, int> Attempts => _attempts;

    /// <summary>What it warned of.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

    public RunRequests Requests => _services.GetRequiredService<RunRequests>();

    public JobEdits Jobs => _services.GetRequiredService<JobEdits>();

    public PontualDatabase Database => _services.GetRequiredService<PontualDatabase>();

    public PontualNode Node => _services.GetRequiredService<PontualNode>();

    public T Hosted<T>()
        where T : IHostedService => _services.GetServices<IHostedService>().OfType<T>().Single();

    public static async Task<WholeNode> StartAsync(StorageOptions storage, NodeRoles roles, TimeSpan poll)
    {
        var node = new WholeNode(storage, roles, poll);
        foreach (var hosted in node._services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(default);
        }

        return node;
    }

    public Task<IReadOnlyList<JobChanged>> DefineAsync(string name, string handler) =>
        Jobs.ApplyAsync(
            new JobChanges(
                [
                    new JobPut(
                        StorageRig.Define(name, Scheduling.Schedules.Overlap.Allow) with
                        {
                            Target = new Target("handler", StorageRig.Json($$"""{"name": "{{handler}}"}""")),
                        }
                    ),
                ],
                []
            ),
            default
        );

    public async Task<Guid> WishAsync(string name) =>
        (await Requests.RunNowAsync(JobName.Parse(name), null, false, Actor.Product, default)).ShouldBeOfType<RunNowResult.Queued>().RunId;

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse())
        {
            await hosted.StopAsync(default);
        }

        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Warnings.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");

    private HandlerResult Count(Guid run)
    {
        _attempts.AddOrUpdate(run, 1, (_, times) => times + 1);
        return HandlerResult.Ok();
    }

    private async Task<HandlerResult> HangAsync(HandlerContext run, CancellationToken cancellation)
    {
        Count(run.Run.Id);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return HandlerResult.Ok();
    }
}

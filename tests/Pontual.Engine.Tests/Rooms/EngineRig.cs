using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pontual.Engine.Clocks;
using Pontual.Engine.Executing;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Output;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Engine.Tests.Rooms;

/// <summary>Nodes over one in-memory database on a manual clock, driven room by room. Time moves only between steps.</summary>
internal sealed class EngineRig : IAsyncDisposable
{
    private readonly List<RigNode> _nodes = [];

    private EngineRig(ManualTime time, TestDatabase database) => (Time, Database) = (time, database);

    public ManualTime Time { get; }

    public TestDatabase Database { get; }

    /// <remarks>Leaves the test runner's context behind: with it, what a timer or a test sets off would run on another thread, at any time,
    /// and not inside the call that set it off.</remarks>
    public static Task<EngineRig> StartAsync()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return CreateAsync();
    }

    private static async Task<EngineRig> CreateAsync()
    {
        var time = new ManualTime();
        return new EngineRig(time, await TestDatabase.CreateAsync(Dialect.Sqlite, time));
    }

    /// <summary>A node of its own, entered: what another process would be. Nothing of it runs by itself.</summary>
    public async Task<RigNode> NodeAsync(Action<EngineOptions>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var node = new RigNode(this, configure, replace);
        _nodes.Add(node);
        await node.RenewAsync();
        return node;
    }

    public async Task<Job> DefineAsync(JobDefinition definition)
    {
        var now = Time.GetUtcNow();
        var planner = new OccurrencePlanner(new PlannerOptions(), new SystemRandomBytes(), new ScheduleClock(Time));
        await Database.Jobs.ApplyAsync(new JobChanges([new JobPut(definition)], []), due => planner.Decide(due, now), now, default);
        return await JobAsync(definition.Name.ToString());
    }

    public async Task<Job> JobAsync(string name) => (await Database.Jobs.FindAsync(JobName.Parse(name), default))!;

    /// <summary>All runs of a job, oldest due first.</summary>
    public async Task<IReadOnlyList<Run>> RunsAsync(string job) =>
        [.. (await Database.Views.ListAsync(new RunQuery(JobName.Parse(job), Limit: 500), default)).Reverse()];

    public async Task<RunDetail> RunAsync(Guid id) => (await Database.Views.FindAsync(id, default))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await Database.DisposeAsync();
    }
}

/// <summary>One node of the rig.</summary>
internal sealed class RigNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public RigNode(EngineRig rig, Action<EngineOptions>? configure, Action<IServiceCollection>? replace)
    {
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(rig.Time)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(rig.Database.Jobs)
            .AddSingleton(rig.Database.Plans)
            .AddSingleton(rig.Database.Runs)
            .AddSingleton(rig.Database.Views)
            .AddSingleton(rig.Database.Nodes)
            .AddSingleton(rig.Database.Events)
            .AddSingleton<IRunner>(Runner)
            .AddSingleton<IAttemptOutputs>(provider => new AttemptOutputs(
                rig.Database.Output,
                Options.Create(new OutputOptions { DataFolder = Path.GetTempPath() }),
                rig.Time,
                provider.GetRequiredService<ILogger<AttemptOutputs>>()
            ))
            .AddPontualEngine(options =>
            {
                options.StartsInline = true;
                configure?.Invoke(options);
            });
        replace?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public ScriptedRunner Runner { get; } = new();

    public NodeRooms Rooms => Get<NodeRooms>();

    public string? Id => Rooms.Lease.Current?.Node;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<TimeSpan?> PlanAsync() => Rooms.Planner.StepAsync(default);

    public Task<TimeSpan?> ClaimAsync() => Rooms.Claimer.StepAsync(default);

    public Task<TimeSpan?> RenewAsync() => Rooms.Lease.StepAsync(default);

    public Task<TimeSpan?> RescueAsync() => Rooms.Rescuer.StepAsync(default);

    public async Task SettleAsync()
    {
        while (await Rooms.Settler.StepAsync(default) > 0) { }
    }

    /// <summary>Plans, claims and settles until nothing more happens at this instant.</summary>
    public async Task WorkAsync()
    {
        await PlanAsync();
        int before;
        do
        {
            before = Runner.Started.Count;
            await ClaimAsync();
            await SettleAsync();
        } while (Runner.Started.Count > before);
    }

    /// <summary>Lets time pass in steps of a second, with the heartbeat every third.</summary>
    public async Task PassAsync(EngineRig rig, TimeSpan span)
    {
        for (var second = 1; second <= span.TotalSeconds; second++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            if (second % 3 == 0)
            {
                await RenewAsync();
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

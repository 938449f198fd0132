using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pontual.Engine.Calendars;
using Pontual.Engine.Circuits;
using Pontual.Engine.Claiming;
using Pontual.Engine.Clocks;
using Pontual.Engine.Events;
using Pontual.Engine.Executing;
using Pontual.Engine.Explaining;
using Pontual.Engine.Jobs;
using Pontual.Engine.Metrics;
using Pontual.Engine.Nodes;
using Pontual.Engine.Output;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Settling;
using Pontual.Engine.Upkeep;
using Pontual.Engine.Workers;

namespace Pontual.Engine.Hosting;

/// <summary>Puts the engine into a host.</summary>
public static class EngineRegistration
{
    private static readonly string[] SchedulerKinds = ["http", "sql"];

    /// <summary>Adds the engine: its rooms as a hosted service, <see cref="RunRequests"/>, <see cref="JobEdits"/> and <see cref="IJobClient"/>.</summary>
    /// <remarks>The stores, the runners and <see cref="IAttemptOutputs"/> are added by others. A <see cref="TimeProvider"/> that is already there is used.</remarks>
    public static IServiceCollection AddPontualEngine(this IServiceCollection services, Action<EngineOptions>? configure = null)
    {
        var options = services.AddOptions<EngineOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ScheduleClock>();
        services.TryAddSingleton<IRandomBytes, SystemRandomBytes>();
        services.TryAddSingleton<RunFeed>();
        services.TryAddSingleton<Signals>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<EngineOptions>>().Value);
        services.AddSingleton(provider => provider.GetRequiredService<EngineOptions>().Planner);
        services.AddSingleton(provider => provider.GetRequiredService<EngineOptions>().Lease);
        services.AddSingleton(provider => provider.GetRequiredService<EngineOptions>().Upkeep);
        services.AddSingleton(Claiming);
        AddRooms(services);
        services.AddSingleton<EngineMeter>();
        services.AddSingleton<ILeaseListener>(provider => provider.GetRequiredService<EngineMeter>());
        services.AddSingleton<RunTraces>();
        services.TryAddSingleton<CircuitOptions>();
        services.TryAddSingleton<ICircuits, CircuitBoard>();
        services.AddSingleton<JobWhy>();
        services.AddSingleton<JobEdits>();
        services.AddSingleton<IntervalEdits>();
        services.AddSingleton<CalendarEdits>();
        services.AddSingleton<IJobClient, JobClient>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PontualNode>());
        return services;
    }

    private static void AddRooms(IServiceCollection services)
    {
        services.AddSingleton<OccurrencePlanner>();
        services.AddSingleton<Planner>();
        services.AddSingleton<Claimer>();
        services.AddSingleton(Executor);
        services.AddSingleton<ILeaseWatcher>(provider => provider.GetRequiredService<Executor>());
        services.AddSingleton<Settler>();
        services.AddSingleton<ClockWatch>();
        services.AddSingleton<NodeLease>();
        services.AddSingleton<Rescuer>();
        services.AddSingleton<Pruner>();
        services.AddSingleton<EventKeeper>();
        services.AddSingleton(Rooms);
        services.AddSingleton(Identity);
        services.AddSingleton(provider => new RunRequests(
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<IRunStore>(),
            provider.GetRequiredService<IRunViews>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<Settler>(),
            provider.GetRequiredService<Signals>(),
            provider.GetRequiredService<IRandomBytes>(),
            provider.GetRequiredService<ScheduleClock>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider => new WorkerDesk(
            provider.GetRequiredService<IRunStore>(),
            provider.GetRequiredService<IWorkerStore>(),
            provider.GetRequiredService<Settler>(),
            provider.GetRequiredService<Signals>(),
            provider.GetRequiredService<RunFeed>(),
            provider.GetRequiredService<IOptions<OutputOptions>>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider => new PontualNode(
            provider.GetRequiredService<NodeRooms>(),
            provider.GetRequiredService<EngineOptions>(),
            provider.GetRequiredService<Signals>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PontualNode>>()
        ));
    }

    private static ClaimingOptions Claiming(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<EngineOptions>();
        options.Claiming.Kinds = options.Roles.HasFlag(NodeRoles.Worker) ? null : SchedulerKinds;
        return options.Claiming;
    }

    private static Executor Executor(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<EngineOptions>();
        return new(
            provider.GetServices<IRunner>(),
            provider.GetRequiredService<IAttemptOutputs>(),
            provider.GetRequiredService<Settler>(),
            provider.GetRequiredService<RunFeed>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Executor>>(),
            new ArmingTerms
            {
                Inline = options.StartsInline,
                Furthest = 2 * options.Claiming.ArmAhead + TimeSpan.FromSeconds(1),
                MissedAfter = options.Planner.MissedAfter,
            },
            provider.GetRequiredService<EngineMeter>(),
            provider.GetRequiredService<RunTraces>()
        );
    }

    private static NodeRooms Rooms(IServiceProvider provider) =>
        new(
            provider.GetRequiredService<NodeLease>(),
            provider.GetRequiredService<Planner>(),
            provider.GetRequiredService<Claimer>(),
            provider.GetRequiredService<Executor>(),
            provider.GetRequiredService<Settler>(),
            provider.GetRequiredService<Rescuer>(),
            provider.GetRequiredService<Pruner>(),
            provider.GetRequiredService<EventKeeper>(),
            provider.GetService<IRequestStore>() is { } requests
                ? new RequestTaker(
                    requests,
                    provider.GetRequiredService<OccurrencePlanner>(),
                    provider.GetRequiredService<Signals>(),
                    provider.GetRequiredService<ScheduleClock>(),
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<RequestTaker>>(),
                    provider.GetService<IPostSender>()
                )
                : null
        );

    private static NodeIdentity Identity(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<EngineOptions>();
        var roles = Enum.GetValues<NodeRoles>().Where(role => role is not (NodeRoles.None or NodeRoles.All) && options.Roles.HasFlag(role));
        return new NodeIdentity(
            options.Host,
            [.. roles.Select(role => role.ToString().ToLowerInvariant())],
            provider.GetRequiredService<TimeProvider>().GetUtcNow(),
            provider.GetRequiredService<IRandomBytes>()
        );
    }
}

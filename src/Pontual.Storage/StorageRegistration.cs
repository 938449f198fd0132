using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Access;
using Pontual.Engine.Alerts;
using Pontual.Engine.Audit;
using Pontual.Engine.Calendars;
using Pontual.Engine.Checks;
using Pontual.Engine.Circuits;
using Pontual.Engine.Clocks;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Nodes;
using Pontual.Engine.Output;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Workers;
using Pontual.Storage.Access;
using Pontual.Storage.Alerts;
using Pontual.Storage.Audit;
using Pontual.Storage.Calendars;
using Pontual.Storage.Checks;
using Pontual.Storage.Circuits;
using Pontual.Storage.Database;
using Pontual.Storage.Database.PostgreSql;
using Pontual.Storage.Database.Sqlite;
using Pontual.Storage.Events;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;
using Pontual.Storage.Migrations;
using Pontual.Storage.Nodes;
using Pontual.Storage.Requests;
using Pontual.Storage.Runs;

namespace Pontual.Storage;

/// <summary>Puts the stores behind the engine's ports.</summary>
public static class StorageRegistration
{
    /// <summary>Adds every port of the engine's that keeps something, the database behind them and its <see cref="Migrator"/>. Run that before the first use.</summary>
    /// <exception cref="ArgumentException">Not exactly one place is given.</exception>
    public static IServiceCollection AddPontualStorage(this IServiceCollection services, StorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.SqlitePath) == string.IsNullOrWhiteSpace(options.PostgreSql))
        {
            throw new ArgumentException("Give either a SQLite path or a PostgreSQL connection string, and not both.", nameof(options));
        }

        services.TryAddSingleton(TimeProvider.System);
        if (!string.IsNullOrWhiteSpace(options.PostgreSql) && options.GoesByDatabaseClock)
        {
            GoByDatabaseClock(services);
        }

        services.TryAddSingleton<IRandomBytes, SystemRandomBytes>();
        services.TryAddSingleton<ScheduleClock>();
        services.TryAddSingleton<Signals>();
        services.AddSingleton(provider =>
        {
            var database = Open(options, provider);
            database.EventsCommitted = provider.GetRequiredService<Signals>().EventsWritten;
            return database;
        });
        services.AddSingleton(options);
        if (options is { PostgreSql: not (null or ""), Notifications: true })
        {
            services.AddHostedService(Hints);
        }

        if (!string.IsNullOrWhiteSpace(options.PostgreSql))
        {
            services.AddSingleton<IRequestStore, RequestStore>();
            services.AddSingleton<IPostStore, PostStore>();
        }

        services.AddSingleton(provider => new Migrator(
            provider.GetRequiredService<PontualDatabase>(),
            provider.GetRequiredService<PaceStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Migrator>>()
        ));
        services.AddSingleton<PaceStore>();
        services.AddSingleton<DefinitionCache>();
        services.AddSingleton<CalendarRowStore>();
        services.AddSingleton<CalendarChangesStore>();
        services.AddSingleton<ICalendarStore, CalendarStore>();
        services.AddSingleton<KnownJobsStore>();
        services.AddSingleton<JobPlanStore>();
        services.AddSingleton<SlotStore>();
        services.AddSingleton<PlannedAheadStore>();
        services.AddSingleton<JobChangesStore>();
        services.AddSingleton<JobStateStore>();
        services.AddSingleton<IntervalJobStore>();
        services.AddSingleton<IIntervalJobStore>(provider => provider.GetRequiredService<IntervalJobStore>());
        services.AddSingleton<IJobStore, JobStore>();
        services.AddSingleton<IPlanStore, PlanStore>();
        services.AddSingleton<IRunStore, RunStore>();
        services.AddSingleton<IRunViews, RunViewsStore>();
        services.AddSingleton<IEndedRuns, EndedRunStore>();
        services.AddSingleton<ILimitStore, LimitStatusStore>();
        services.AddSingleton<ICircuitStore, CircuitStore>();
        services.AddSingleton<INodeStore, NodeStore>();
        services.AddSingleton<IWorkerStore, WorkerStore>();
        services.AddSingleton<IEventStore, EventStore>();
        services.AddSingleton<IOutputStore, OutputStore>();
        services.AddSingleton<ITokenStore, TokenStore>();
        services.AddSingleton<IAuditLog, AuditLogStore>();
        services.AddSingleton<IUserStore, UserStore>();
        services.AddSingleton<ISessionStore, SessionStore>();
        services.AddSingleton<IAdminLinkStore, AdminLinkStore>();
        services.AddSingleton<IProtectionKeyStore, ProtectionKeyStore>();
        services.AddSingleton<IIdempotencyStore, IdempotencyStore>();
        services.AddSingleton<ICheckStore, CheckStore>();
        services.AddSingleton<IPingStore, PingStore>();
        services.AddSingleton<AlertSettingsStore>();
        services.AddSingleton<IAlertSettingsStore>(provider => provider.GetRequiredService<AlertSettingsStore>());
        services.AddSingleton<IAlertStore, AlertStore>();
        services.AddSingleton<INoticeStore, NoticeStore>();
        return services;
    }

    /// <summary>Puts the database's time in front of the one that is there.</summary>
    private static void GoByDatabaseClock(IServiceCollection services)
    {
        var machine = services.Last(service => service.ServiceType == typeof(TimeProvider));
        services.Remove(machine);
        services.AddSingleton<TimeProvider>(provider => new DatabaseTime(
            machine.ImplementationInstance as TimeProvider ?? (TimeProvider)machine.ImplementationFactory!(provider)
        ));
    }

    private static HintChannel Hints(IServiceProvider services) =>
        new(
            (PostgreSqlDatabase)services.GetRequiredService<PontualDatabase>(),
            services.GetRequiredService<Signals>(),
            services.GetRequiredService<IRandomBytes>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<HintChannel>>()
        );

    private static PontualDatabase Open(StorageOptions options, IServiceProvider services) =>
        options.SqlitePath switch
        {
            null or "" => PostgreSqlDatabase.Open(
                options.PostgreSql!,
                services.GetRequiredService<IRandomBytes>(),
                // A server answers in real time, whatever clock the schedules go by.
                TimeProvider.System,
                services.GetRequiredService<ILogger<PostgreSqlDatabase>>()
            ),
            ":memory:" => new SqliteMemoryDatabase(),
            var path => SqliteDatabase.Open(path, services.GetRequiredService<TimeProvider>()),
        };
}

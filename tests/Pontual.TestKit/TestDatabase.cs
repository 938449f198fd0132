using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
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
using Pontual.Storage;
using Pontual.Storage.Database;
using Pontual.Storage.Migrations;

namespace Pontual.TestKit;

/// <summary>A fresh database with the schema in place and the real stores on it, gone when it is disposed of.</summary>
/// <remarks>PostgreSQL: a database of its own on the server that PONTUAL_TEST_POSTGRES names; <c>./test</c> starts one.</remarks>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Func<Task> _remove;

    private TestDatabase(StorageOptions options, TimeProvider time, Func<Task> remove)
    {
        Options = options;
        _remove = remove;
        options.GoesByDatabaseClock = time == TimeProvider.System;
        _services = new ServiceCollection()
            .AddSingleton(time)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPontualStorage(options)
            .BuildServiceProvider();
    }

    /// <summary>Connection string of the tests' PostgreSQL.</summary>
    public static string Server =>
        Environment.GetEnvironmentVariable("PONTUAL_TEST_POSTGRES")
        ?? throw new InvalidOperationException(
            "PostgreSQL tests need a server: run them by ./test, or set PONTUAL_TEST_POSTGRES to what 'tests/postgres start DIR' prints."
        );

    /// <summary>Where it is: give this to a second process or node.</summary>
    public StorageOptions Options { get; }

    public IEventStore Events => _services.GetRequiredService<IEventStore>();

    public Signals Signals => _services.GetRequiredService<Signals>();

    public PontualDatabase Database => _services.GetRequiredService<PontualDatabase>();

    public IJobStore Jobs => _services.GetRequiredService<IJobStore>();

    public IIntervalJobStore Intervals => _services.GetRequiredService<IIntervalJobStore>();

    /// <summary>What was asked for in SQL; on PostgreSQL only.</summary>
    public IRequestStore Requests => _services.GetRequiredService<IRequestStore>();

    public ICalendarStore Calendars => _services.GetRequiredService<ICalendarStore>();

    public IPlanStore Plans => _services.GetRequiredService<IPlanStore>();

    public IRunStore Runs => _services.GetRequiredService<IRunStore>();

    public IRunViews Views => _services.GetRequiredService<IRunViews>();

    public IEndedRuns Ended => _services.GetRequiredService<IEndedRuns>();

    public ICircuitStore Circuits => _services.GetRequiredService<ICircuitStore>();

    public ILimitStore Limits => _services.GetRequiredService<ILimitStore>();

    public INodeStore Nodes => _services.GetRequiredService<INodeStore>();

    public IWorkerStore Workers => _services.GetRequiredService<IWorkerStore>();

    public IOutputStore Output => _services.GetRequiredService<IOutputStore>();

    public ScheduleClock Schedules => _services.GetRequiredService<ScheduleClock>();

    public ITokenStore Tokens => _services.GetRequiredService<ITokenStore>();

    public IAlertStore Alerts => _services.GetRequiredService<IAlertStore>();

    public IAlertSettingsStore AlertSettings => _services.GetRequiredService<IAlertSettingsStore>();

    public INoticeStore Notices => _services.GetRequiredService<INoticeStore>();

    public IIdempotencyStore IdempotencyKeys => _services.GetRequiredService<IIdempotencyStore>();

    public ICheckStore Checks => _services.GetRequiredService<ICheckStore>();

    public IPingStore Pings => _services.GetRequiredService<IPingStore>();

    public IAuditLog Audit => _services.GetRequiredService<IAuditLog>();

    public IUserStore Users => _services.GetRequiredService<IUserStore>();

    public ISessionStore Sessions => _services.GetRequiredService<ISessionStore>();

    public IAdminLinkStore AdminLinks => _services.GetRequiredService<IAdminLinkStore>();

    public IProtectionKeyStore ProtectionKeys => _services.GetRequiredService<IProtectionKeyStore>();

    /// <summary>A migrated database: SQLite in memory, or one of its own on the tests' PostgreSQL.</summary>
    public static async Task<TestDatabase> CreateAsync(Dialect dialect, TimeProvider? time = null, bool migrated = true)
    {
        if (dialect is Dialect.Sqlite)
        {
            return await OpenAsync(new StorageOptions { SqlitePath = ":memory:" }, time, migrated);
        }

        if (!migrated)
        {
            return await OnPostgreSqlAsync(Server, time, migrated);
        }

        var (connection, remove) = await PostgresTemplate.CopyAsync();
        return await OpenAsync(new StorageOptions { PostgreSql = connection }, time, migrated: false, remove);
    }

    /// <summary>A migrated SQLite file in a folder of its own.</summary>
    public static Task<TestDatabase> OnDiskAsync(TimeProvider? time = null, bool migrated = true)
    {
        var folder = Directory.CreateTempSubdirectory("pontual-");
        return OpenAsync(
            new StorageOptions { SqlitePath = Path.Combine(folder.FullName, "pontual.db") },
            time,
            migrated,
            () =>
            {
                folder.Delete(recursive: true);
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>The stores on a place of the caller's choice, who also removes it.</summary>
    public static Task<TestDatabase> OpenAsync(StorageOptions options, TimeProvider? time = null, bool migrated = true) =>
        OpenAsync(options, time, migrated, () => Task.CompletedTask);

    /// <summary>Brings a database that was made without its schema to it.</summary>
    public Task MigrateAsync() => _services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);

    /// <summary>A migrated schema of its own on the tests' PostgreSQL, reached by another way than directly: through a proxy or a pooler.</summary>
    /// <param name="connectionString">The way, as a connection string.</param>
    /// <param name="time">The stores' clock; null for the system's.</param>
    public static Task<TestDatabase> ThroughAsync(string connectionString, TimeProvider? time = null) =>
        OnPostgreSqlAsync(connectionString, time, migrated: true);

    /// <summary>A second set of stores on the same place, as another process would have; disposing of it leaves the data.</summary>
    public TestDatabase Another(TimeProvider? time = null) => new(Options, time ?? TimeProvider.System, () => Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _remove();
    }

    private static async Task<TestDatabase> OnPostgreSqlAsync(string way, TimeProvider? time, bool migrated)
    {
        var schema = "test_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
        var settings = new NpgsqlConnectionStringBuilder(way) { SearchPath = schema, MaxPoolSize = 10 };
        return await OpenAsync(new StorageOptions { PostgreSql = settings.ConnectionString }, time, migrated, DropAsync);

        async Task DropAsync()
        {
            await using var source = NpgsqlDataSource.Create(Server);
            await using var command = source.CreateCommand($"DROP SCHEMA IF EXISTS {schema} CASCADE");
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<TestDatabase> OpenAsync(StorageOptions options, TimeProvider? time, bool migrated, Func<Task> remove)
    {
        var database = new TestDatabase(options, time ?? TimeProvider.System, remove);
        try
        {
            if (migrated)
            {
                await database.MigrateAsync();
            }

            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Clocks;
using Pontual.Engine.Nodes;
using Pontual.Storage.Database;
using Pontual.Storage.Migrations;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Nodes;

public sealed class DatabaseClockTests
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    [Fact]
    public async Task On_PostgreSql_time_is_the_databases_from_the_start_on_and_a_renewal_reads_it_again()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        var machine = new SetTime { By = AnHour };
        await using var services = ServicesOf(database.Options, machine);

        await services.GetRequiredService<Migrator>().MigrateAsync(StorageRig.None);

        var time = services.GetRequiredService<TimeProvider>().ShouldBeOfType<DatabaseTime>();
        Off(time.GetUtcNow()).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        (time.MachineOffset!.Value - AnHour).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(5));

        // Somebody sets the machine's clock, and a node shows it with its next renewal.
        machine.By = -AnHour;
        var nodes = services.GetRequiredService<INodeStore>();
        var now = time.GetUtcNow();
        var node = new NodeRecord("n", "host", 1, "mark", "0.1.0", ["worker"], now, now.AddSeconds(10));
        await nodes.RegisterAsync(node, isFirstStay: true, now, StorageRig.None);
        var offset = time.MachineOffset;
        (await nodes.RenewAsync("n", now, now.AddSeconds(10), new NodeCondition(ClockOffset: offset), StorageRig.None)).Held.ShouldBeTrue();

        Off(time.GetUtcNow()).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        var shown = (await nodes.ListAsync(StorageRig.None)).ShouldHaveSingleItem().Condition.ClockOffset!.Value;
        (shown + AnHour).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task On_SQLite_time_is_the_machines()
    {
        var machine = new SetTime { By = AnHour };
        await using var services = ServicesOf(new StorageOptions { SqlitePath = ":memory:" }, machine);

        await services.GetRequiredService<Migrator>().MigrateAsync(StorageRig.None);

        services.GetRequiredService<TimeProvider>().ShouldBeSameAs(machine);
    }

    private static ServiceProvider ServicesOf(StorageOptions options, TimeProvider machine) =>
        new ServiceCollection()
            .AddSingleton(machine)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPontualStorage(new StorageOptions { SqlitePath = options.SqlitePath, PostgreSql = options.PostgreSql })
            .BuildServiceProvider();

    private static TimeSpan Off(DateTimeOffset shown) => (shown - TimeProvider.System.GetUtcNow()).Duration();

    /// <summary>A machine whose wall clock somebody set.</summary>
    private sealed class SetTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
    }
}

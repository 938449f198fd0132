using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pontual.Engine.Circuits;
using Pontual.Engine.Hosting;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Runners.Http;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Messaging.Tests.Channels.Gateways;

/// <summary>The way to gateways as a node has it: the real HTTP, the real circuits.</summary>
internal sealed class LineRig : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private readonly GuardedHttp _http;
    private int _lines;

    private LineRig(TestDatabase database, ServiceProvider services, TimeProvider time)
    {
        (_database, _services, Time) = (database, services, time);
        _http = new GuardedHttp(Options.Create(new HttpRunnerOptions()), time);
    }

    public TimeProvider Time { get; }

    /// <param name="time">The clock; null for the real one.</param>
    /// <param name="logs">Takes all that is logged; null for nobody.</param>
    public static async Task<LineRig> CreateAsync(TimeProvider? time = null, ILoggerProvider? logs = null)
    {
        var clock = time ?? TimeProvider.System;
        var database = await TestDatabase.CreateAsync(Dialect.Sqlite, clock);
        var services = new ServiceCollection()
            .AddSingleton(clock)
            .AddSingleton(database.Circuits)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs ?? NullLoggerProvider.Instance))
            .AddPontualEngine()
            .BuildServiceProvider();
        return new LineRig(database, services, clock);
    }

    /// <summary>A way with a circuit of its own, so that what one test breaks does not hold another up.</summary>
    public GatewayLine To(GatewayAddress address) =>
        new(
            address,
            _http,
            _services.GetRequiredService<ICircuits>(),
            new CircuitKey(TenantName.Default, $"line-{Interlocked.Increment(ref _lines)}"),
            "node",
            Time
        );

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pontual.Engine.Audit;
using Pontual.Engine.Circuits;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Inbox;
using Pontual.Runners.Http;
using Pontual.Server.Demo.Gateways;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>Channels on a database of their own, a simulated gateway with real HTTP both ways, and a clock that moves when told.</summary>
internal sealed class FleetRig : IAsyncDisposable
{
    private const string KeyVariable = "GATEWAY_KEY";
    private readonly ServiceProvider _services;
    private readonly WebApplication _door;
    private readonly Dictionary<string, string> _environment;

    private FleetRig(TestDatabase database, ManualTime time, SimulatedGateway gateways, WebApplication door, ChannelOptions options)
    {
        (Database, Time, Gateways, _door) = (database, time, gateways, door);
        _environment = new Dictionary<string, string>(StringComparer.Ordinal);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IRandomBytes>(new Random(1).AsBytes())
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(database.Database)
            .AddSingleton<ICircuits, ClosedCircuits>()
            .AddSingleton<ISecrets>(new Secrets(_environment.GetValueOrDefault))
            .AddSingleton<IOptions<HttpRunnerOptions>>(
                Options.Create(new HttpRunnerOptions { CallbackBaseUrl = new Uri(door.Urls.First()) })
            )
            .AddSingleton<GuardedHttp>()
            .AddSingleton(options)
            .AddMessaging()
            .BuildServiceProvider();
    }

    public TestDatabase Database { get; }

    public ManualTime Time { get; }

    public SimulatedGateway Gateways { get; }

    public ChannelStore Channels => _services.GetRequiredService<ChannelStore>();

    public CheckTurnStore Turns => _services.GetRequiredService<CheckTurnStore>();

    public GatewayStore Registry => _services.GetRequiredService<GatewayStore>();

    public static async Task<FleetRig> StartAsync(
        Dialect dialect = Dialect.Sqlite,
        DateTimeOffset? start = null,
        ChannelOptions? options = null,
        Func<SimulationOptions, SimulationOptions>? simulate = null
    )
    {
        var time = new ManualTime(start ?? new DateTimeOffset(2026, 3, 10, 11, 0, 0, TimeSpan.Zero));
        var database = await TestDatabase.CreateAsync(dialect, time);
        var simulation = new SimulationOptions { Seed = 7, Time = time };
        var gateways = await SimulatedGateway.StartAsync(simulate?.Invoke(simulation) ?? simulation, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var door = builder.Build();
        FleetRig? rig = null;
        door.MapPost("/webhooks/{key}/{**rest}", (string key, HttpRequest request) => rig!.TakeAsync(key, request));
        // Meta asks an address whether it wants the webhooks of an account before it sends any.
        door.MapGet(
            "/webhooks/{key}",
            (string key, HttpRequest request) =>
                request.Query["hub.verify_token"] == WebhookAddress.VerifyTokenOf(key)
                    ? Results.Text(request.Query["hub.challenge"])
                    : Results.Unauthorized()
        );
        await door.StartAsync();
        return rig = new FleetRig(database, time, gateways, door, options ?? new ChannelOptions());
    }

    /// <summary>Registers the simulated gateway of a kind under the kind's word.</summary>
    public async Task<GatewayDefinition> ConnectAsync(GatewayKind kind)
    {
        var variable = $"{KeyVariable}_{kind}";
        _environment[variable] = SimulatedGateway.KeyOf(kind);
        var gateway = new GatewayDefinition
        {
            Name = kind.Word(),
            Kind = kind,
            Url = Gateways.UrlOf(kind).ToString(),
            Secret = $"${{env:{variable}}}",
            Account = kind is GatewayKind.CloudApi ? SimulatedGateway.CloudAccount : null,
        };
        await Registry.PutAsync(gateway, KeyOf(kind), 0, Actor.Product, Time.GetUtcNow(), CancellationToken.None);
        return gateway;
    }

    /// <summary>Takes a webhook as if the gateway had sent it, and reads it.</summary>
    public async Task HearAsync(GatewayKind kind, string body)
    {
        var webhook = new WebhookRequest(
            new Dictionary<string, string> { ["content-type"] = "application/json" },
            System.Text.Encoding.UTF8.GetBytes(body)
        );
        var gateway = await _services.GetRequiredService<IGatewayDirectory>().FindByKeyAsync(KeyOf(kind), CancellationToken.None);
        await _services.GetRequiredService<WebhookIntake>().TakeAsync(gateway!, webhook, CancellationToken.None);
        await SettleAsync();
    }

    /// <summary>Lets time pass in steps, with all that happens meanwhile at gateways and by webhook.</summary>
    public async Task PassAsync(TimeSpan span, TimeSpan? step = null)
    {
        var end = Time.GetUtcNow() + span;
        while (Time.GetUtcNow() < end)
        {
            var left = end - Time.GetUtcNow();
            Time.Advance(step < left ? step.Value : left);
            await SettleAsync();
        }
    }

    /// <summary>Waits until all that is due has been told, and reads it.</summary>
    public async Task SettleAsync()
    {
        await Gateways.QuietAsync();
        while (await _services.GetRequiredService<InboxReader>().ReadAsync(CancellationToken.None) > 0) { }
    }

    public async Task<CheckReport> CheckAsync(CheckWish? wish = null)
    {
        await SettleAsync();
        var check = _services.GetRequiredService<SessionCheck>();
        var usual = new CheckWish { Rules = _services.GetRequiredService<ChannelOptions>().Rules };
        var report = await check.RunAsync(TenantName.Default, wish ?? usual, "test", CancellationToken.None);
        await SettleAsync();
        return report;
    }

    public async Task<ChannelView> FindAsync(string name) =>
        await Channels.FindAsync(TenantName.Default, name, CancellationToken.None)
        ?? throw new InvalidOperationException($"no channel {name}");

    public Task<IReadOnlyList<ChannelView>> AllAsync() => Channels.ListAsync(TenantName.Default, "", 500, CancellationToken.None);

    /// <summary>Where the webhooks of a kind come in here.</summary>
    public string DoorOf(GatewayKind kind) => new Uri(new Uri(_door.Urls.First()), $"webhooks/{KeyOf(kind)}").ToString();

    public Gateway Open(GatewayDefinition gateway) => _services.GetRequiredService<GatewayOpener>().Open(gateway, "test");

    public async ValueTask DisposeAsync()
    {
        await Gateways.DisposeAsync();
        await _door.DisposeAsync();
        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static string KeyOf(GatewayKind kind) => $"key-of-{kind.Word()}-0001";

    private async Task<IResult> TakeAsync(string key, HttpRequest request)
    {
        var directory = _services.GetRequiredService<IGatewayDirectory>();
        if (await directory.FindByKeyAsync(key, CancellationToken.None) is not { } gateway)
        {
            return Results.NotFound();
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        var intake = _services.GetRequiredService<WebhookIntake>();
        return await intake.TakeAsync(gateway, new WebhookRequest(headers, body.ToArray()), CancellationToken.None)
            ? Results.Ok()
            : Results.Unauthorized();
    }

    private sealed class ClosedCircuits : ICircuits
    {
        public ValueTask<OutsideCall> AskAsync(CircuitKey key, string node, CancellationToken cancellation) => default;
    }
}

/// <summary>Random bytes that come again with the same seed.</summary>
internal static class SeededBytes
{
    public static IRandomBytes AsBytes(this Random random) => new Bytes(random);

    private sealed class Bytes(Random random) : IRandomBytes
    {
        public void Fill(Span<byte> bytes)
        {
            lock (random)
            {
                random.NextBytes(bytes);
            }
        }
    }
}

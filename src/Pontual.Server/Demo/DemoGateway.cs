using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Server.Demo;

/// <summary>The gateway of <c>packs/demo.yaml</c>: a simulated Evolution API with three sessions in this process. People write to them, and now and then one drops,
/// so that it can be watched how it is found and cured.</summary>
public sealed class DemoGateway : IAsyncDisposable
{
    /// <summary>Where the pack's <c>${env:…}</c> finds its address.</summary>
    public const string UrlVariable = "PONTUAL_DEMO_GATEWAY";

    /// <summary>Where the pack's <c>${env:…}</c> finds its key.</summary>
    public const string KeyVariable = "PONTUAL_DEMO_GATEWAY_KEY";

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private const int BeatsBetweenDrops = 12;

    // One drop is cured by a restart, the next ends by itself.
    private static readonly Fault[] Troubles = [new(FaultKind.Drop), new(FaultKind.Drop) { Recovery = Recovery.Itself }];
    private static readonly string[] Sessions = ["sales", "support", "bookings"];

    private readonly SimulatedGateway _gateway;
    private readonly ITimer _timer;
    private int _beats;

    private DemoGateway(SimulatedGateway gateway, TimeProvider time)
    {
        _gateway = gateway;
        _timer = time.CreateTimer(_ => Live(), null, Beat, Beat);
    }

    /// <summary>Starts it and tells the pack where it is.</summary>
    public static async Task<DemoGateway> StartAsync(TimeProvider time, CancellationToken cancellation)
    {
        var gateway = await SimulatedGateway.StartAsync(new SimulationOptions { Time = time }, cancellation);
        foreach (var (number, id) in Sessions.Index())
        {
            gateway.Add(GatewayKind.Evolution, id, $"551190000000{number}");
        }

        Environment.SetEnvironmentVariable(UrlVariable, gateway.UrlOf(GatewayKind.Evolution).ToString());
        Environment.SetEnvironmentVariable(KeyVariable, SimulatedGateway.KeyOf(GatewayKind.Evolution));
        return new DemoGateway(gateway, time);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private void Live()
    {
        var beat = Interlocked.Increment(ref _beats);
        foreach (var session in _gateway.SessionsOf(GatewayKind.Evolution))
        {
            session.Receive("5511988887777", "Good morning! Is there still a table for tomorrow?");
        }

        if (beat % BeatsBetweenDrops == BeatsBetweenDrops / 3)
        {
            var drops = beat / BeatsBetweenDrops;
            _gateway.Find(GatewayKind.Evolution, Sessions[drops % Sessions.Length])!.Apply(Troubles[drops % Troubles.Length]);
        }
    }
}

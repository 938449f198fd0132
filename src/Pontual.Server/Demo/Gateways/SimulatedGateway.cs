using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>Stands in for gateways of WhatsApp: one web server that speaks the protocols of five of them below paths of their own, over one simulated world
/// with real webhooks, where anything may be let go wrong.</summary>
/// <remarks>All of it goes by the clock of its options. On a manual clock: advance, then await <see cref="QuietAsync"/>.</remarks>
public sealed class SimulatedGateway : IAsyncDisposable
{
    /// <summary>Cloud API: the business account that all its numbers belong to.</summary>
    public const string CloudAccount = "102290129340398";

    private static readonly TimeSpan RestartTakes = TimeSpan.FromSeconds(5);

    private readonly World _world;
    private readonly WebApplication _app;
    private readonly WebhookPump _pump;
    private readonly Dictionary<GatewayKind, IGatewayFace> _faces;

    private SimulatedGateway(SimulationOptions options)
    {
        _world = new World(options);
        _faces = FacesOf(_world).ToDictionary(face => face.Kind);
        _pump = new WebhookPump(_world, kind => _faces[kind]);
        _world.Tell = _pump.Post;

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Url);
        _app = builder.Build();
    }

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.First();

    /// <summary>What gateways were told to do, in order.</summary>
    public IReadOnlyList<SimulatedCommand> Commands => _world.Commands();

    /// <summary>The webhooks that were tried, in order.</summary>
    public IReadOnlyList<SimulatedDelivery> Deliveries => _pump.Log();

    /// <summary>The gateways that it speaks as.</summary>
    public IReadOnlyCollection<GatewayKind> Kinds => _faces.Keys;

    /// <summary>Starts it.</summary>
    public static async Task<SimulatedGateway> StartAsync(SimulationOptions options, CancellationToken cancellation)
    {
        var gateway = new SimulatedGateway(options);
        foreach (var face in gateway._faces.Values)
        {
            var group = gateway._app.MapGroup(PathOf(face.Kind));
            face.Map(group);
        }

        gateway._app.Use(next => context => new RequestFaults(gateway._world, gateway._faces).InvokeAsync(context, next));
        gateway._app.UseRouting();
        new ControlRoutes(gateway).Map(gateway._app);
        await gateway._app.StartAsync(cancellation);
        gateway._world.Elsewhere = $"{gateway.Url}/elsewhere";
        return gateway;
    }

    /// <summary>The address of a gateway, without a slash at the end.</summary>
    public Uri UrlOf(GatewayKind kind) => new(Url + PathOf(kind));

    /// <summary>The key that it asks for.</summary>
    public static string KeyOf(GatewayKind kind) => $"simulated-{kind.Word()}-key";

    /// <summary>Adds a session that is paired and open.</summary>
    /// <param name="kind">At which gateway.</param>
    /// <param name="id">What it is called there.</param>
    /// <param name="phone">Its number in digits.</param>
    /// <param name="webhook">Where its webhooks go; null for nowhere.</param>
    /// <exception cref="ArgumentException">There is one of that id.</exception>
    public SimulatedSession Add(GatewayKind kind, string id, string phone, SimulatedWebhook? webhook = null)
    {
        var session = _world.Add(kind, id, phone);
        session.Webhook = webhook;
        return session;
    }

    /// <summary>The session of that id; null for none.</summary>
    public SimulatedSession? Find(GatewayKind kind, string id) => _world.Find(kind, id);

    /// <summary>All sessions of a gateway.</summary>
    public IReadOnlyList<SimulatedSession> SessionsOf(GatewayKind kind) => _world.SessionsOf(kind);

    /// <summary>Lets a number have no WhatsApp.</summary>
    public void Forget(string phone) => _world.Forget(phone);

    /// <summary>Lets something go wrong with a whole gateway: with its requests, or with all of its sessions.</summary>
    public void Apply(GatewayKind kind, Fault fault)
    {
        lock (_world.Gate)
        {
            _world.Agenda.CatchUp();
            if (fault.Kind == FaultKind.GatewayRestart)
            {
                Restart(kind, fault.For ?? RestartTakes);
            }
            else if (fault.Kind.HitsRequests())
            {
                _world.BoardOf(kind).Put(fault);
            }
            else
            {
                SessionsOf(kind).ToList().ForEach(session => session.Apply(fault));
            }
        }
    }

    /// <summary>Ends a fault of a whole gateway.</summary>
    public void End(GatewayKind kind, FaultKind fault)
    {
        lock (_world.Gate)
        {
            if (!_world.BoardOf(kind).Remove(fault))
            {
                SessionsOf(kind).ToList().ForEach(session => session.End(fault));
            }
        }
    }

    /// <summary>Lets happen what is due, and waits until all webhooks that are due were delivered or refused. Those that are tried again later are not waited for.</summary>
    public Task QuietAsync(CancellationToken cancellation = default)
    {
        _world.Agenda.CatchUp();
        return _pump.QuietAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();
        await _app.DisposeAsync();
        _faces.Values.OfType<IDisposable>().ToList().ForEach(face => face.Dispose());
        _world.Dispose();
    }

    internal static string PathOf(GatewayKind kind) =>
        kind switch
        {
            GatewayKind.CloudApi => "/cloud",
            _ => $"/{kind.Word()}",
        };

    /// <summary>The faces. Each is added here.</summary>
    private static IEnumerable<IGatewayFace> FacesOf(World world) =>
        [new EvolutionFace(world), new WahaFace(world), new WrapperFace(world), new WppConnectFace(world), new CloudFace(world)];

    private void Restart(GatewayKind kind, TimeSpan gone)
    {
        _pump.Forget(kind);
        _world.BoardOf(kind).Put(new Fault(FaultKind.GatewayDown) { For = gone });
        _world.Agenda.In(gone, () => SessionsOf(kind).ToList().ForEach(session => session.ComeBack()));
    }
}

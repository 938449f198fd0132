using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.TestKit;

namespace Pontual.Messaging.Tests.Channels.Gateways;

/// <summary>A connector at the simulated gateway, on a manual clock, with one session that works and a place for its webhooks.</summary>
public abstract class GatewayRig(IGatewayConnector connector) : IAsyncLifetime
{
    protected const string Id = "shop-1";
    protected const string Phone = "5511999990000";
    protected const string Peer = "5511988887777";
    protected const string WebhookSecret = "the-secret-of-our-webhooks";

    protected IGatewayConnector Connector => connector;

    protected ManualTime Time { get; } = new();

    private protected HookSink Hooks { get; private set; } = null!;

    private protected LineRig Rig { get; private set; } = null!;

    protected SimulatedGateway World { get; private set; } = null!;

    protected SimulatedSession Session { get; private set; } = null!;

    protected Gateway Gateway { get; private set; } = null!;

    protected GatewayTraits Traits => Gateway.Sessions.Traits;

    protected WebhookWish Wish => new(new Uri(Hooks.Url), WebhookSecret);

    /// <summary>Servers of a test's own, which end with it.</summary>
    private protected List<AnsweringServer> Servers { get; } = [];

    /// <summary>How the simulation runs.</summary>
    protected virtual SimulationOptions Options => new() { Time = Time };

    /// <summary>The session as the connector names it.</summary>
    protected virtual SessionRef Ref => new(Session.Id);

    /// <summary>Where the gateway is and what it asks for.</summary>
    protected virtual GatewayAddress Address =>
        new(Connector.Kind, World.UrlOf(Connector.Kind), SimulatedGateway.KeyOf(Connector.Kind)) { WebhookSecret = WebhookSecret };

    /// <summary>How the session's webhooks are set in the simulated world.</summary>
    protected virtual SimulatedWebhook WebhookOf(string url) => new(url) { Secret = WebhookSecret };

    public async Task InitializeAsync()
    {
        Hooks = await HookSink.StartAsync();
        Rig = await LineRig.CreateAsync(Time);
        World = await SimulatedGateway.StartAsync(Options, CancellationToken.None);
        Session = World.Add(Connector.Kind, Id, Phone, WebhookOf(Hooks.Url));
        Gateway = Open(Address);
    }

    public async Task DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }

        await World.DisposeAsync();
        await Rig.DisposeAsync();
        await Hooks.DisposeAsync();
    }

    /// <summary>What the gateway says of the session.</summary>
    protected async Task<SessionFacts> SeenAsync() => (await Gateway.Sessions.ListAsync(default)).Single(each => each.Id == Session.Id);

    protected Task<SendOutcome> SendAsync(string to = Peer, string text = "hi") =>
        Gateway.Messages.SendAsync(Ref, new OutgoingMessage(to, text), default);

    /// <summary>Lets time pass a second at a time, with all webhooks delivered in between.</summary>
    protected async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(1))
        {
            await World.QuietAsync();
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await World.QuietAsync();
    }

    /// <summary>The messages that a webhook tells.</summary>
    protected IEnumerable<GatewayEvent.MessageSeen> Seen(WebhookRequest webhook) =>
        Connector.Webhooks.Read(webhook.Body).OfType<GatewayEvent.MessageSeen>();

    /// <summary>What all webhooks tell that came so far.</summary>
    protected IReadOnlyList<GatewayEvent> Told() => [.. Hooks.Came.SelectMany(webhook => Connector.Webhooks.Read(webhook.Body))];

    private protected Gateway Open(GatewayAddress address) => Connector.Open(Rig.To(address));
}

using System.Globalization;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>A session of the simulated world: what its gateway believes of it, and what is true.</summary>
public sealed partial class SimulatedSession
{
    private readonly World _world;
    private readonly FaultBoard _faults;
    private int _ids;

    internal SimulatedSession(World world, GatewayKind kind, string id, string phone)
    {
        _world = world;
        _faults = new FaultBoard(world.Options.Time);
        (Kind, Id, Phone) = (kind, id, phone);
        CreatedAt = LastActivity = LinkSince = world.Now;
    }

    /// <summary>Which gateway has it.</summary>
    public GatewayKind Kind { get; }

    /// <summary>What the gateway calls it.</summary>
    public string Id { get; }

    /// <summary>Its number in digits, as the platform has it.</summary>
    public string Phone { get; }

    /// <summary>What it calls itself.</summary>
    public string Name => $"Shop {Id}";

    /// <summary>What the gateway believes of its connection.</summary>
    public Link Link { get; private set; } = Link.Open;

    /// <summary>Since when it believes that.</summary>
    public DateTimeOffset LinkSince { get; private set; }

    /// <summary>What the gateway has written down of it: only pairing, opening and a final end are.</summary>
    public Link StoredLink { get; private set; } = Link.Open;

    /// <summary>Whether a phone is paired.</summary>
    public bool IsPaired { get; private set; } = true;

    /// <summary>The truth: messages come in and go out. Whether its webhooks arrive is another thing.</summary>
    public bool IsAlive => Link == Link.Open && IsPaired && !Has(FaultKind.Zombie);

    /// <summary>Whether its webhooks are sent to where they should.</summary>
    public bool TellsUs => !Has(FaultKind.Deaf) && Webhook is { IsEnabled: true } webhook && webhook.Url != _world.Elsewhere;

    /// <summary>Whether the platform restricts it.</summary>
    public bool IsRestricted => Has(FaultKind.Timelock) || Has(FaultKind.Capped);

    /// <summary>Why the last connection ended, in the platform's codes; null for never.</summary>
    public int? Code { get; private set; }

    /// <summary>When it ended for good; null for never.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Where its webhooks go; null for nowhere.</summary>
    public SimulatedWebhook? Webhook { get; set; }

    /// <summary>WAHA: which engine it runs on (WEBJS, NOWEB or GOWS): ids of messages look different.</summary>
    public string Engine { get; set; } = "NOWEB";

    /// <summary>The code for pairing; null while there is none.</summary>
    public string? PairingCode { get; private set; }

    /// <summary>How many codes were shown since it began to connect.</summary>
    public int CodesShown { get; private set; }

    /// <summary>When anything last happened in it.</summary>
    public DateTimeOffset LastActivity { get; private set; }

    /// <summary>How many messages the gateway has stored.</summary>
    public int Stored => _messages.Count;

    internal DateTimeOffset CreatedAt { get; }

    /// <summary>Until when the platform restricts it; null for no end, or no restriction.</summary>
    internal DateTimeOffset? EndOf(FaultKind kind) => Under(() => _faults.EndOf(kind));

    /// <summary>Whether such a fault holds for it, or for all sessions of its gateway.</summary>
    public bool Has(FaultKind kind) => Under(() => _faults.Has(kind) || _world.BoardOf(Kind).Has(kind));

    internal bool Take(FaultKind kind) => Under(() => _faults.Take(kind));

    internal string NextId() => _world.Id(20, Kind.Word(), Id, (++_ids).ToString(CultureInfo.InvariantCulture));

    private T Under<T>(Func<T> read)
    {
        lock (_world.Gate)
        {
            return read();
        }
    }

    private void Tell(SimulatedEvent happened) => _world.Tell(this, happened);
}

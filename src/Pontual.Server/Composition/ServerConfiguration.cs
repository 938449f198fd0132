using System.Net;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Messaging.Retention;
using Pontual.Server.RunLog;

namespace Pontual.Server.Composition;

/// <summary>All a server needs to know to start. Made by the command line from its file, the environment and its options.</summary>
public sealed record ServerConfiguration
{
    /// <summary>Where a server listens unless it is told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Most requests of one caller unless it is told otherwise: far above what people and their scripts need, below what would hurt others.</summary>
    public static readonly Rate DefaultRateLimit = new(2_000, TimeSpan.FromSeconds(1));

    /// <summary>As the document of the monitor of sessions has it (S4): behind a function of the database's vendor, and without.</summary>
    public static readonly IReadOnlyList<string> DefaultRoutePrefixes = ["/rendizy-server", "/functions/v1/rendizy-server"];

    /// <summary>No host and no service has a rate.</summary>
    public static readonly IReadOnlyDictionary<string, Rate> NoRates = new Dictionary<string, Rate>();

    /// <summary>Folder of the database, the logs and <c>server.json</c>; made (mode 0700) when it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Addresses to listen on; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>Where targets reach this server for callbacks, when that is not the first address it listens on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, as addresses or networks; empty for none.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Connection string of a PostgreSQL database; null for SQLite in the data folder.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>Whether nodes tell each other through PostgreSQL what there is to do; without, they find it by polling.</summary>
    public bool Notifications { get; init; } = true;

    /// <summary>How many times as fast as real time due times go (a test mode), for a fresh database; null for what the database has.</summary>
    public int? Speed { get; init; }

    /// <summary>The instant by the schedules at which a fresh database begins; null for the real one. Only with <see cref="Speed"/>.</summary>
    public DateTimeOffset? Origin { get; init; }

    /// <summary>The admin token set by the operator (<c>PONTUAL_ADMIN_TOKEN</c>), 32 characters or more; null for none.</summary>
    public string? AdminToken { get; init; }

    /// <summary>What this node does. Without <see cref="NodeRoles.Api"/> it answers health questions and callbacks only.</summary>
    public NodeRoles Roles { get; init; } = NodeRoles.All;

    /// <summary>Whether HTTP targets may only be on the public internet.</summary>
    public bool PublicOnly { get; init; }

    /// <summary>Most calls of all nodes in a period, by host or service.</summary>
    public IReadOnlyDictionary<string, Rate> OutboundRates { get; init; } = NoRates;

    /// <summary>Whether circuits open toward what fails again and again.</summary>
    public bool Circuits { get; init; } = true;

    /// <summary>Most requests of one caller in a period on this node, before they are refused with 429; null for any number.</summary>
    public Rate? RateLimit { get; init; } = DefaultRateLimit;

    /// <summary>Whether <c>/metrics</c> answers without a token.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>The collector that traces, metrics and logs are sent to by OTLP; null for none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Where this installation says each minute that it watches: a dead-man's switch elsewhere; null for nowhere. May be a secret.</summary>
    public Uri? Heartbeat { get; init; }

    /// <summary>Whether runs of this node are written to the log, and in which language.</summary>
    public RunLogLanguage RunLog { get; init; }

    /// <summary>What runs in the place of handlers that are not here; null for nothing.</summary>
    public Target? DefaultTarget { get; init; }

    /// <summary>Origins of pages, other than this server's own, that may listen to events with a session's cookie: <c>https://panel.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Paths under which the routes of other systems' documents answer besides the root.</summary>
    public IReadOnlyList<string> RoutePrefixes { get; init; } = DefaultRoutePrefixes;

    /// <summary>How long webhooks, messages, outages of channels and scores of trust are kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Sets what else the engine is told; null leaves its defaults.</summary>
    public Action<EngineOptions>? Engine { get; init; }
}

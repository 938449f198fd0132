using System.Net;
using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Server.RunLog;

namespace Pontual.Server.Packs;

/// <summary>Settings of a server, from one source (file, environment or command line). What a source leaves unsaid is null.</summary>
public sealed record ServerSettings
{
    /// <summary>Every key of the <c>server:</c> section, in the order they are documented.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "data",
        "urls",
        "public-url",
        "proxies",
        "postgres",
        "notifications",
        "role",
        "packs",
        "concurrency",
        "queues",
        "drain",
        "retention",
        "stuck-after",
        "event-retention",
        "webhook-retention",
        "failed-webhook-retention",
        "message-retention",
        "outage-retention",
        "trust-retention",
        "origins",
        "route-prefixes",
        "outbound",
        "outbound-rates",
        "circuits",
        "heartbeat",
        "rate-limit",
        "metrics",
        "otlp",
        "run-log",
        "default-target",
    ];

    /// <summary>Folder of the database, logs and discovery file (<c>data</c>).</summary>
    public string? Data { get; init; }

    /// <summary>Addresses to listen on (<c>urls</c>: one, or a list).</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Where targets reach this server (<c>public-url</c>).</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Proxies in front of this server (<c>proxies</c>: an address or a network, or a list of them).</summary>
    public IReadOnlyList<IPNetwork>? Proxies { get; init; }

    /// <summary>Connection string of PostgreSQL (<c>postgres</c>), its secrets resolved.</summary>
    public string? Postgres { get; init; }

    /// <summary>Whether nodes tell each other through PostgreSQL what there is to do (<c>notifications</c>: on or off; the default is on).</summary>
    public bool? Notifications { get; init; }

    /// <summary>Any of api, scheduler and worker (<c>role</c>: one, a list, or all).</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Files of definitions to apply at start (<c>packs</c>).</summary>
    public IReadOnlyList<string>? Packs { get; init; }

    /// <summary>Most attempts at once on this node, 1 to 10,000 (<c>concurrency</c>).</summary>
    public int? Concurrency { get; init; }

    /// <summary>Queues with a limit of their own on this node, 0 to 10,000 (<c>queues</c>).</summary>
    public IReadOnlyDictionary<string, int>? Queues { get; init; }

    /// <summary>How long a stopping node lets its attempts end, 0 to 10 min (<c>drain</c>).</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>How long ended runs are kept, 1 h to 3650 d (<c>retention</c>).</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>When an active run counts as stuck, 1 min to 30 d (<c>stuck-after</c>).</summary>
    public TimeSpan? StuckAfter { get; init; }

    /// <summary>How long events are kept for listeners that come back, 1 min to 30 d (<c>event-retention</c>).</summary>
    public TimeSpan? EventRetention { get; init; }

    /// <summary>How long webhooks are kept that were read, 1 h to 3650 d (<c>webhook-retention</c>).</summary>
    public TimeSpan? WebhookRetention { get; init; }

    /// <summary>How long webhooks are kept that failed or were refused, 1 h to 3650 d (<c>failed-webhook-retention</c>).</summary>
    public TimeSpan? FailedWebhookRetention { get; init; }

    /// <summary>How long messages are kept, 30 d to 3650 d (<c>message-retention</c>).</summary>
    public TimeSpan? MessageRetention { get; init; }

    /// <summary>How long outages of channels are kept, 30 d to 3650 d (<c>outage-retention</c>).</summary>
    public TimeSpan? OutageRetention { get; init; }

    /// <summary>How long scores of trust are kept, 30 d to 3650 d (<c>trust-retention</c>).</summary>
    public TimeSpan? TrustRetention { get; init; }

    /// <summary>Origins of other pages that may listen with a session's cookie (<c>origins</c>: one, or a list).</summary>
    public IReadOnlyList<string>? Origins { get; init; }

    /// <summary>Paths under which the routes of other systems' documents answer besides the root (<c>route-prefixes</c>: one, or a list).</summary>
    public IReadOnlyList<string>? RoutePrefixes { get; init; }

    /// <summary>Whether targets may only be on the public internet (<c>outbound: public-only</c>; the default is <c>any</c>).</summary>
    public bool? PublicOnly { get; init; }

    /// <summary>Most calls of all nodes in a period, by host or service (<c>outbound-rates</c>).</summary>
    public IReadOnlyDictionary<string, Rate>? OutboundRates { get; init; }

    /// <summary>Whether circuits open toward what fails again and again (<c>circuits</c>: on or off; the default is on).</summary>
    public bool? Circuits { get; init; }

    /// <summary>Most requests of one caller in a period (<c>rate-limit</c>: 2000/1s, or off, which is the default value of the type).</summary>
    public Rate? RateLimit { get; init; }

    /// <summary>Whether <c>/metrics</c> answers without a token (<c>metrics</c>: token or open; the default is token).</summary>
    public bool? OpenMetrics { get; init; }

    /// <summary>The collector that traces, metrics and logs are sent to by OTLP (<c>otlp</c>).</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Where this installation says, each minute, that it watches (<c>heartbeat</c>: an address of a dead-man's switch elsewhere), its secrets resolved.</summary>
    public Uri? Heartbeat { get; init; }

    /// <summary>Whether runs are written to the server's log, and in which language (<c>run-log</c>: en, pt-BR or off; the default is off).</summary>
    public RunLogLanguage? RunLog { get; init; }

    /// <summary>What runs in the place of handlers that are not here, <c>{{job}}</c> for the job's name (<c>default-target</c>); null for nothing.</summary>
    public Target? DefaultTarget { get; init; }

    /// <summary>Reads a <c>server:</c> section and reports all that is wrong with it. Never throws on any JSON.</summary>
    /// <param name="json">The section.</param>
    /// <param name="path">Its JSON pointer.</param>
    /// <param name="problems">Takes what is wrong; values of secrets are never in it.</param>
    /// <param name="secrets">Resolves <c>${env:…}</c> and <c>${file:…}</c>; null leaves them as they are.</param>
    public static ServerSettings Read(JsonElement json, string path, ICollection<DocumentProblem> problems, ISecrets? secrets)
    {
        DocumentText.Check(json, path, problems);
        return DocumentObject.Open(json, path, problems, Keys) is { } section
            ? new ServerSettingsReader(section, problems, secrets).Read()
            : new ServerSettings();
    }

    /// <summary>These settings where they say something, those of <paramref name="lower"/> elsewhere.</summary>
    public ServerSettings Over(ServerSettings lower) =>
        new()
        {
            Data = Data ?? lower.Data,
            Urls = Urls ?? lower.Urls,
            Proxies = Proxies ?? lower.Proxies,
            PublicUrl = PublicUrl ?? lower.PublicUrl,
            Postgres = Postgres ?? lower.Postgres,
            Notifications = Notifications ?? lower.Notifications,
            Roles = Roles ?? lower.Roles,
            Packs = Packs ?? lower.Packs,
            Concurrency = Concurrency ?? lower.Concurrency,
            Queues = Queues ?? lower.Queues,
            Drain = Drain ?? lower.Drain,
            Retention = Retention ?? lower.Retention,
            StuckAfter = StuckAfter ?? lower.StuckAfter,
            EventRetention = EventRetention ?? lower.EventRetention,
            WebhookRetention = WebhookRetention ?? lower.WebhookRetention,
            FailedWebhookRetention = FailedWebhookRetention ?? lower.FailedWebhookRetention,
            MessageRetention = MessageRetention ?? lower.MessageRetention,
            OutageRetention = OutageRetention ?? lower.OutageRetention,
            TrustRetention = TrustRetention ?? lower.TrustRetention,
            Origins = Origins ?? lower.Origins,
            RoutePrefixes = RoutePrefixes ?? lower.RoutePrefixes,
            PublicOnly = PublicOnly ?? lower.PublicOnly,
            OutboundRates = OutboundRates ?? lower.OutboundRates,
            Circuits = Circuits ?? lower.Circuits,
            RateLimit = RateLimit ?? lower.RateLimit,
            OpenMetrics = OpenMetrics ?? lower.OpenMetrics,
            Otlp = Otlp ?? lower.Otlp,
            Heartbeat = Heartbeat ?? lower.Heartbeat,
            RunLog = RunLog ?? lower.RunLog,
            DefaultTarget = DefaultTarget ?? lower.DefaultTarget,
        };
}

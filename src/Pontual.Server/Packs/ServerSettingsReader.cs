using System.Net;
using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Server.RunLog;

namespace Pontual.Server.Packs;

/// <summary>Reads the keys of a <c>server:</c> section.</summary>
internal sealed class ServerSettingsReader(DocumentObject section, ICollection<DocumentProblem> problems, ISecrets? secrets)
{
    private const int LongestText = 4096;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    // Scores of trust look back on as much.
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private static readonly string[] AllRoles = ["api", "scheduler", "worker"];
    private static readonly Dictionary<string, bool> OnOrOff = new() { ["on"] = true, ["off"] = false };
    private static readonly Dictionary<string, bool> Outbound = new() { ["any"] = false, ["public-only"] = true };
    private static readonly Dictionary<string, bool> Metrics = new() { ["token"] = false, ["open"] = true };
    private static readonly Dictionary<string, RunLogLanguage> RunLogs = new()
    {
        ["off"] = RunLogLanguage.Off,
        ["en"] = RunLogLanguage.English,
        ["pt-BR"] = RunLogLanguage.Portuguese,
    };

    public ServerSettings Read() =>
        new()
        {
            Data = Resolved("data"),
            Urls = Urls(),
            PublicUrl = Resolved("public-url") is { } text ? Url("public-url", text) : null,
            Proxies = Proxies(),
            Postgres = Resolved("postgres"),
            Notifications = section.TryWord("notifications", OnOrOff, out var notifications) ? notifications : null,
            Roles = Roles(),
            Packs = List("packs"),
            Concurrency = section.Integer("concurrency", 1, 10_000),
            Queues = Queues(),
            Drain = section.Span("drain", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            Retention = section.Span("retention", Hour, TenYears),
            StuckAfter = section.Span("stuck-after", TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
            EventRetention = section.Span("event-retention", TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
            WebhookRetention = section.Span("webhook-retention", Hour, TenYears),
            FailedWebhookRetention = section.Span("failed-webhook-retention", Hour, TenYears),
            MessageRetention = section.Span("message-retention", Month, TenYears),
            OutageRetention = section.Span("outage-retention", Month, TenYears),
            TrustRetention = section.Span("trust-retention", Month, TenYears),
            Origins = Origins(),
            RoutePrefixes = RoutePrefixes(),
            PublicOnly = section.TryWord("outbound", Outbound, out var publicOnly) ? publicOnly : null,
            OutboundRates = OutboundRates.Read(section, problems),
            Circuits = section.TryWord("circuits", OnOrOff, out var circuits) ? circuits : null,
            RateLimit = RateLimit(),
            OpenMetrics = section.TryWord("metrics", Metrics, out var openMetrics) ? openMetrics : null,
            Otlp = Resolved("otlp") is { } otlp ? Url("otlp", otlp) : null,
            Heartbeat = Resolved("heartbeat") is { } beat ? Url("heartbeat", beat) : null,
            RunLog = section.TryWord("run-log", RunLogs, out var runLog) ? runLog : null,
            DefaultTarget = DefaultTarget(),
        };

    /// <summary>A rate; <c>off</c> is the one that admits nothing, so that it can stand over a file's.</summary>
    private Rate? RateLimit()
    {
        if (section.Text("rate-limit", 40) is not { } text)
        {
            return null;
        }

        if (text == "off")
        {
            return default(Rate);
        }

        if (!Rate.TryParse(text, out var rate))
        {
            section.Report(
                "rate-limit",
                "rate",
                $"{DocumentText.Quote(text)} is not a rate",
                "write requests per period, such as 2000/1s, or off"
            );
        }

        return rate;
    }

    /// <summary>Read as a job's target is; its secrets are resolved when it runs.</summary>
    private Target? DefaultTarget()
    {
        if (section.Get("default-target") is not { } json)
        {
            return null;
        }

        var found = new List<DocumentProblem>();
        var job = JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["name"] = "default-target", ["target"] = json });
        var read = JobDocument.Read(job, "", found)?.Target;
        foreach (var problem in found)
        {
            var path = problem.Path.StartsWith("/target", StringComparison.Ordinal) ? problem.Path["/target".Length..] : "";
            problems.Add(problem with { Path = section.PathOf("default-target") + path });
        }

        if (read is not { Kind: "handler" })
        {
            return read;
        }

        section.Report(
            "default-target",
            "target",
            "a handler cannot stand in for handlers that are not there",
            "write a target of another kind"
        );
        return null;
    }

    private string? Resolved(string key)
    {
        var text = section.Text(key, LongestText);
        if (text is { Length: 0 })
        {
            section.Report(key, "empty", $"'{key}' is empty", "write a value, or leave the key out");
            return null;
        }

        return text is null ? null : Resolve(key, text);
    }

    private string? Resolve(string key, string text)
    {
        try
        {
            return secrets?.Resolve(text) ?? text;
        }
        catch (SecretMissingException missing)
        {
            problems.Add(PackChecks.Problem(section.PathOf(key), missing.Message));
            return null;
        }
    }

    private List<string>? Urls()
    {
        var texts = List("urls");
        return texts?.Where(text => Url("urls", text) is not null).ToList();
    }

    private List<string>? Origins()
    {
        var origins = List("origins");
        foreach (var origin in origins?.Where(origin => !IsOrigin(origin)) ?? [])
        {
            section.Report(
                "origins",
                "origin",
                $"{DocumentText.Quote(origin)} is not the origin of a page",
                "write scheme and host, and the port where it is not the usual one, for example https://panel.example"
            );
        }

        return origins;
    }

    private List<string>? RoutePrefixes()
    {
        var prefixes = List("route-prefixes");
        foreach (var prefix in prefixes?.Where(prefix => !IsRoutePrefix(prefix)) ?? [])
        {
            section.Report(
                "route-prefixes",
                "path",
                $"{DocumentText.Quote(prefix)} is not the beginning of a path",
                "write segments of letters, digits, '.', '_', '~' and '-', each after a slash, for example /rendizy-server"
            );
        }

        return prefixes;
    }

    private static bool IsRoutePrefix(string text) =>
        text.StartsWith('/')
        && text[1..]
            .Split('/')
            .All(part => part.Trim('.').Length > 0 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || "._~-".Contains(letter)));

    // As browsers send it: nothing after the host and port, not even a slash.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Absolute http(s) address; '*' and '+' stand for every address to listen on.</summary>
    private Uri? Url(string key, string text)
    {
        var plain =
            key == "urls"
                ? text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal)
                : text;
        if (Uri.TryCreate(plain, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
        {
            return url;
        }

        section.Report(key, "url", $"{DocumentText.Quote(text)} is not a web address", "write it whole, for example http://127.0.0.1:8080");
        return null;
    }

    private List<IPNetwork>? Proxies()
    {
        if (List("proxies") is not { } texts)
        {
            return null;
        }

        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, 8 * address.GetAddressBytes().Length));
            }
            else
            {
                section.Report(
                    "proxies",
                    "address",
                    $"{DocumentText.Quote(text)} is no address and no network",
                    "write where your proxies are: 127.0.0.1, or 10.0.0.0/8"
                );
            }
        }

        return networks;
    }

    private List<string>? Roles()
    {
        var roles = List("role");
        if (roles is ["all"])
        {
            return [.. AllRoles];
        }

        foreach (var role in roles?.Except(AllRoles, StringComparer.Ordinal) ?? [])
        {
            section.Report(
                "role",
                "enum",
                $"{DocumentText.Quote(role)} is not a role",
                $"{DidYouMean.Hint(role, AllRoles)}use all, or any of {string.Join(", ", AllRoles)}"
            );
        }

        return roles?.Distinct(StringComparer.Ordinal).ToList();
    }

    private Dictionary<string, int>? Queues()
    {
        if (section.Get("queues") is not { } json || DocumentObject.Open(json, section.PathOf("queues"), problems) is not { } given)
        {
            return null;
        }

        var queues = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in given.Keys)
        {
            if (!JobName.TryParse(name, out _))
            {
                given.Report(name, "name", $"{DocumentText.Quote(name)} is not the name of a queue", JobName.Rule);
            }

            queues[name] = given.Integer(name, 0, 10_000) ?? 0;
        }

        return queues;
    }

    /// <summary>One text, or a list of one or more.</summary>
    private List<string>? List(string key)
    {
        if (section.Get(key) is not { } json || json.ValueKind is not JsonValueKind.Array)
        {
            return Resolved(key) is { } one ? [one] : null;
        }

        var texts = new List<string>();
        foreach (var item in json.EnumerateArray())
        {
            if (DocumentText.TryRead(item, out var text) && text.Length is > 0 and <= LongestText)
            {
                texts.AddRange(Resolve(key, text) is { } resolved ? [resolved] : []);
            }
            else
            {
                section.Report(
                    key,
                    "type",
                    $"{DocumentText.Quote(item)} is not a text of 1 to {LongestText} characters",
                    "write a list of texts"
                );
            }
        }

        if (json.GetArrayLength() == 0)
        {
            section.Report(key, "empty", $"the list of {key} is empty", "write at least one, or leave the key out");
        }

        return texts;
    }
}

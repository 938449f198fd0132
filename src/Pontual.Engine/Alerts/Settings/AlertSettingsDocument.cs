using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Alerts.Settings;

/// <summary>Reads and writes <c>alerts: { routes: […], rules: {…} }</c>.</summary>
public static class AlertSettingsDocument
{
    private const int MostRoutes = 50;
    private const int LongestName = 128;
    private const int LongestTemplate = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    /// <summary>The words for how bad something is.</summary>
    public static IReadOnlyDictionary<string, Severity> Severities { get; } =
        new Dictionary<string, Severity>(StringComparer.Ordinal)
        {
            ["info"] = Severity.Info,
            ["warning"] = Severity.Warning,
            ["critical"] = Severity.Critical,
        };

    /// <summary>Keys of the document.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["routes", "rules"];

    /// <summary>Keys of a route, beside those of the ways.</summary>
    public static IReadOnlyList<string> RouteKeys { get; } =
    ["name", "severity", "rules", "subjects", "after", "repeat", "quiet-hours", "template"];

    /// <summary>Reads it; reports what is wrong.</summary>
    /// <param name="json">The document.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="senders">The ways there are, by their keys.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null when something is.</returns>
    public static AlertSettings? Read(
        JsonElement json,
        string path,
        IReadOnlyDictionary<string, INoticeSender> senders,
        ICollection<DocumentProblem> problems
    )
    {
        var before = problems.Count;
        if (DocumentObject.Open(json, path, problems, Keys) is not { } document)
        {
            return null;
        }

        var routes = ReadRoutes(document, senders, problems);
        var rules = ReadRules(document, problems);
        return problems.Count > before ? null : new AlertSettings(routes, rules);
    }

    private static List<AlertRoute> ReadRoutes(
        DocumentObject document,
        IReadOnlyDictionary<string, INoticeSender> senders,
        ICollection<DocumentProblem> problems
    )
    {
        var routes = new List<AlertRoute>();
        if (document.Get("routes") is not { } list)
        {
            return routes;
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            document.Report("routes", "type", $"{DocumentText.Quote(list)} is not a list", "begin each route with '- name:'");
            return routes;
        }

        if (list.GetArrayLength() > MostRoutes)
        {
            document.Report("routes", "range", $"{list.GetArrayLength()} routes are too many", $"use at most {MostRoutes}");
            return routes;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var path = $"{document.PathOf("routes")}/{index++}";
            if (ReadRoute(item, path, senders, problems) is not { } route)
            {
                continue;
            }

            if (routes.Exists(other => other.Name == route.Name))
            {
                problems.Add(
                    new($"{path}/name", "duplicate-name", $"there is a route '{route.Name}' already", "give one of them another name")
                );
            }

            routes.Add(route);
        }

        return routes;
    }

    private static AlertRoute? ReadRoute(
        JsonElement json,
        string path,
        IReadOnlyDictionary<string, INoticeSender> senders,
        ICollection<DocumentProblem> problems
    )
    {
        if (DocumentObject.Open(json, path, problems, [.. RouteKeys, .. senders.Keys]) is not { } route)
        {
            return null;
        }

        var ways = senders.Keys.Where(route.Has).ToList();
        if (ways.Count != 1)
        {
            var found = ways.Count == 0 ? "a route without a way to tell" : $"a route with {ways.Count} ways: {string.Join(", ", ways)}";
            problems.Add(new(path, "required", found, $"give it exactly one of {string.Join(", ", senders.Keys)}"));
        }

        route.Require("name", "give the route a name");
        var name = route.Text("name", LongestName);
        if (name is not null && !JobName.TryParse(name, out _))
        {
            route.Report("name", "name", $"'{name}' is not a name", JobName.Rule);
            name = null;
        }

        foreach (var way in ways)
        {
            senders[way].Check(route.Get(way)!.Value, route.PathOf(way), problems);
        }

        var least = route.TryWord("severity", Severities, out var severity) ? severity : Severity.Warning;
        var read = new AlertRoute(name ?? "", ways.Count == 1 ? ways[0] : "", ways.Count == 1 ? route.Get(ways[0])!.Value.Clone() : default)
        {
            Least = least,
            Rules = Patterns(route, "rules", problems),
            Subjects = Patterns(route, "subjects", problems),
            After = route.Span("after", TimeSpan.Zero, LongestWait) ?? TimeSpan.Zero,
            Repeat = ReadRepeat(route),
            Quiet = ReadQuiet(route, problems),
            Template = route.Text("template", LongestTemplate),
        };
        return name is not null && ways.Count == 1 ? read : null;
    }

    private static TimeSpan? ReadRepeat(DocumentObject route) =>
        route.Get("repeat") is { ValueKind: JsonValueKind.String } text && text.GetString() == "never"
            ? null
            : route.Span("repeat", TimeSpan.FromMinutes(1), LongestWait) ?? TimeSpan.FromHours(4);

    /// <summary>Reads a list of rules or subjects, <c>*</c> for any text.</summary>
    public static IReadOnlyList<string> Patterns(DocumentObject route, string key, ICollection<DocumentProblem> problems)
    {
        var patterns = new List<string>();
        if (route.Get(key) is not { } list)
        {
            return patterns;
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            route.Report(key, "type", $"{DocumentText.Quote(list)} is not a list", $"write a list: {key}: [\"send_*\"]");
            return patterns;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var path = $"{route.PathOf(key)}/{index++}";
            if (!DocumentText.TryRead(item, out var text) || text.Length is 0 or > 200)
            {
                problems.Add(new(path, "type", $"{DocumentText.Quote(item)} is not a text of 1 to 200 characters", "use '*' for any text"));
            }
            else if (key == "rules" && !AlertRule.All.Any(rule => Wildcard.MatchesAny([text], rule)))
            {
                var hint = DidYouMean.Hint(text, AlertRule.All);
                problems.Add(
                    new(path, "enum", $"{DocumentText.Quote(item)} fits no rule", $"{hint}use one of {string.Join(", ", AlertRule.All)}")
                );
            }
            else
            {
                patterns.Add(text);
            }
        }

        return patterns;
    }

    private static QuietHours? ReadQuiet(DocumentObject route, ICollection<DocumentProblem> problems)
    {
        if (
            route.Get("quiet-hours") is not { } json
            || DocumentObject.Open(json, route.PathOf("quiet-hours"), problems, "from", "until", "zone") is not { } quiet
        )
        {
            return null;
        }

        var (from, until) = (Time(quiet, "from"), Time(quiet, "until"));
        if (from is not null && from == until)
        {
            quiet.Report("until", "range", "the hours end when they begin", "leave them out, or use two different times");
        }

        var zone = Zone.Default;
        if (quiet.Text("zone", 100) is { } id && !Zone.TryParse(id, out zone))
        {
            quiet.Report("zone", "zone", $"'{id}' is not a time zone", "use an IANA id such as America/Sao_Paulo");
        }

        return from is { } begin && until is { } end && zone is not null ? new QuietHours(begin, end, zone) : null;
    }

    private static TimeOnly? Time(DocumentObject quiet, string key)
    {
        if (!quiet.Require(key, $"write {key}: \"22:00\""))
        {
            return null;
        }

        if (
            quiet.Text(key, 5) is { } text
            && TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        )
        {
            return time;
        }

        quiet.Report(key, "time", $"{DocumentText.Quote(quiet.Get(key)!.Value)} is not a time of day", "write \"22:00\", in quotes");
        return null;
    }

    private static Dictionary<string, RuleSettings> ReadRules(DocumentObject document, ICollection<DocumentProblem> problems)
    {
        var rules = new Dictionary<string, RuleSettings>(StringComparer.Ordinal);
        if (
            document.Get("rules") is not { } json
            || DocumentObject.Open(json, document.PathOf("rules"), problems, AlertRule.All) is not { } named
        )
        {
            return rules;
        }

        foreach (var rule in named.Keys)
        {
            if (DocumentObject.Open(named.Get(rule)!.Value, named.PathOf(rule), problems, "enabled", "severity", "times", "for") is { } one)
            {
                rules[rule] = new RuleSettings(
                    one.Flag("enabled") == false,
                    one.TryWord("severity", Severities, out var severity) ? severity : null,
                    one.Integer("times", 1, 1000),
                    one.Span("for", TimeSpan.FromSeconds(1), LongestWait)
                );
            }
        }

        return rules;
    }

    /// <summary>The canonical shape; defaults omitted.</summary>
    public static JsonObject Write(AlertSettings settings)
    {
        var routes = new JsonArray([.. settings.Routes.Select(WriteRoute)]);
        var rules = new JsonObject();
        foreach (var (name, rule) in settings.Rules.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            rules[name] = WriteRule(rule);
        }

        return new JsonObject { ["routes"] = routes, ["rules"] = rules };
    }

    private static JsonObject WriteRoute(AlertRoute route)
    {
        var json = new JsonObject { ["name"] = route.Name, [route.Kind] = JsonNode.Parse(route.Settings.GetRawText()) };
        Add(json, "severity", route.Least is Severity.Warning ? null : Word(route.Least));
        Add(json, "rules", route.Rules.Count == 0 ? null : new JsonArray([.. route.Rules.Select(rule => JsonValue.Create(rule))]));
        Add(
            json,
            "subjects",
            route.Subjects.Count == 0 ? null : new JsonArray([.. route.Subjects.Select(subject => JsonValue.Create(subject))])
        );
        Add(json, "after", route.After == TimeSpan.Zero ? null : Duration.Format(route.After));
        Add(
            json,
            "repeat",
            route.Repeat is not { } repeat ? "never"
                : repeat == TimeSpan.FromHours(4) ? null
                : Duration.Format(repeat)
        );
        if (route.Quiet is { } quiet)
        {
            json["quiet-hours"] = new JsonObject
            {
                ["from"] = quiet.From.ToString("HH:mm", CultureInfo.InvariantCulture),
                ["until"] = quiet.Until.ToString("HH:mm", CultureInfo.InvariantCulture),
                ["zone"] = quiet.Zone.Id,
            };
        }

        Add(json, "template", route.Template);
        return json;
    }

    private static JsonObject WriteRule(RuleSettings rule)
    {
        var json = new JsonObject();
        Add(json, "enabled", rule.IsOff ? JsonValue.Create(false) : null);
        Add(json, "severity", rule.Severity is { } severity ? Word(severity) : null);
        Add(json, "times", rule.Times is { } times ? JsonValue.Create(times) : null);
        Add(json, "for", rule.For is { } span ? Duration.Format(span) : null);
        return json;
    }

    /// <summary>The word for a severity.</summary>
    public static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    private static void Add(JsonObject json, string key, JsonNode? value)
    {
        if (value is not null)
        {
            json[key] = value;
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Alerts.Settings;

/// <summary>Reads and writes <c>alerts: { routes: […], rules: {…} }</c>.</summary>
public static class AlertSettingsDocument
{
    private const int MostRoutes = 50;

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

    /// <summary>Reads what was taken once, as far as this program knows it: another one beside it may be newer. A route whose way it does not know stays, by
    /// its name, so that nobody takes it for gone.</summary>
    public static AlertSettings ReadKept(JsonElement json, IReadOnlyDictionary<string, INoticeSender> senders)
    {
        var ignored = new List<DocumentProblem>();
        return DocumentObject.Open(json, "", ignored) is { } document
            ? new AlertSettings(ReadRoutes(document, senders, ignored), ReadRules(document, ignored))
            : AlertSettings.None;
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
            if (AlertRouteReader.Read(item, path, senders, problems) is not { } route)
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

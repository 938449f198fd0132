using System.Globalization;
using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Alerts.Settings;

/// <summary>Reads one route of <c>alerts: { routes: […] }</c>.</summary>
internal static class AlertRouteReader
{
    private const int LongestName = 128;
    private const int LongestTemplate = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    /// <returns>Null when it has no name; whatever else is wrong is reported.</returns>
    public static AlertRoute? Read(
        JsonElement json,
        string path,
        IReadOnlyDictionary<string, INoticeSender> senders,
        ICollection<DocumentProblem> problems
    )
    {
        if (DocumentObject.Open(json, path, problems, [.. AlertSettingsDocument.RouteKeys, .. senders.Keys]) is not { } route)
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

        var least = route.TryWord("severity", AlertSettingsDocument.Severities, out var severity) ? severity : Severity.Warning;
        var read = new AlertRoute(name ?? "", ways.Count == 1 ? ways[0] : "", ways.Count == 1 ? route.Get(ways[0])!.Value.Clone() : default)
        {
            Least = least,
            Rules = AlertSettingsDocument.Patterns(route, "rules", problems),
            Subjects = AlertSettingsDocument.Patterns(route, "subjects", problems),
            After = route.Span("after", TimeSpan.Zero, LongestWait) ?? TimeSpan.Zero,
            Repeat = ReadRepeat(route),
            Quiet = ReadQuiet(route, problems),
            Template = route.Text("template", LongestTemplate),
        };
        return name is null ? null : read;
    }

    private static TimeSpan? ReadRepeat(DocumentObject route) =>
        route.Get("repeat") is { ValueKind: JsonValueKind.String } text && text.GetString() == "never"
            ? null
            : route.Span("repeat", TimeSpan.FromMinutes(1), LongestWait) ?? TimeSpan.FromHours(4);

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
}

using System.Globalization;
using System.Text.Json;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Zones;

namespace Pontual.Server.Api;

/// <summary>What a forecast is asked for, read from the body.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Zone">Whose clocks the answer shows.</param>
/// <param name="Jobs">The kept jobs to look at; null for all.</param>
/// <param name="Definitions">Jobs to look at as if they had been applied, in place of kept ones of their names.</param>
/// <param name="Calendars">Calendars to reckon with as if they had been applied, in place of kept ones of their names.</param>
/// <param name="Durations">How long runs are expected to take, by job, in place of what is known.</param>
/// <param name="Bars">The most bars the load is told in.</param>
internal sealed record ForecastRequest(
    DateTimeOffset From,
    DateTimeOffset To,
    Zone Zone,
    IReadOnlyList<JobName>? Jobs,
    IReadOnlyList<JobDefinition> Definitions,
    IReadOnlyList<CalendarDefinition> Calendars,
    IReadOnlyDictionary<string, TimeSpan> Durations,
    int Bars
)
{
    public const string Shape =
        "{ \"from\" and \"to\": instants, or local times of the zone (now and 24 hours later unless said), \"zone\": …, \"jobs\": [names], "
        + "\"definitions\": [jobs not kept yet], \"calendars\": [calendars not kept yet], \"durations\": { name: \"30s\" }, \"bars\": 1 to 2000 } (all optional)";

    private const int UsualBars = 96;
    private const int MostBars = 2_000;
    private const string TimeFix = "write 2026-12-01T09:00 or 2026-12-01 (in the zone), or an instant such as 2026-12-01T12:00:00Z";

    private static readonly TimeSpan UsualLength = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(366);
    private static readonly string[] LocalTimes =
    [
        "yyyy-MM-dd",
        "yyyy-MM-ddTHH:mm",
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd HH:mm:ss",
    ];

    /// <returns>The request; null when problems were added.</returns>
    public static ForecastRequest? Read(JsonElement json, DateTimeOffset now, List<DocumentProblem> problems)
    {
        string[] keys = ["from", "to", "zone", "jobs", "definitions", "calendars", "durations", "bars"];
        if (DocumentObject.Open(json, "", problems, keys) is not { } body)
        {
            return null;
        }

        var zone = ZoneOf(body);
        var from = TimeOf(body, "from", zone) ?? now;
        var request = new ForecastRequest(
            from,
            TimeOf(body, "to", zone) ?? DayAfter(from),
            zone,
            NamesOf(body, problems),
            DefinitionsOf(body, problems),
            [
                .. Items(body, "calendars", problems)
                    .Select(each => CalendarDocument.Read(each.Item, each.Path, problems))
                    .OfType<CalendarDefinition>(),
            ],
            DurationsOf(body, problems),
            body.Integer("bars", 1, MostBars) ?? UsualBars
        );
        return problems.Count == 0 ? request : null;
    }

    private static DateTimeOffset DayAfter(DateTimeOffset from) =>
        from > DateTimeOffset.MaxValue - UsualLength ? DateTimeOffset.MaxValue : from + UsualLength;

    private static Zone ZoneOf(DocumentObject body)
    {
        if (body.Text("zone", 100) is not { } id)
        {
            return Zone.Default;
        }

        if (Zone.TryParse(id, out var zone))
        {
            return zone;
        }

        body.Report("zone", "zone", $"{DocumentText.Quote(id)} is not a time zone", "use an IANA id such as America/Sao_Paulo or UTC");
        return Zone.Default;
    }

    private static DateTimeOffset? TimeOf(DocumentObject body, string key, Zone zone)
    {
        if (body.Text(key, 40, TimeFix) is not { } text)
        {
            return null;
        }

        if (Instants.TryParse(text, out var instant))
        {
            return instant;
        }

        // A missing local time means the end of the gap and a repeated one its first pass, as everywhere.
        if (DateTime.TryParseExact(text, LocalTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return zone.ToInstants(local).First;
        }

        body.Report(key, "instant", $"{DocumentText.Quote(text)} is not a time", TimeFix);
        return null;
    }

    private static List<JobName>? NamesOf(DocumentObject body, List<DocumentProblem> problems)
    {
        var names = new List<JobName>();
        foreach (var (item, path) in Items(body, "jobs", problems))
        {
            if (DocumentText.TryRead(item, out var text) && JobName.TryParse(text, out var name))
            {
                names.Add(name);
            }
            else
            {
                problems.Add(new(path, "name", $"{DocumentText.Quote(item)} is not a job name", JobName.Rule));
            }
        }

        return body.Has("jobs") ? names : null;
    }

    private static List<JobDefinition> DefinitionsOf(DocumentObject body, List<DocumentProblem> problems)
    {
        var definitions = new List<JobDefinition>();
        foreach (var (item, path) in Items(body, "definitions", problems))
        {
            if (JobDocument.Read(item, path, problems) is not { } job)
            {
                continue;
            }

            if (definitions.Exists(other => other.Name == job.Name))
            {
                problems.Add(new($"{path}/name", "duplicate-name", $"'{job.Name}' is defined twice", "give one of them another name"));
            }

            definitions.Add(job);
        }

        return definitions;
    }

    private static Dictionary<string, TimeSpan> DurationsOf(DocumentObject body, List<DocumentProblem> problems)
    {
        var durations = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        if (body.Get("durations") is { } json && DocumentObject.Open(json, body.PathOf("durations"), problems) is { } given)
        {
            foreach (var name in given.Keys)
            {
                durations[name] = given.Span(name, TimeSpan.Zero, LongestRun) ?? TimeSpan.Zero;
            }
        }

        return durations;
    }

    private static IEnumerable<(JsonElement Item, string Path)> Items(DocumentObject body, string key, List<DocumentProblem> problems)
    {
        if (body.Get(key) is not { } list)
        {
            return [];
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            body.Report(key, "type", $"{DocumentText.Quote(list)} is not a list", $"write {key} in square brackets");
            return [];
        }

        return list.EnumerateArray().Select((item, index) => (item, $"{body.PathOf(key)}/{index}"));
    }
}

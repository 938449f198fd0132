using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Checks;

/// <summary>The JSON shape of a check: one codec for the API and for the store.</summary>
public static class CheckDocument
{
    /// <summary>Most tags of a check.</summary>
    public const int MostTags = 20;

    private const int LongestTag = 50;
    private const string ScheduleFix = "write { every: 1d } or { cron: \"0 2 * * *\", zone: America/Sao_Paulo }";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every key of a check, in the order they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["name", "description", "schedule", "grace", "tags"];

    /// <summary>Reads a check and reports all that is wrong with it. Never throws on any JSON.</summary>
    /// <param name="json">The check; not needed any more when this returns.</param>
    /// <param name="path">Its JSON pointer in the document; empty when it is the document.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null exactly when a problem was added.</returns>
    public static CheckDefinition? Read(JsonElement json, string path, ICollection<DocumentProblem> problems)
    {
        var before = problems.Count;
        DocumentText.Check(json, path, problems);
        if (DocumentObject.Open(json, path, problems, Keys) is not { } check)
        {
            return null;
        }

        var name = NameOf(check);
        var description = check.Text("description", 1_000);
        var schedule = ScheduleOf(check, name?.Text ?? "", problems);
        var grace = check.Span("grace", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366));
        var tags = TagsOf(check);
        return problems.Count == before
            ? new CheckDefinition
            {
                Name = name!.Value,
                Description = description,
                Schedule = schedule!,
                ScheduleDocument = check.Get("schedule")!.Value.Clone(),
                Grace = grace,
                Tags = tags,
            }
            : null;
    }

    /// <summary>The canonical shape: keys in the order of <see cref="Keys"/>, defaults omitted, the schedule as it was written.</summary>
    public static JsonObject Write(CheckDefinition check)
    {
        var json = new JsonObject { ["name"] = check.Name.Text };
        if (check.Description is not null)
        {
            json["description"] = check.Description;
        }

        json["schedule"] = JsonNode.Parse(check.ScheduleDocument.GetRawText());
        if (check.Grace is { } grace)
        {
            json["grace"] = Duration.Format(grace);
        }

        if (check.Tags.Count > 0)
        {
            json["tags"] = new JsonArray([.. check.Tags.Select(tag => (JsonNode)tag)]);
        }

        return json;
    }

    /// <summary>The canonical shape as text on one line. Equal texts mean equal definitions.</summary>
    public static string Serialize(CheckDefinition check) => Write(check).ToJsonString(Plain);

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that; the message names every problem.</exception>
    public static CheckDefinition Deserialize(string text)
    {
        var problems = new List<DocumentProblem>();
        try
        {
            using var json = JsonDocument.Parse(text);
            return Read(json.RootElement, "", problems)
                ?? throw new InvalidDataException(
                    $"A stored check cannot be read: {string.Join("; ", problems.Select(problem => $"{problem.Path}: {problem.Message}"))}."
                );
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"A stored check is not JSON: {broken.Message}", broken);
        }
    }

    private static JobName? NameOf(DocumentObject check)
    {
        if (!check.Require("name", $"give the check a name: {JobName.Rule}") || check.Text("name", 1_000) is not { } text)
        {
            return null;
        }

        if (JobName.TryParse(text, out var name))
        {
            return name;
        }

        check.Report("name", "name", $"{DocumentText.Quote(text)} is not a check's name", JobName.Rule);
        return null;
    }

    private static Schedule? ScheduleOf(DocumentObject check, string seed, ICollection<DocumentProblem> problems)
    {
        if (!check.Require("schedule", ScheduleFix))
        {
            return null;
        }

        var path = check.PathOf("schedule");
        var before = problems.Count;
        var (schedule, document) = new ScheduleReader(problems, seed).Read(check.Get("schedule")!.Value, path);
        if (problems.Count > before)
        {
            return null;
        }

        if (schedule is not (CronSchedule or EverySchedule) || document is null)
        {
            problems.Add(new(path, "schedule", "a check reports every so often, or at the times of a cron expression", ScheduleFix));
        }
        else if (document.Value.TryGetProperty("from", out _) || document.Value.TryGetProperty("jitter", out _))
        {
            problems.Add(
                new(
                    path,
                    "conflict",
                    "'from' and 'jitter' have no meaning here: a check waits, it does not start anything",
                    "leave them out"
                )
            );
        }
        else if (schedule.Terms.Calendars.Unbound.FirstOrDefault() is { } calendar)
        {
            problems.Add(
                new(
                    path,
                    "calendar",
                    $"'{calendar}' is not built in, and checks go by built-in calendars only",
                    "use br, br-SP, weekdays or weekends"
                )
            );
        }

        return schedule;
    }

    private static List<string> TagsOf(DocumentObject check)
    {
        const string Fix = "write a list of words: [billing, nightly]";
        if (check.Get("tags") is not { } json)
        {
            return [];
        }

        if (json.ValueKind is not JsonValueKind.Array || json.GetArrayLength() > MostTags)
        {
            check.Report("tags", "tags", $"tags are a list of at most {MostTags} words", Fix);
            return [];
        }

        var tags = new List<string>();
        foreach (var item in json.EnumerateArray())
        {
            if (DocumentText.TryRead(item, out var tag) && tag.Length is > 0 and <= LongestTag && !tag.Any(char.IsControl))
            {
                tags.Add(tag);
            }
            else
            {
                check.Report("tags", "tags", $"{DocumentText.Quote(item)} is no tag: it has 1 to {LongestTag} characters on one line", Fix);
            }
        }

        return [.. tags.Distinct(StringComparer.Ordinal)];
    }
}

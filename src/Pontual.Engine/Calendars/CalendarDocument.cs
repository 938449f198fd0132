using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;

namespace Pontual.Engine.Calendars;

/// <summary>The JSON shape of a calendar: one codec for the API, for YAML files and for the store.</summary>
public static class CalendarDocument
{
    private const string Fix = "name calendars ([br, maintenance]) or write one: { dates: [2026-12-24] }";

    // The keys of a schedule that name calendars.
    private static readonly string[] Referring = ["only", "except"];

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every key of a calendar, in the order they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    ["name", "description", "zone", "holidays", "dates", "weekdays", "hours", "windows", "ical"];

    /// <summary>Reads a calendar and reports all that is wrong with it. Never throws on any JSON.</summary>
    /// <param name="json">The calendar; not needed any more when this returns.</param>
    /// <param name="path">Its JSON pointer in the document; empty when it is the document.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null exactly when a problem was added.</returns>
    public static CalendarDefinition? Read(JsonElement json, string path, ICollection<DocumentProblem> problems)
    {
        var before = problems.Count;
        DocumentText.Check(json, path, problems);
        if (DocumentObject.Open(json, path, problems, Keys) is not { } document)
        {
            return null;
        }

        var name = document.Require("name", "give the calendar a name: name: maintenance") ? document.Text("name", 128) : null;
        if (name is not null)
        {
            CheckName(name, document);
        }

        var description = document.Text("description", 1000);
        var calendar = new CalendarReader(problems).Read(document, name ?? "");
        return problems.Count == before ? new CalendarDefinition(name!, description, Canonical(document), calendar) : null;
    }

    /// <summary>Reads what stands under a schedule's <c>only</c> or <c>except</c>: names and calendars without one. Never throws on any JSON.</summary>
    /// <returns>The calendars; names that are not built in are not bound yet (<see cref="Calendar.Named"/>).</returns>
    public static IReadOnlyList<Calendar> ReadList(JsonElement json, string path, ICollection<DocumentProblem> problems)
    {
        if (json.ValueKind is not JsonValueKind.Array)
        {
            return ReadOne(json, path, problems) is { } single ? [single] : [];
        }

        return [.. json.EnumerateArray().Select((item, index) => ReadOne(item, $"{path}/{index}", problems)).OfType<Calendar>()];
    }

    /// <summary>The canonical shape: keys in the order of <see cref="Keys"/>, as they were written.</summary>
    public static JsonObject Write(CalendarDefinition calendar) => JsonObject.Create(calendar.Document)!;

    /// <summary>The canonical shape as text on one line. Equal texts mean equal definitions.</summary>
    public static string Serialize(CalendarDefinition calendar) => Write(calendar).ToJsonString(Plain);

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that; the message names every problem.</exception>
    public static CalendarDefinition Deserialize(string text)
    {
        var problems = new List<DocumentProblem>();
        try
        {
            using var json = JsonDocument.Parse(text);
            return Read(json.RootElement, "", problems)
                ?? throw new InvalidDataException(
                    $"A stored calendar cannot be read: {string.Join("; ", problems.Select(problem => $"{problem.Path}: {problem.Message}"))}."
                );
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"A stored calendar is not JSON: {broken.Message}", broken);
        }
    }

    /// <summary>The calendars a job's schedule names that are not built in.</summary>
    public static IReadOnlySet<string> NamesIn(JobDefinition job) =>
        job.ScheduleDocument is { ValueKind: JsonValueKind.Object } schedule
            ? Referring.SelectMany(key => schedule.TryGetProperty(key, out var list) ? NamesIn(list) : []).ToHashSet()
            : new HashSet<string>();

    private static IEnumerable<string> NamesIn(JsonElement list) =>
        (list.ValueKind is JsonValueKind.Array ? list.EnumerateArray() : Enumerable.Repeat(list, 1))
            .Select(item => DocumentText.TryRead(item, out var name) ? name : null)
            .OfType<string>()
            .Where(name => !BuiltInCalendars.TryFind(name, out _));

    private static Calendar? ReadOne(JsonElement json, string path, ICollection<DocumentProblem> problems)
    {
        if (json.ValueKind is JsonValueKind.Object)
        {
            var keys = Keys.Except(["name", "description"]).ToList();
            return DocumentObject.Open(json, path, problems, keys) is { } document
                ? new CalendarReader(problems).Read(document, "the job's own")
                : null;
        }

        if (!DocumentText.TryRead(json, out var name) || (!BuiltInCalendars.TryFind(name, out _) && !JobName.TryParse(name, out _)))
        {
            problems.Add(new(path, "calendar", $"{DocumentText.Quote(json)} is not a calendar", Fix));
            return null;
        }

        return BuiltInCalendars.TryFind(name, out var builtIn) ? builtIn : Calendar.Named(name);
    }

    private static void CheckName(string name, DocumentObject document)
    {
        if (BuiltInCalendars.TryFind(name, out _))
        {
            document.Report("name", "built-in", $"'{name}' is built in", "choose another name");
        }
        else if (!JobName.TryParse(name, out _))
        {
            document.Report("name", "name", $"{DocumentText.Quote(name)} is not a name", JobName.Rule);
        }
    }

    private static JsonElement Canonical(DocumentObject document)
    {
        var written = new JsonObject();
        foreach (var key in Keys.Where(document.Has))
        {
            written[key] = JsonNode.Parse(document.Get(key)!.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(written, Plain);
    }
}

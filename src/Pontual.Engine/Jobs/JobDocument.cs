using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>The JSON shape of a job: one codec for the API, for YAML files and for the store.</summary>
public static class JobDocument
{
    /// <summary>The zone of a schedule that names none.</summary>
    public const string DefaultZone = "America/Sao_Paulo";

    /// <summary>Every key of a job, in the order they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "name",
        "description",
        "schedule",
        "target",
        "timeout",
        "overlap",
        "catch-up",
        "catch-up-window",
        "retry",
        "critical",
        "sla",
        "queue",
        "priority",
        "concurrency",
        "limit",
        "log",
    ];

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a job and reports all that is wrong with it. Never throws on any JSON.</summary>
    /// <param name="json">The job; not needed any more when this returns.</param>
    /// <param name="path">Its JSON pointer in the document; empty when it is the document.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="checkTarget">Asks the runners what they find in a target; paths relative to its settings. Null to look at the shape only.</param>
    /// <returns>Null exactly when a problem was added.</returns>
    public static JobDefinition? Read(
        JsonElement json,
        string path,
        ICollection<DocumentProblem> problems,
        Func<Target, IEnumerable<DocumentProblem>>? checkTarget = null
    )
    {
        var before = problems.Count;
        DocumentText.Check(json, path, problems);
        var job = DocumentObject.Open(json, path, problems, Keys) is { } document
            ? new JobReader(document, problems, checkTarget).Read()
            : null;
        return problems.Count == before ? job : null;
    }

    /// <summary>Reads a schedule by itself, as it stands under a job's <c>schedule</c>. Never throws on any JSON.</summary>
    /// <param name="json">The schedule.</param>
    /// <param name="path">Its JSON pointer in the document.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="seed">What <c>H</c> and jitter are spread by: the name of its job.</param>
    /// <returns>Null exactly when a problem was added.</returns>
    public static Schedule? ReadSchedule(JsonElement json, string path, ICollection<DocumentProblem> problems, string seed = "")
    {
        var before = problems.Count;
        DocumentText.Check(json, path, problems);
        var (schedule, _) = new ScheduleReader(problems, seed).Read(json, path);
        return problems.Count == before ? schedule : null;
    }

    /// <summary>The canonical shape: keys in the order of <see cref="Keys"/>, defaults omitted, schedule and target as they were written.</summary>
    public static JsonObject Write(JobDefinition job) => JobWriter.Write(job);

    /// <summary>The canonical shape as text on one line. Equal texts mean equal definitions.</summary>
    public static string Serialize(JobDefinition job) => Write(job).ToJsonString(Plain);

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that; the message names every problem.</exception>
    public static JobDefinition Deserialize(string text)
    {
        var problems = new List<DocumentProblem>();
        using var json = Parse(text);
        return Read(json.RootElement, "", problems)
            ?? throw new InvalidDataException(
                $"A stored job cannot be read: {string.Join("; ", problems.Select(problem => $"{problem.Path}: {problem.Message}"))}."
            );
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"A stored job is not JSON: {broken.Message}", broken);
        }
    }
}

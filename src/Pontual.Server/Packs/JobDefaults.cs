using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>The <c>defaults:</c> of a file: keys that each of its jobs has unless it gives them itself, and the <c>zone</c> of schedules that name none.</summary>
internal sealed partial class JobDefaults
{
    private static readonly string[] Keys = [.. JobDocument.Keys.Where(key => key is not "name" and not "schedule"), "zone"];

    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    /// <summary>None given.</summary>
    public static JobDefaults None { get; } = new();

    /// <summary>Reads the keys; their values are judged in each job that takes them.</summary>
    public static JobDefaults Read(DocumentObject pack, List<DocumentProblem> problems)
    {
        var defaults = new JobDefaults();
        if (pack.Get("defaults") is { } json && DocumentObject.Open(json, "/defaults", problems, Keys) is { } given)
        {
            foreach (var key in given.Keys)
            {
                defaults._values[key] = given.Get(key)!.Value;
            }
        }

        return defaults;
    }

    /// <summary>A job with the defaults under it.</summary>
    public JsonElement Under(JsonElement job)
    {
        if (_values.Count == 0 || job.ValueKind is not JsonValueKind.Object)
        {
            return job;
        }

        var merged = JsonObject.Create(job)!;
        foreach (var (key, value) in _values)
        {
            if (key == "zone")
            {
                GiveZone(merged, value);
            }
            else if (!merged.ContainsKey(key))
            {
                merged[key] = Node(value);
            }
        }

        return JsonSerializer.SerializeToElement(merged);
    }

    /// <summary>Where a problem of a merged job really stands: in the job, or in the defaults.</summary>
    /// <param name="problem">Pointer of the problem.</param>
    /// <param name="path">Pointer of the job.</param>
    /// <param name="job">The job as it is written.</param>
    public string Origin(string problem, string path, JsonElement job)
    {
        if (problem.Length <= path.Length || job.ValueKind is not JsonValueKind.Object)
        {
            return problem;
        }

        var parts = problem[(path.Length + 1)..].Split('/');
        if (parts is ["schedule", "zone"])
        {
            var written = job.TryGetProperty("schedule", out var schedule) && schedule.TryGetProperty("zone", out _);
            return written || !_values.ContainsKey("zone") ? problem : "/defaults/zone";
        }

        return _values.ContainsKey(parts[0]) && !job.TryGetProperty(parts[0], out _) ? $"/defaults/{string.Join('/', parts)}" : problem;
    }

    private static void GiveZone(JsonObject job, JsonElement zone)
    {
        if (job["schedule"] is JsonObject schedule && !schedule.ContainsKey("zone") && ReadsClocks(schedule))
        {
            schedule["zone"] = Node(zone);
        }
    }

    private static bool ReadsClocks(JsonObject schedule) =>
        schedule.ContainsKey("cron")
        || schedule.ContainsKey("only")
        || schedule.ContainsKey("except")
        || ((string[])["at", "from", "start", "end"]).Any(key => IsLocal(schedule[key]));

    private static bool IsLocal(JsonNode? instant) =>
        instant is JsonValue value && value.TryGetValue<string>(out var text) && Local().IsMatch(text);

    private static JsonNode? Node(JsonElement json) => JsonNode.Parse(json.GetRawText());

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+)?\z")]
    private static partial Regex Local();
}

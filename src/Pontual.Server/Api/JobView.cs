using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;

namespace Pontual.Server.Api;

/// <summary>A job as the API shows it: its document, and read-only keys that say where it stands.</summary>
internal static class JobView
{
    /// <summary>Keys that answers carry and that a PUT or POST may hand back: they are ignored there.</summary>
    public static IReadOnlySet<string> ReadOnlyKeys { get; } =
        new HashSet<string> { "next_run", "last_run", "paused", "revision", "runs", "failure_streak", "created_at", "updated_at" };

    /// <summary>Writes a job. Keys of the definition that have their default are omitted.</summary>
    public static JsonObject Of(Job job, ScheduleClock clock)
    {
        var json = JobDocument.Write(job.Definition);
        json["next_run"] = DueTimes.NextRun(job, clock) is { } next ? Instants.Format(next) : null;
        json["last_run"] = LastRun(job.Totals);
        json["paused"] = job.Paused is { } pause ? Paused(pause) : null;
        json["revision"] = job.Revision;
        json["runs"] = job.Totals.Runs;
        json["failure_streak"] = job.Totals.FailureStreak;
        json["created_at"] = Instants.Format(job.CreatedAt);
        json["updated_at"] = Instants.Format(job.UpdatedAt);
        return json;
    }

    /// <summary>The document without the read-only keys of an answer.</summary>
    public static JsonElement WithoutReadOnly(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object || !json.EnumerateObject().Any(property => ReadOnlyKeys.Contains(property.Name)))
        {
            return json;
        }

        var kept = new JsonObject();
        foreach (var property in json.EnumerateObject().Where(property => !ReadOnlyKeys.Contains(property.Name)))
        {
            kept[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(kept);
    }

    private static JsonObject? LastRun(JobTotals totals) =>
        totals is { LastRunId: { } id, LastState: { } state }
            ? new JsonObject
            {
                ["id"] = id.ToString(),
                ["state"] = Words.Of(state),
                ["started_at"] = Instant(totals.LastStartedAt),
                ["finished_at"] = Instant(totals.LastFinishedAt),
            }
            : null;

    private static JsonObject Paused(Pause pause) =>
        new()
        {
            ["since"] = Instants.Format(pause.Since),
            ["reason"] = pause.Reason,
            ["by"] = pause.By,
            ["until"] = Instant(pause.Until),
        };

    private static JsonNode? Instant(DateTimeOffset? instant) => instant is { } known ? Instants.Format(known) : null;
}

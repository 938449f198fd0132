using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Limits;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>Writes the canonical shape of a job.</summary>
internal static class JobWriter
{
    public static JsonObject Write(JobDefinition job)
    {
        var json = new JsonObject { ["name"] = job.Name.Text };
        Add("description", job.Description);
        Add("schedule", job.Schedule is ManualSchedule ? null : Schedule(job));
        json["target"] = new JsonObject { [job.Target.Kind] = Node(job.Target.Settings) };
        Add("timeout", job.Timeout == JobDefinition.DefaultTimeout ? null : Duration.Format(job.Timeout));
        Add("overlap", job.Overlap is Overlap.Skip ? null : JobWords.Of(JobWords.Overlaps, job.Overlap));
        Add("catch-up", job.CatchUp is CatchUp.Latest ? null : JobWords.Of(JobWords.CatchUps, job.CatchUp));
        Add(
            "catch-up-window",
            job.CatchUp is CatchUp.All && job.CatchUpWindow != JobDefinition.DefaultCatchUpWindow
                ? Duration.Format(job.CatchUpWindow)
                : null
        );
        Add("retry", job.Retry == RetryPolicy.None ? null : Retry(job.Retry));
        Add("critical", job.Critical ? true : null);
        Add("sla", job.Sla is { } sla ? Duration.Format(sla) : null);
        Add("queue", job.Queue == JobDefinition.DefaultQueue ? null : job.Queue);
        Add("priority", job.Priority == 0 ? null : job.Priority);
        Add("concurrency", job.Overlap is Overlap.Allow ? job.Concurrency : null);
        Add("limit", job.Limit is { } limit ? LimitDocument.Write(limit.Bound, limit.Key) : null);
        Add("log", job.Log);
        return json;

        void Add(string key, JsonNode? value)
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }
    }

    private static JsonNode? Schedule(JobDefinition job) =>
        job.ScheduleDocument is { } written ? Node(written) : ScheduleWriter.Write(job.Schedule);

    private static JsonObject Retry(RetryPolicy retry)
    {
        var json = new JsonObject { ["attempts"] = retry.MaxAttempts };
        if ((retry.FirstDelay, retry.MaxDelay) != (RetryPolicy.None.FirstDelay, RetryPolicy.None.MaxDelay))
        {
            json["backoff"] = RetryReader.Backoff(retry);
        }

        if (retry.On != FailureKinds.Transient)
        {
            var words = JobWords.Failures.Where(word => retry.On.HasFlag(word.Value)).Select(word => (JsonNode)word.Key);
            json["on"] = new JsonArray([.. words]);
        }

        return json;
    }

    private static JsonNode? Node(JsonElement json) => JsonNode.Parse(json.GetRawText());
}

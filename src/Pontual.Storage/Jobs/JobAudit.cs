using System.Text.Json.Nodes;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Jobs;

/// <summary>What the audit log tells of jobs.</summary>
internal static class JobAudit
{
    public static string Verb(JobChange change) =>
        change switch
        {
            JobChange.Created => "created",
            JobChange.Updated => "updated",
            JobChange.Removed => "removed",
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, null),
        };

    /// <summary>Definitions that came, changed and went.</summary>
    public static async ValueTask RecordAsync(
        DatabaseSession session,
        JobChanges changes,
        Dictionary<JobName, Job> existing,
        List<JobChanged> outcome,
        DateTimeOffset now
    )
    {
        var put = changes.Put.ToDictionary(put => put.Definition.Name, put => JobDocument.Serialize(put.Definition));
        var changed = outcome.Where(change => change.Change is JobChange.Created or JobChange.Updated or JobChange.Removed);
        var lines = changed.Select(change => new AuditLine(
            now,
            change.Name.Tenant,
            changes.By,
            $"job.{Verb(change.Change)}",
            change.Name.Text,
            existing.GetValueOrDefault(change.Name) is { } old ? JobDocument.Serialize(old.Definition) : null,
            put.GetValueOrDefault(change.Name)
        ));
        await AuditRowStore.AddAsync(session, [.. lines]);
    }

    /// <summary>A pause that was set, or ended.</summary>
    public static async ValueTask RecordAsync(DatabaseSession session, Job job, Pause? pause, Actor by, DateTimeOffset now)
    {
        if (pause is not null || job.Paused is not null)
        {
            var action = pause is null ? "job.resumed" : "job.paused";
            await AuditRowStore.AddAsync(
                session,
                new AuditLine(now, job.Name.Tenant, by, action, job.Name.Text, Shown(job.Paused), Shown(pause))
            );
        }
    }

    /// <summary>A due time that was set by hand.</summary>
    public static ValueTask<int> RecordNextDueAsync(DatabaseSession session, Job job, DateTimeOffset next, Actor by, DateTimeOffset now) =>
        AuditRowStore.AddAsync(
            session,
            new AuditLine(now, job.Name.Tenant, by, "job.rescheduled", job.Name.Text, NextDue(job.NextDue), NextDue(next))
        );

    private static string? NextDue(DateTimeOffset? due) => due is null ? null : new JsonObject { ["next_due"] = due }.ToJsonString();

    /// <summary>Which job a run is of, and with what parameters.</summary>
    public static string OfJob(JobName job, string? parameters = null)
    {
        var told = new JsonObject { ["job"] = job.Text };
        if (parameters is not null)
        {
            told["parameters"] = JsonNode.Parse(parameters);
        }

        return told.ToJsonString();
    }

    private static string? Shown(Pause? pause) =>
        pause is null
            ? null
            : new JsonObject
            {
                ["since"] = pause.Since,
                ["reason"] = pause.Reason,
                ["by"] = pause.By,
                ["until"] = pause.Until,
            }.ToJsonString();
}

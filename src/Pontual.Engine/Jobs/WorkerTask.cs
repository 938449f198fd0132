using System.Text.Json;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Jobs;

/// <summary>The target <c>worker: {task?, args?}</c>: a program outside claims the runs over HTTP and does them.</summary>
/// <remarks>Each task of a tenant is a queue of its own, so that whoever claims one walks past nothing that is for others, and nodes walk past none of them.</remarks>
public static class WorkerTask
{
    /// <summary>The target kind.</summary>
    public const string Kind = "worker";

    private const string QueuePrefix = "worker/";

    /// <summary>The task of a job, named as it unless its target says otherwise; null when its target is of another kind.</summary>
    public static string? Of(JobDefinition job) =>
        job.Target.Kind != Kind ? null
        : Get(job, "task") is { } task && DocumentText.TryRead(task, out var text) && JobName.TryParse(text, out _) ? text
        : job.Name.Text;

    /// <summary>The arguments of a job's task, as they were written; null for none.</summary>
    public static JsonElement? ArgsOf(JobDefinition job) => Get(job, "args");

    /// <summary>The queue that a task's runs wait in. No queue that a person names has such a name.</summary>
    public static string QueueOf(TenantName tenant, string task) => $"{QueuePrefix}{tenant}/{task}";

    /// <summary>Whether a queue is a task's: nodes leave it alone.</summary>
    public static bool IsQueue(string queue) => queue.StartsWith(QueuePrefix, StringComparison.Ordinal);

    /// <summary>Whether callers of a tenant may see a queue: of tasks only their own; the default tenant sees all.</summary>
    public static bool MaySee(TenantName tenant, string queue) =>
        tenant.IsDefault || !IsQueue(queue) || queue.StartsWith(QueueOf(tenant, ""), StringComparison.Ordinal);

    private static JsonElement? Get(JobDefinition job, string key) =>
        job.Target.Settings.ValueKind is JsonValueKind.Object && job.Target.Settings.TryGetProperty(key, out var value) ? value : null;
}

using System.Text.Json;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Explaining;

/// <summary>What the audit log says of a job at an instant.</summary>
internal sealed class ChangeLog(IReadOnlyList<AuditEntry> changes)
{
    private static readonly string[] Defining = ["job.created", "job.updated", "job.removed"];

    /// <summary>The change by which the job came; null when that is not known.</summary>
    public AuditEntry? Created => changes.LastOrDefault(entry => entry.Action == "job.created");

    /// <summary>The change by which it last went; null for none.</summary>
    public AuditEntry? Removed => changes.FirstOrDefault(entry => entry.Action == "job.removed");

    /// <summary>The first change of its definition after an instant; null for none.</summary>
    public AuditEntry? FirstAfter(DateTimeOffset at) => changes.LastOrDefault(entry => entry.At > at && Defining.Contains(entry.Action));

    /// <summary>Its definition at an instant, where that was another than now: what the first change after it replaced.</summary>
    /// <returns>Null where it was as it is now, where there was none, or where that cannot be read any more.</returns>
    public JobDefinition? DefinitionAt(DateTimeOffset at, JobName name)
    {
        try
        {
            return FirstAfter(at)?.Before is { } before ? JobDocument.Deserialize(before).In(name.Tenant) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The pause that held at an instant; null when none is known.</summary>
    public (AuditEntry By, Pause Pause)? PauseAt(DateTimeOffset at)
    {
        var last = changes.FirstOrDefault(entry => entry.At <= at && entry.Action is "job.paused" or "job.resumed");
        return last is { Action: "job.paused", After: { } after } && ReadPause(after, last) is { } pause && pause.HoldsAt(at)
            ? (last, pause)
            : null;
    }

    private static Pause? ReadPause(string json, AuditEntry entry)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var until =
                root.TryGetProperty("until", out var end) && end.ValueKind is JsonValueKind.String
                    ? end.GetDateTimeOffset()
                    : (DateTimeOffset?)null;
            var reason = root.TryGetProperty("reason", out var why) ? why.GetString() : null;
            var since =
                root.TryGetProperty("since", out var start) && start.ValueKind is JsonValueKind.String
                    ? start.GetDateTimeOffset()
                    : entry.At;
            return new Pause(since, reason, entry.By.Name, until);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}

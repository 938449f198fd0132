using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;

namespace Pontual.Engine.Runs;

/// <summary>One row: this job for this occurrence or request, across its attempts.</summary>
public sealed record Run
{
    /// <summary>UUIDv7 whose time part is <see cref="DueAt"/>, so that ids sort by due time. See <see cref="RunId"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The job's key in the store.</summary>
    public required long JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required JobName Job { get; init; }

    /// <summary>What made it.</summary>
    public required RunTrigger Trigger { get; init; }

    /// <summary>When it was due ("scheduled_for"); of a stretch, the first occurrence.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The last occurrence of a skipped stretch; null for a single run.</summary>
    public DateTimeOffset? DueUntil { get; init; }

    /// <summary>Occurrences it stands for; 1 but for a skipped stretch.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Why, in a word of <see cref="RunReason"/>; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Attempts claimed so far.</summary>
    public int Attempt { get; init; }

    /// <summary>Pending: earliest start; null while it waits for another run of the job to end, or in the line of a limit.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The queue it waits in.</summary>
    public string Queue { get; init; } = JobDefinition.DefaultQueue;

    /// <summary>As <see cref="JobDefinition.Priority"/>.</summary>
    public int Priority { get; init; }

    /// <summary>The key of the limit it stands under; null for none, and once it has ended.</summary>
    public string? LimitKey { get; init; }

    /// <summary>The limit that keeps it from starting, as far as that was looked up; null for none.</summary>
    public LimitWait? WaitsFor { get; init; }

    /// <summary>Parameters given by whoever asked for it, a JSON object; null for none.</summary>
    public string? Parameters { get; init; }

    /// <summary>First claim; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The node of the last attempt.</summary>
    public string? Node { get; init; }

    /// <summary>HTTP status or exit code of the last attempt.</summary>
    public int? ResponseCode { get; init; }

    /// <summary>What went wrong last, whole; lists cut it.</summary>
    public string? Error { get; init; }

    /// <summary>What the target said it processed.</summary>
    public long? ItemsProcessed { get; init; }

    /// <summary>The target's JSON result; null for none.</summary>
    public string? Result { get; init; }

    /// <summary>From due to first start; null before.</summary>
    public TimeSpan? Lateness => StartedAt - DueAt;

    /// <summary>From first start to end; null before.</summary>
    public TimeSpan? Duration => FinishedAt - StartedAt;
}

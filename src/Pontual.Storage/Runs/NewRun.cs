using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>A run to add to the hot table. No earliest start means held; no slots means a job without limit.</summary>
internal sealed record NewRun(
    Guid Id,
    Job Job,
    RunTrigger Trigger,
    DateTimeOffset DueAt,
    DateTimeOffset? NotBefore,
    int? Slots,
    int Priority,
    string? Parameters = null
)
{
    /// <summary>Planned ahead of its time: nobody may claim it from this instant on. Null when it was due.</summary>
    public DateTimeOffset? PlanEnds { get; init; }

    /// <summary>Slots of a run that may overlap although its job is limited: it is never held back, but counts as active for the others.</summary>
    public const int NoLimit = int.MaxValue;

    /// <summary>Its place in the line of its limit; null while it does not wait there.</summary>
    public DateTimeOffset? LimitAt { get; private init; }

    /// <summary>What it is limited by; null for nothing.</summary>
    public string? LimitKey { get; } = Job.Definition.Limit?.KeyOf(Job.Name, Parameters);

    /// <summary>Where it stands in the order of claims: each step of priority is worth a minute of waiting.</summary>
    public DateTimeOffset? ClaimAt => LimitAt is null ? NotBefore?.AddMinutes(-Priority) : LimitRowStore.Never;

    /// <summary>The run in the line of its limit: it cannot be claimed before it is let go.</summary>
    public NewRun InLine() => this with { LimitAt = ClaimAt, NotBefore = LimitRowStore.Never };
}

using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

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
    /// <summary>Slots of a run that may overlap although its job is limited: it is never held back, but counts as active for the others.</summary>
    public const int NoLimit = int.MaxValue;

    /// <summary>Where it stands in the order of claims: each step of priority is worth a minute of waiting.</summary>
    public DateTimeOffset? ClaimAt => NotBefore?.AddMinutes(-Priority);
}

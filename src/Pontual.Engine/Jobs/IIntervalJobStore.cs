using Pontual.Engine.Audit;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Jobs;

/// <summary>Keeps jobs that run every so many whole hours, as systems know them that had a table of such jobs. Every call is one transaction.</summary>
public interface IIntervalJobStore
{
    /// <summary>Those of a tenant, in the order of their names.</summary>
    Task<IReadOnlyList<IntervalJob>> ListAsync(TenantName tenant, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Changes one. What it owes up to <paramref name="now"/> is accounted for first; from then on it counts from the start of its runs.</summary>
    /// <param name="name">Which job.</param>
    /// <param name="edit">What to change.</param>
    /// <param name="decide">Accounts for what is owed.</param>
    /// <param name="now">The instant of the change.</param>
    /// <param name="cancellation">Stops waiting; the change may still happen.</param>
    /// <returns>False when there is no such job of this kind; nothing was changed.</returns>
    Task<bool> EditAsync(JobName name, IntervalEdit edit, Func<DueJob, JobPlan> decide, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>What to change about such a job; null leaves it as it is.</summary>
public sealed record IntervalEdit
{
    /// <summary>Its period in hours, 1 to 8784. Without <see cref="NextDue"/> it is next due so long from now.</summary>
    public int? Hours { get; init; }

    /// <summary>When it is next due; what has passed means now.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>One line for people; empty takes it away.</summary>
    public string? Description { get; init; }

    /// <summary>False pauses it, true resumes it; one that never ran is due then.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Fence out an active run and clear the failure streak; a pause that a person made, totals and next due time stay.</summary>
    public bool Reset { get; init; }

    /// <summary>Remove it; its history stays.</summary>
    public bool Remove { get; init; }

    /// <summary>Who wishes it.</summary>
    public Actor By { get; init; } = Actor.Product;
}

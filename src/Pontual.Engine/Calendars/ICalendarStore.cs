using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Calendars;

/// <summary>Keeps named calendars. Every call is one transaction; all may be called concurrently.</summary>
public interface ICalendarStore
{
    /// <returns>The tenant's calendar, or null when it keeps none of that name.</returns>
    Task<StoredCalendar?> FindAsync(TenantName tenant, string name, CancellationToken cancellation);

    /// <summary>All calendars of a tenant in the order of their names.</summary>
    Task<IReadOnlyList<StoredCalendar>> ListAsync(TenantName tenant, CancellationToken cancellation);

    /// <summary>Puts and removes calendars, all or none. Jobs that use one that changes first account for what they owe up to <paramref name="now"/>, by
    /// the old calendar; what comes after is planned by the new one, and due days that it moves are reckoned anew.</summary>
    /// <param name="changes">What to put and what to remove.</param>
    /// <param name="decide">As in <see cref="IJobStore.ApplyAsync"/>.</param>
    /// <param name="now">The instant of the change.</param>
    /// <param name="cancellation">Stops waiting; the change may still happen.</param>
    /// <returns>One entry for each change, in their order. When any is <see cref="JobChange.Conflict"/>, nothing was changed.</returns>
    Task<IReadOnlyList<CalendarChanged>> ApplyAsync(
        CalendarChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    );
}

/// <summary>Calendars to put and names to remove, applied as one.</summary>
/// <param name="Put">Definitions to create or replace by name.</param>
/// <param name="Remove">Names to remove.</param>
public sealed record CalendarChanges(IReadOnlyList<CalendarPut> Put, IReadOnlyList<string> Remove)
{
    /// <summary>Nothing.</summary>
    public static CalendarChanges None { get; } = new([], []);

    /// <summary>Whose calendars they are.</summary>
    public TenantName Tenant { get; init; }

    /// <summary>Who changes them, for the audit log.</summary>
    public Actor By { get; init; } = Actor.Product;
}

/// <summary>A calendar to create or replace.</summary>
/// <param name="Definition">The whole new definition.</param>
/// <param name="ExpectedRevision">Null for any; 0 to create only; else the revision that must still stand.</param>
public sealed record CalendarPut(CalendarDefinition Definition, int? ExpectedRevision = null);

/// <summary>What came of one change.</summary>
/// <param name="Name">The calendar.</param>
/// <param name="Change">What was done; <see cref="JobChange.Conflict"/> also where jobs use a calendar that is to be removed.</param>
/// <param name="Revision">The revision after it; 0 for none.</param>
/// <param name="UsedBy">Jobs that stand in the way of a removal, at most 20; empty otherwise.</param>
public sealed record CalendarChanged(string Name, JobChange Change, int Revision, IReadOnlyList<JobName> UsedBy);

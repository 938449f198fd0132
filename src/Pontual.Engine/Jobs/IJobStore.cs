using Pontual.Engine.Audit;
using Pontual.Engine.Calendars;
using Pontual.Engine.Limits;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Jobs;

/// <summary>Keeps jobs. Every call is one transaction; all may be called concurrently.</summary>
public interface IJobStore
{
    /// <returns>The job, or null when none of that name is defined (or it was removed).</returns>
    Task<Job?> FindAsync(JobName name, CancellationToken cancellation);

    /// <summary>Jobs of a tenant in the order of their names, starting after <paramref name="after"/>.</summary>
    /// <param name="tenant">Whose; null for those of all tenants, which come without a cursor.</param>
    /// <param name="after">The last name of the page before; null for the first page.</param>
    /// <param name="limit">1 to 500 rows, or <see cref="int.MaxValue"/> for all.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<Job>> ListAsync(TenantName? tenant, JobName? after, int limit, CancellationToken cancellation);

    /// <summary>Jobs of all tenants that are not plainly well: a due time has no run yet, or one that did not begin; the last runs failed, were slow or were
    /// skipped. Those that are not among them need not be judged.</summary>
    /// <param name="now">The instant of the question, by the schedules.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<Job>> ListTroubledAsync(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>Puts and removes jobs, all or none. A job whose definition is unchanged keeps its revision and is reported as unchanged.</summary>
    /// <param name="changes">What to put and what to remove.</param>
    /// <param name="decide">Accounts for occurrences that the old definition still owes up to <paramref name="now"/>, so that an edit loses none.</param>
    /// <param name="now">The instant of the change: a new or re-scheduled job owes nothing before it.</param>
    /// <param name="cancellation">Stops waiting; the change may still happen.</param>
    /// <returns>One entry for each change, in their order.</returns>
    Task<IReadOnlyList<JobChanged>> ApplyAsync(
        JobChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>Pauses a job, or resumes it with a null <paramref name="pause"/>. Occurrences owed up to <paramref name="now"/> are accounted for first.</summary>
    /// <param name="name">Which job.</param>
    /// <param name="pause">The pause, or null to end it.</param>
    /// <param name="by">Who does it, for the audit log.</param>
    /// <param name="decide">As in <see cref="ApplyAsync"/>.</param>
    /// <param name="now">The instant of the change.</param>
    /// <param name="cancellation">Stops waiting; the change may still happen.</param>
    /// <returns>False when there is no such job.</returns>
    Task<bool> SetPauseAsync(
        JobName name,
        Pause? pause,
        Actor by,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>Gives a job back its first state: its active run is fenced out (its result will be refused) and failed with reason <c>reset</c>,
    /// the failure streak is 0, a pause ends; totals, history and the next due time stay.</summary>
    /// <returns>False when there is no such job.</returns>
    Task<bool> ResetAsync(JobName name, Actor by, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Jobs to put and names to remove, applied as one. A removed job's waiting runs are cancelled; its history stays.</summary>
/// <param name="Put">Definitions to create or replace by name.</param>
/// <param name="Remove">Names to remove; unknown ones are reported as <see cref="JobChange.NotFound"/>.</param>
public sealed record JobChanges(IReadOnlyList<JobPut> Put, IReadOnlyList<JobName> Remove)
{
    /// <summary>Calendars to put before the jobs and to remove after them, in the same transaction. One that a job still uses stays.</summary>
    public CalendarChanges Calendars { get; init; } = CalendarChanges.None;

    /// <summary>Limits of queues to put and to take away in the same transaction.</summary>
    public QueueChanges Queues { get; init; } = QueueChanges.None;

    /// <summary>Who changes them, for the audit log.</summary>
    public Actor By { get; init; } = Actor.Product;
}

/// <summary>A definition to create or replace.</summary>
/// <param name="Definition">The whole new definition.</param>
/// <param name="ExpectedRevision">Null for any; 0 to create only; else the revision that must still stand.</param>
public sealed record JobPut(JobDefinition Definition, int? ExpectedRevision = null);

/// <summary>What came of one change.</summary>
public sealed record JobChanged(JobName Name, JobChange Change, int Revision);

/// <summary>What a change did. When any entry is <see cref="Conflict"/>, nothing at all was changed.</summary>
public enum JobChange
{
    /// <summary>The job is new.</summary>
    Created,

    /// <summary>The definition was replaced.</summary>
    Updated,

    /// <summary>The definition was already this.</summary>
    Unchanged,

    /// <summary>The job was removed.</summary>
    Removed,

    /// <summary>There was nothing of that name to remove.</summary>
    NotFound,

    /// <summary>The expected revision does not stand (any more), or a calendar that the job names is not there.</summary>
    Conflict,
}

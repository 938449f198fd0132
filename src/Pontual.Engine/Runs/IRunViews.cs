using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Runs;

/// <summary>Reads runs for people: hot and history together. Never locks what the rooms write.</summary>
public interface IRunViews
{
    /// <returns>The run with all its attempts, or null.</returns>
    Task<RunDetail?> FindAsync(Guid id, CancellationToken cancellation);

    /// <returns>Whose run it is; null when there is none of that id.</returns>
    Task<TenantName?> TenantOfAsync(Guid id, CancellationToken cancellation);

    /// <summary>Runs, newest due first.</summary>
    Task<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellation);

    /// <summary>What ended in the last 24 hours, by hours: the one that began before them is in it whole. By job key; jobs of which nothing ended are left out.</summary>
    Task<IReadOnlyDictionary<long, DayTotals>> LastDayAsync(TenantName tenant, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Since when the next run of each queue could have started; queues in which none waits are left out. Cheap, however many wait.</summary>
    Task<IReadOnlyList<QueueWait>> OldestWaitingAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>How many runs wait and run now, by queue.</summary>
    Task<IReadOnlyList<QueueDepth>> DepthsAsync(DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>A run and its attempts, first to last, the current or last one included.</summary>
public sealed record RunDetail(Run Run, IReadOnlyList<Attempt> Attempts);

/// <summary>Which runs to list.</summary>
/// <param name="Job">Of this job only.</param>
/// <param name="State">In this state only.</param>
/// <param name="Before">Ids below this only: the cursor of the page before.</param>
/// <param name="From">Due at or after.</param>
/// <param name="Limit">1 to 500.</param>
public sealed record RunQuery(JobName? Job = null, RunState? State = null, Guid? Before = null, DateTimeOffset? From = null, int Limit = 50)
{
    /// <summary>Whose runs, where no job is named.</summary>
    public TenantName Tenant { get; init; }
}

/// <summary>How full a queue is.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Due">Pending and could start now.</param>
/// <param name="Waiting">Pending for a later time, or for another run to end.</param>
/// <param name="Running">Claimed.</param>
/// <param name="OldestDue">Since when the longest-waiting due run could have started.</param>
public sealed record QueueDepth(string Queue, long Due, long Waiting, long Running, DateTimeOffset? OldestDue);

/// <summary>What ended in a day.</summary>
/// <param name="Succeeded">Runs that ended well.</param>
/// <param name="Failed">Runs that failed otherwise than by timeout.</param>
/// <param name="Timeouts">Runs that failed by timeout.</param>
/// <param name="Cancelled">Runs that were cancelled after they began.</param>
/// <param name="Duration">Of all their last attempts together.</param>
/// <param name="Longest">Of one of them.</param>
/// <param name="Items">What they said they processed.</param>
public sealed record DayTotals(int Succeeded, int Failed, int Timeouts, int Cancelled, TimeSpan Duration, TimeSpan Longest, long Items)
{
    /// <summary>All that ended.</summary>
    public int Ended => Succeeded + Failed + Timeouts + Cancelled;

    /// <summary>Nothing ended.</summary>
    public static DayTotals None { get; } = new(0, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0);
}

/// <summary>A queue in which runs wait.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Since">Since when the run that is next could have started.</param>
public sealed record QueueWait(string Queue, DateTimeOffset Since);

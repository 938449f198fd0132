using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Events;

/// <summary>A change of state as the event log tells it.</summary>
/// <param name="Cursor">Its place in the log: higher than that of everything that was committed, and read, before it; without gaps.</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind">What happened, a word of <see cref="EventKind"/>.</param>
/// <param name="Subject">To what: the id of a run or node, the name of a job or queue.</param>
/// <param name="Job">The job it is about; null for none.</param>
/// <param name="Data">What else there is to say, a JSON object.</param>
public sealed record LoggedEvent(long Cursor, DateTimeOffset At, string Kind, string Subject, JobName? Job, string Data)
{
    /// <summary>Whose it is; null for what is the installation's.</summary>
    public TenantName? Tenant => Job?.Tenant ?? Owner;

    /// <summary>Whose it is, where it is about no job; null for what is the installation's.</summary>
    public TenantName? Owner { get; init; }
}

/// <summary>A stretch of the log.</summary>
/// <param name="Events">What is in it, in order.</param>
/// <param name="Next">Everything up to here was read.</param>
public sealed record EventStretch(IReadOnlyList<LoggedEvent> Events, long Next);

/// <summary>The log from end to end.</summary>
/// <param name="Oldest">Whoever has read up to here, or further, misses nothing.</param>
/// <param name="Newest">The last cursor there is; 0 before the first event.</param>
public sealed record EventBounds(long Oldest, long Newest)
{
    /// <summary>Whether a reader can go on from a cursor: it is neither older than what is kept, nor of another log than this one.</summary>
    public bool Hold(long cursor) => cursor >= Oldest && cursor <= Newest;
}

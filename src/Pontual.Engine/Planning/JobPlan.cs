using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Planning;

/// <summary>A job whose next occurrence has come, with what the decision needs.</summary>
/// <param name="Job">The job as it stands.</param>
/// <param name="Hot">Its runs that have not ended, oldest due first; always empty for a job without a limit of slots, where nothing depends on them.</param>
/// <param name="Stretch">The skipped stretch that its latest occurrences are part of; null when the latest one made a run.</param>
public sealed record DueJob(Job Job, IReadOnlyList<HotRun> Hot, OpenStretch? Stretch);

/// <summary>A run that has not ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="DueAt">Its due time.</param>
/// <param name="Trigger">What made it.</param>
/// <param name="State"><see cref="RunState.Pending"/> or <see cref="RunState.Running"/>.</param>
/// <param name="Attempt">Attempts claimed so far; 0 means it never started.</param>
/// <param name="Held">It waits for another run of the job to end.</param>
public sealed record HotRun(Guid Id, DateTimeOffset DueAt, RunTrigger Trigger, RunState State, int Attempt, bool Held);

/// <summary>A stretch of skipped occurrences that may still grow.</summary>
/// <param name="Id">The history row.</param>
/// <param name="Reason">Why they were skipped.</param>
/// <param name="Detail">What exactly is the reason; null where its word says all.</param>
public sealed record OpenStretch(Guid Id, string Reason, string? Detail = null);

/// <summary>What room 2 decided about a job's owed occurrences. Written in one transaction, only if the job's mark is still the one it was made from.</summary>
public sealed record JobPlan
{
    /// <summary>The new high-water mark.</summary>
    public required DateTimeOffset Mark { get; init; }

    /// <summary>The first due time after the mark; null when there is none any more, or when the end of a run will decide it.</summary>
    public required DateTimeOffset? NextDue { get; init; }

    /// <summary>Runs to add, oldest first.</summary>
    public IReadOnlyList<PlannedRun> Runs { get; init; } = [];

    /// <summary>Stretches to record as skipped, oldest first.</summary>
    public IReadOnlyList<SkippedStretch> Skips { get; init; } = [];

    /// <summary>Waiting runs whose place a newer one takes: they end as skipped (superseded).</summary>
    public IReadOnlyList<Guid> Supersede { get; init; } = [];

    /// <summary>Running runs to ask to cancel (superseded).</summary>
    public IReadOnlyList<Guid> Cancel { get; init; } = [];

    /// <summary>The stretch further skips may extend after this plan; null when the latest occurrence made a run.</summary>
    public OpenStretch? Stretch { get; init; }
}

/// <summary>A run to add.</summary>
/// <param name="Id">Its id.</param>
/// <param name="DueAt">The occurrence.</param>
/// <param name="Held">It waits until another run of the job ends.</param>
public sealed record PlannedRun(Guid Id, DateTimeOffset DueAt, bool Held)
{
    /// <summary>Planned ahead of its time: from this instant on nobody may claim it any more, and its due time is decided anew (nobody was there to run it). Null when it was due.</summary>
    public DateTimeOffset? MissedAt { get; init; }
}

/// <summary>Occurrences that will not run.</summary>
/// <param name="Id">The history row: new, or the one to extend.</param>
/// <param name="Extends">True: add to that row; false: insert it.</param>
/// <param name="Reason">A word of <see cref="RunReason"/>.</param>
/// <param name="First">First occurrence.</param>
/// <param name="Last">Last occurrence.</param>
/// <param name="Count">How many; 1 or more.</param>
/// <param name="Detail">What exactly is the reason, the calendar and what it calls the time ("br: Natal"); null where the word says all.</param>
public sealed record SkippedStretch(
    Guid Id,
    bool Extends,
    string Reason,
    DateTimeOffset First,
    DateTimeOffset Last,
    long Count,
    string? Detail = null
);

/// <summary>What a round of planning did.</summary>
/// <param name="Jobs">Jobs planned.</param>
/// <param name="Runs">Runs added.</param>
/// <param name="Cancelled">Whether running runs were asked to cancel.</param>
/// <param name="NextDue">The earliest due time of all jobs now; null when no job has one.</param>
public sealed record PlanResult(int Jobs, int Runs, bool Cancelled, DateTimeOffset? NextDue)
{
    /// <summary>Whether as many jobs were read as may be at once, and some of them planned: more may wait.</summary>
    public bool More { get; init; }

    /// <summary>The last due time of those that were planned ahead; null when none was.</summary>
    public DateTimeOffset? AheadUntil { get; init; }
}

/// <summary>Where room 2 reads due jobs and writes plans.</summary>
public interface IPlanStore
{
    /// <summary>Plans up to <paramref name="limit"/> jobs whose next due time is not after <paramref name="until"/>: reads, decides and writes in one transaction.
    /// Safe from many nodes at once: a job is planned by one of them, and unique (job, due time) is the last guard. First it goes over the runs that were planned
    /// ahead and have come due: those that nobody claimed in time are taken back and decided anew.</summary>
    /// <param name="now">The instant of the decision.</param>
    /// <param name="until"><paramref name="now"/>, or later: how far to look ahead.</param>
    /// <param name="limit">Most jobs.</param>
    /// <param name="decide">The decision; null leaves a job that is not due yet for its time.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<PlanResult> PlanAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        Func<DueJob, JobPlan?> decide,
        CancellationToken cancellation
    );

    /// <summary>As <see cref="PlanAsync"/>, without looking ahead.</summary>
    Task<PlanResult> PlanDueAsync(DateTimeOffset now, int limit, Func<DueJob, JobPlan?> decide, CancellationToken cancellation) =>
        PlanAsync(now, now, limit, decide, cancellation);
}

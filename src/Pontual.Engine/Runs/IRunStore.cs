using Pontual.Engine.Audit;
using Pontual.Engine.Planning;

namespace Pontual.Engine.Runs;

/// <summary>Keeps runs: hot ones (pending, running) apart from the history. Every call is one transaction; all may be called concurrently.</summary>
public interface IRunStore
{
    /// <summary>Adds runs that somebody asked for. Jobs are found by id; overlap is decided by <paramref name="decide"/> inside the transaction.</summary>
    /// <returns>For each request, in order, what was decided.</returns>
    Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(
        IReadOnlyList<EnqueueRequest> requests,
        Func<EnqueueRequest, DueJob, EnqueueDecision> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>Takes due runs for a node, most urgent first, never more than a job has slots. A node whose own lease has ended gets none.</summary>
    Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>Records what attempts came to, all in one transaction: the final ones move to the history, the others wait again.</summary>
    /// <returns>For each settlement, in order: false when the run no longer carries that lease token, so that nothing was written for it.</returns>
    Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation);

    /// <summary>Running runs that nobody holds any more: their node's lease has ended (or it left), or their own was ended as stuck.</summary>
    /// <param name="now">The instant of judgement.</param>
    /// <param name="limit">Most rows to return.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<LeasedRun>> FindLostAsync(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>Cancels a waiting run at once, or asks the node of a running one to.</summary>
    /// <param name="id">Which run.</param>
    /// <param name="reason">The run's reason from then on.</param>
    /// <param name="by">Who wishes it, for the audit log; null for Pontual itself, which says so in the run.</param>
    /// <param name="now">The instant of the wish.</param>
    /// <param name="cancellation">Stops waiting; the wish may still hold.</param>
    Task<CancelResult> RequestCancelAsync(Guid id, string reason, Actor? by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Finds a running run with its lease, for a callback or a takeover; null when it is not running.</summary>
    Task<LeasedRun?> FindLeasedAsync(Guid id, CancellationToken cancellation);

    /// <summary>What a node holds by one claim: how it learns what that claim took when the store's answer was lost on its way.</summary>
    /// <param name="node">Its id.</param>
    /// <param name="claimedAt">The instant the claim was made with (<see cref="ClaimRequest.Now"/>).</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<LeasedRun>> FindClaimedAsync(string node, DateTimeOffset claimedAt, CancellationToken cancellation);

    /// <summary>Housekeeping, cheap when there is nothing to do: lets go runs that wait for a slot that is free, and marks as lost
    /// the leases of runs active for longer than max(<paramref name="stuckAfter"/>, timeout + 5 min) by asking for their cancellation and, 10 s later, ending them.</summary>
    Task SweepAsync(DateTimeOffset now, TimeSpan stuckAfter, CancellationToken cancellation);

    /// <summary>Makes room for the history of the days ahead and drops whole days that ended before <paramref name="before"/>, where the database keeps days apart.
    /// Waits for nobody: what is in use is left for the next call.</summary>
    /// <param name="now">The instant of the call.</param>
    /// <param name="before">What ended before this may go.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>About how many runs went, and false when something was left for the next call.</returns>
    Task<(long Runs, bool IsDone)> KeepDaysAsync(DateTimeOffset now, DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Deletes history (with attempts and output) that ended before <paramref name="before"/>, at most <paramref name="limit"/> runs.</summary>
    /// <returns>How many runs went; less than the limit means done.</returns>
    Task<int> PruneAsync(DateTimeOffset before, int limit, CancellationToken cancellation);
}

/// <summary>A wish for a run now.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="JobId">Which job.</param>
/// <param name="Trigger">Who wishes.</param>
/// <param name="DueAt">When it counts as due.</param>
/// <param name="NotBefore">Earliest start.</param>
/// <param name="Parameters">JSON object; null for none.</param>
/// <param name="AllowOverlap">Runs beside an active run, whatever the job's policy and slots.</param>
/// <param name="Priority">In place of the job's own; null for the job's.</param>
/// <param name="By">Who wishes it, for the audit log; null for programs, whose wishes are their runs.</param>
public sealed record EnqueueRequest(
    Guid Id,
    long JobId,
    RunTrigger Trigger,
    DateTimeOffset DueAt,
    DateTimeOffset NotBefore,
    string? Parameters = null,
    bool AllowOverlap = false,
    int? Priority = null,
    Actor? By = null
);

/// <summary>What the overlap policy makes of a wish.</summary>
/// <param name="Accepted">False: refused because <paramref name="Blocking"/> is active.</param>
/// <param name="Held">It waits until another run of the job ends.</param>
/// <param name="Blocking">The active run in the way; null for none.</param>
/// <param name="Cancel">Active runs to cancel first.</param>
public sealed record EnqueueDecision(bool Accepted, bool Held, Guid? Blocking, IReadOnlyList<Guid> Cancel);

/// <summary>What came of a wish.</summary>
/// <param name="RunId">The new run; null when it was refused or its job is gone.</param>
/// <param name="Blocking">The active run that made it be refused.</param>
/// <param name="JobFound">False when there is no such job any more.</param>
public sealed record EnqueueResult(Guid? RunId, Guid? Blocking, bool JobFound)
{
    /// <summary>Whether a node was asked to take back an armed start of the job for it.</summary>
    public bool TakesBack { get; init; }
}

/// <summary>A node's wish for work.</summary>
/// <param name="Node">Its id.</param>
/// <param name="Lanes">Queues it serves and how many runs it has room for in each; at least one has room.</param>
/// <param name="Kinds">Target kinds it may run; null for all.</param>
/// <param name="Now">The instant of the claim.</param>
public sealed record ClaimRequest(string Node, IReadOnlyList<ClaimLane> Lanes, IReadOnlyList<string>? Kinds, DateTimeOffset Now)
{
    /// <summary>Runs whose earliest start is not after this may be taken: <see cref="Now"/>, or later to arm them for their time.</summary>
    public DateTimeOffset ReadyBy { get; init; } = Now;

    /// <summary>Each run that is taken has a lease of its own until then, besides that of its node; null for only the node's.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
}

/// <summary>Room in one queue.</summary>
/// <param name="Queue">Its name; null for every queue that no other lane of the request names.</param>
/// <param name="Limit">Most runs to take; 0 takes none and keeps the queue out of the null lane.</param>
public sealed record ClaimLane(string? Queue, int Limit);

/// <summary>What was claimed.</summary>
/// <param name="Runs">The runs, now this node's.</param>
/// <param name="NextReady">When the next waiting run of these lanes can start, as far as known; null when none waits for a time. A lane that was filled is not looked at: who has room again asks again.</param>
public sealed record ClaimResult(IReadOnlyList<LeasedRun> Runs, DateTimeOffset? NextReady)
{
    /// <summary>More can be claimed at once, although less was given than asked for.</summary>
    public bool MoreReady { get; init; }
}

/// <summary>What a wish to cancel came to.</summary>
public enum CancelResult
{
    /// <summary>There is no such run.</summary>
    NotFound,

    /// <summary>It was waiting and is cancelled.</summary>
    Cancelled,

    /// <summary>It is running; its node was told.</summary>
    Requested,

    /// <summary>It had ended before.</summary>
    AlreadyEnded,
}

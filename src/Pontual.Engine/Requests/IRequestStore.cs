using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Requests;

/// <summary>What programs asked for inside their own transactions, by the database's own language, and what only the engine can decide.</summary>
public interface IRequestStore
{
    /// <summary>Takes what waits, in the order it was asked: each is gone in the transaction that does it. What cannot be done is kept as refused, with the reason.</summary>
    /// <param name="terms">By what rules.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<RequestsTaken> TakeAsync(RequestTerms terms, CancellationToken cancellation);
}

/// <summary>How requests are decided.</summary>
/// <param name="Scheduled">Now, in scheduled time.</param>
/// <param name="Now">Now, in real time.</param>
/// <param name="Account">Accounts for what a job owes before it is changed.</param>
/// <param name="Enqueue">Decides about a wish for a run.</param>
public sealed record RequestTerms(
    DateTimeOffset Scheduled,
    DateTimeOffset Now,
    Func<DueJob, JobPlan> Account,
    Func<EnqueueRequest, DueJob, EnqueueDecision> Enqueue
);

/// <summary>What was taken.</summary>
/// <param name="Count">How many requests.</param>
/// <param name="More">Whether more may wait.</param>
/// <param name="Refused">Those that could not be done.</param>
public sealed record RequestsTaken(int Count, bool More, IReadOnlyList<RefusedRequest> Refused)
{
    /// <summary>Whether HTTP requests wait to be sent.</summary>
    public bool PostsWait { get; init; }
}

/// <summary>A request that was not done.</summary>
/// <param name="Id">Its id; of a wish for a run, the run's.</param>
/// <param name="Kind">What it asked for.</param>
/// <param name="Job">Of which job; null when that is gone.</param>
/// <param name="By">Who asked.</param>
/// <param name="Reason">Why not.</param>
public sealed record RefusedRequest(Guid Id, string Kind, JobName? Job, string By, string Reason);

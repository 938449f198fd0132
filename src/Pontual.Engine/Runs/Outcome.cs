using Pontual.Engine.Jobs;

namespace Pontual.Engine.Runs;

/// <summary>How one attempt ended, before policy is applied. Closed: these and no others.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>It did what it should.</summary>
    /// <param name="ResponseCode">HTTP status or exit code; null for handlers.</param>
    /// <param name="Result">JSON result; null for none.</param>
    /// <param name="ItemsProcessed">What the target said it processed.</param>
    public sealed record Success(int? ResponseCode = null, string? Result = null, long? ItemsProcessed = null) : Outcome;

    /// <summary>It did not.</summary>
    /// <param name="Kind">Exactly one kind.</param>
    /// <param name="Message">What went wrong, for people; never a secret.</param>
    /// <param name="ResponseCode">HTTP status or exit code, where there was one.</param>
    /// <param name="RetryAfter">The wait the target asked for; capped by the caller.</param>
    /// <param name="Result">JSON result that came with the failure; null for none.</param>
    public sealed record Failure(
        FailureKinds Kind,
        string Message,
        int? ResponseCode = null,
        TimeSpan? RetryAfter = null,
        string? Result = null
    ) : Outcome
    {
        /// <summary>The target said that another attempt is of no use: the job's policy is not asked.</summary>
        public bool IsFinal { get; init; }
    }

    /// <summary>It was stopped by wish.</summary>
    /// <param name="Reason">A word of <see cref="RunReason"/>.</param>
    public sealed record Cancelled(string Reason) : Outcome;

    /// <summary>The node stops: the attempt is given back and the run is pending at once.</summary>
    public sealed record Interrupted : Outcome;

    /// <summary>It did nothing, for a rate toward what it calls has no room: the attempt is given back, and the run waits for its turn.</summary>
    /// <param name="Message">What it waits for, for people.</param>
    /// <param name="Wait">When it is worth trying again.</param>
    public sealed record Held(string Message, TimeSpan Wait) : Outcome;

    /// <summary>It was armed for its time and taken back before it began: nothing happened, and its due time is decided anew.</summary>
    public sealed record NotBegun : Outcome;

    /// <summary>The target took it over (202) and will call back: the run stays open until it does or the timeout ends it.</summary>
    public sealed record Deferred : Outcome;
}

using System.Diagnostics;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Runs;

/// <summary>What an attempt's outcome makes of its run: the only way out of <see cref="RunState.Running"/>. Pure.</summary>
public sealed record Settlement
{
    /// <summary>Attempts in all of a run whose target says each time when to ask again, where its job allows fewer.</summary>
    private const int MostAskedBack = 5;

    /// <summary>The run.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The run's job.</summary>
    public required long JobId { get; init; }

    /// <summary>The fence: nothing is written unless the run still carries it.</summary>
    public required long LeaseToken { get; init; }

    /// <summary>The new state: final, or <see cref="RunState.Pending"/> again.</summary>
    public required RunState State { get; init; }

    /// <summary>A word of <see cref="RunReason"/>; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>When the attempt ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the attempt began, on the node that ran it; null when it was armed and never began.</summary>
    public required DateTimeOffset? AttemptStartedAt { get; init; }

    /// <summary>Which attempt it was; null where it is not known.</summary>
    public int? Attempt { get; init; }

    /// <summary>The node of the attempt; null where it is not known.</summary>
    public string? Node { get; init; }

    /// <summary>When the run was due; null where it is not known.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Pending again: earliest start of the next attempt.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The attempt number does not count (the node stopped).</summary>
    public bool GivesAttemptBack { get; init; }

    /// <summary>The attempt began and called nothing, for a rate had no room: where it was the first, its run has not started.</summary>
    public bool HasDoneNothing => GivesAttemptBack && Reason == RunReason.RateLimited;

    /// <summary>This success makes older runs of the job that wait for a retry pointless (catch-up latest).</summary>
    public bool SupersedesOlder { get; init; }

    /// <summary>The job's next due time follows this run by a fixed delay. As the job was when it was claimed: an edit since has given it its next due time.</summary>
    public bool EndsDelayed { get; init; }

    /// <summary>When the run began first; null when it never did.</summary>
    public DateTimeOffset? RunStartedAt { get; init; }

    /// <summary>The limit that the attempt stood under, whose line goes on now; null for none.</summary>
    public string? LimitKey { get; init; }

    /// <summary>The run took one of its job's slots: runs that wait for one may be let go, and nobody else may decide about the job meanwhile.</summary>
    public bool FreesSlot { get; init; } = true;

    /// <summary>HTTP status or exit code.</summary>
    public int? ResponseCode { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Error { get; init; }

    /// <summary>JSON result.</summary>
    public string? Result { get; init; }

    /// <summary>What the target said it processed.</summary>
    public long? ItemsProcessed { get; init; }

    /// <summary>Whether the run has ended.</summary>
    public bool IsFinal => State is not (RunState.Pending or RunState.Running);

    /// <summary>Applies the job's policy to an outcome.</summary>
    /// <param name="leased">The run as claimed.</param>
    /// <param name="outcome">What the attempt came to; not <see cref="Outcome.Deferred"/>.</param>
    /// <param name="attemptStartedAt">When the attempt began; null when it never did.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="random">In [0, 1): the jitter of a retry.</param>
    /// <exception cref="ArgumentException">The outcome does not end the attempt.</exception>
    public static Settlement Of(LeasedRun leased, Outcome outcome, DateTimeOffset? attemptStartedAt, DateTimeOffset now, double random)
    {
        var basis = new Settlement
        {
            RunId = leased.Run.Id,
            JobId = leased.Run.JobId,
            LeaseToken = leased.LeaseToken,
            State = RunState.Failed,
            // A clock that was set back must not make a run end before it began.
            At = FirstStart(leased, attemptStartedAt) is { } started && started > now ? started : now,
            RunStartedAt = FirstStart(leased, attemptStartedAt),
            AttemptStartedAt = attemptStartedAt,
            Attempt = leased.Run.Attempt,
            Node = leased.Run.Node,
            DueAt = leased.Run.DueAt,
            LimitKey = leased.Run.LimitKey,
            EndsDelayed = leased.Job.Definition.Schedule is DelaySchedule,
            FreesSlot = leased.TakesSlot,
        };
        var definition = leased.Job.Definition;

        return outcome switch
        {
            Outcome.Success success => basis with
            {
                State = RunState.Succeeded,
                ResponseCode = success.ResponseCode,
                Result = success.Result,
                ItemsProcessed = success.ItemsProcessed,
                SupersedesOlder = definition.CatchUp is CatchUp.Latest && definition.Retry.MaxAttempts > 1,
            },
            Outcome.Cancelled cancelled => basis with { State = RunState.Cancelled, Reason = cancelled.Reason },
            Outcome.Interrupted => basis with
            {
                State = RunState.Pending,
                Reason = RunReason.Interrupted,
                NotBefore = now,
                GivesAttemptBack = true,
            },
            Outcome.Held held => basis with
            {
                State = RunState.Pending,
                Reason = RunReason.RateLimited,
                Error = held.Message,
                NotBefore = now + held.Wait,
                GivesAttemptBack = true,
            },
            Outcome.NotBegun => basis with { State = RunState.Pending, NotBefore = leased.Run.NotBefore ?? now, GivesAttemptBack = true },
            Outcome.Failure failure => AfterFailure(basis, failure, leased, now, random),
            Outcome.Deferred => throw new ArgumentException("A deferred attempt is still open.", nameof(outcome)),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The run as it stands when this settlement has been written.</summary>
    /// <param name="claimed">The run as claimed.</param>
    public Run Apply(Run claimed) =>
        claimed with
        {
            State = State,
            Reason = Reason,
            Attempt = GivesAttemptBack ? claimed.Attempt - 1 : claimed.Attempt,
            NotBefore = NotBefore,
            StartedAt =
                claimed.StartedAt < AttemptStartedAt ? claimed.StartedAt
                : HasDoneNothing ? null
                : AttemptStartedAt,
            FinishedAt = IsFinal ? At : null,
            ResponseCode = ResponseCode,
            Error = Error,
            Result = Result,
            ItemsProcessed = ItemsProcessed,
        };

    // A claim says when a first attempt is to begin; the attempt knows when it did.
    private static DateTimeOffset? FirstStart(LeasedRun leased, DateTimeOffset? attemptStartedAt) =>
        leased.Run.StartedAt == leased.ClaimedAt ? attemptStartedAt : leased.Run.StartedAt;

    private static Settlement AfterFailure(Settlement basis, Outcome.Failure failure, LeasedRun leased, DateTimeOffset now, double random)
    {
        var retry = leased.Job.Definition.Retry;
        var failed = basis with
        {
            Reason = ReasonOf(failure.Kind),
            ResponseCode = failure.ResponseCode,
            Error = failure.Message,
            Result = failure.Result,
        };
        if (failure.IsFinal || !(retry.Allows(failure.Kind, leased.Run.Attempt) || IsAskedBack(failure, retry, leased.Run.Attempt)))
        {
            return failed;
        }

        var delay = retry.DelayAfter(leased.Run.Attempt, random);
        var asked = failure.RetryAfter ?? TimeSpan.Zero;
        return failed with { State = RunState.Pending, NotBefore = now + (asked > delay ? asked : delay) };
    }

    // A target that is too busy and says until when is asked again then, also where the job has no retries of its own (S5-11): it failed at nothing.
    private static bool IsAskedBack(Outcome.Failure failure, RetryPolicy retry, int attempt) =>
        failure is { Kind: FailureKinds.TooManyRequests, RetryAfter: not null }
        && retry.On.HasFlag(FailureKinds.TooManyRequests)
        && attempt < MostAskedBack;

    private static string ReasonOf(FailureKinds kind) =>
        kind switch
        {
            FailureKinds.Timeout => RunReason.Timeout,
            FailureKinds.LeaseLost => RunReason.LeaseLost,
            FailureKinds.Target => RunReason.Target,
            FailureKinds.CircuitOpen => RunReason.CircuitOpen,
            _ => RunReason.Error,
        };
}

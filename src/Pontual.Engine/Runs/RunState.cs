using Pontual.Scheduling.Calendars;

namespace Pontual.Engine.Runs;

/// <summary>The six stored states of a run. "scheduled", "due", "retrying", "late" and "stuck" are derived for display.</summary>
public enum RunState
{
    /// <summary>Waiting: for its time, for a retry, or (without a time) for another run to end.</summary>
    Pending,

    /// <summary>Claimed by a node and not settled.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Tried and given up.</summary>
    Failed,

    /// <summary>Stopped by wish.</summary>
    Cancelled,

    /// <summary>Never started, by policy; may stand for a stretch of many occurrences.</summary>
    Skipped,
}

/// <summary>What made a run.</summary>
public enum RunTrigger
{
    /// <summary>The job's schedule.</summary>
    Schedule,

    /// <summary>A person or program asked.</summary>
    Manual,

    /// <summary>Another job ended.</summary>
    After,

    /// <summary>A range of past occurrences was asked for.</summary>
    Backfill,
}

/// <summary>Why a run ended or waits as it does: the words stored in <c>reason</c> and shown to people.</summary>
public static class RunReason
{
    /// <summary>Failed: an attempt took longer than the job's timeout.</summary>
    public const string Timeout = "timeout";

    /// <summary>Failed: the node that held the lease was gone.</summary>
    public const string LeaseLost = "lease-lost";

    /// <summary>Skipped: an earlier run of the job was active.</summary>
    public const string Overlap = "overlap";

    /// <summary>Skipped: the job was paused.</summary>
    public const string Paused = "paused";

    /// <summary>Skipped: a calendar leaves its day out.</summary>
    public const string ExcludedDay = "excluded-day";

    /// <summary>Skipped: it is due in a time of day, or a stretch of time, that a calendar leaves out.</summary>
    public const string Window = "window";

    /// <summary>Skipped: missed while nothing planned, and left out by the catch-up policy.</summary>
    public const string CatchUp = "catch-up";

    /// <summary>Skipped: a newer run of the job took its place. Cancelled: a newer run was due and the overlap policy cancels the older.</summary>
    public const string Superseded = "superseded";

    /// <summary>Cancelled: a person or program asked.</summary>
    public const string Requested = "requested";

    /// <summary>Cancelled: the job was removed.</summary>
    public const string JobRemoved = "job-removed";

    /// <summary>Failed: the job was reset while the run was active.</summary>
    public const string Reset = "reset";

    /// <summary>Cancelled: still running past the stuck limit.</summary>
    public const string Stuck = "stuck";

    /// <summary>Pending again: the node stopped, and gave the attempt back.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Failed: the circuit of what it calls is open, and it was not called.</summary>
    public const string CircuitOpen = "circuit-open";

    /// <summary>Pending again: a rate toward what it calls, or an answer of 429, lets it go later; the attempt was given back.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>Wished of a run that is armed and has not begun: it is to be taken back, for its job was changed. Never the reason of a run's end.</summary>
    public const string TakenBack = "taken-back";

    /// <summary>Failed: the target cannot be run as it is written.</summary>
    public const string Target = "target";

    /// <summary>Failed: the attempt's own error (exit code, HTTP status, exception).</summary>
    public const string Error = "error";

    /// <summary>The word for what a calendar leaves out.</summary>
    public static string Of(Exclusion exclusion) => exclusion.Kind is ExclusionKind.Day ? ExcludedDay : Window;
}

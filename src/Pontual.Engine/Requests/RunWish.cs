using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Requests;

/// <summary>A run that somebody asks for.</summary>
/// <param name="Parameters">JSON object for the target; null for none.</param>
/// <param name="NotBefore">Earliest start; null or past for now.</param>
/// <param name="AllowOverlap">Run beside an active run, whatever the job's policy and slots.</param>
/// <param name="Priority">In place of the job's own; null for the job's.</param>
/// <param name="Trigger">What asks.</param>
/// <param name="By">Who asks, for the audit log; null for programs, whose wishes are their runs.</param>
/// <param name="Id">The run's id (<see cref="RunId"/>), so that a wish told twice is one run; null for a new one.</param>
public sealed record RunWish(
    string? Parameters = null,
    DateTimeOffset? NotBefore = null,
    bool AllowOverlap = false,
    int? Priority = null,
    RunTrigger Trigger = RunTrigger.Manual,
    Actor? By = null,
    Guid? Id = null
);

/// <summary>What came of asking for a run. Closed: these and no others.</summary>
public abstract record RunNowResult
{
    private RunNowResult() { }

    /// <summary>It will run, at once or when its turn comes.</summary>
    public sealed record Queued(Guid RunId) : RunNowResult;

    /// <summary>Refused by the overlap policy: <paramref name="RunId"/> is active.</summary>
    public sealed record AlreadyActive(Guid RunId) : RunNowResult;

    /// <summary>Refused: the key of the job's limit needs a parameter that was not given, such as <c>parameters.chip</c>.</summary>
    public sealed record ParameterMissing(string Parameter) : RunNowResult;

    /// <summary>There is no such job.</summary>
    public sealed record JobNotFound : RunNowResult;
}

/// <summary>What came of asking to run an ended run again. Closed: these and no others.</summary>
public abstract record RetryResult
{
    private RetryResult() { }

    /// <summary>A new run was made.</summary>
    public sealed record Queued(Guid RunId) : RetryResult;

    /// <summary>Refused by the overlap policy: <paramref name="RunId"/> is active.</summary>
    public sealed record AlreadyActive(Guid RunId) : RetryResult;

    /// <summary>Refused: the key of the job's limit needs a parameter that the run does not have.</summary>
    public sealed record ParameterMissing(JobName Job, string Parameter) : RetryResult;

    /// <summary>The run has not ended: it is still <paramref name="State"/>.</summary>
    public sealed record NotEnded(RunState State) : RetryResult;

    /// <summary>There is no such run.</summary>
    public sealed record RunNotFound : RetryResult;

    /// <summary>The run's job was removed.</summary>
    public sealed record JobNotFound(JobName Job) : RetryResult;
}

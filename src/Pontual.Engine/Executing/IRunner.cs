using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Executing;

/// <summary>Runs one kind of target. One instance serves all attempts at once.</summary>
public interface IRunner
{
    /// <summary>The target kind, as in a job's <c>target</c>: "http", "process", "handler".</summary>
    string Kind { get; }

    /// <summary>Checks a target's settings as they are written, without touching the outside. Paths are relative to the settings.</summary>
    /// <param name="settings">The target's settings.</param>
    /// <param name="tenant">Whose job it is.</param>
    IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant);

    /// <summary>Runs one attempt to its end.</summary>
    /// <param name="attempt">What to run and where its output goes.</param>
    /// <param name="cancellation">Fires on timeout, cancel, lost lease and node stop. The runner then stops the target, whole and within 2 s,
    /// and returns or throws <see cref="OperationCanceledException"/>; the caller knows the reason and makes the outcome.</param>
    /// <returns>What it came to. Failures of the target are outcomes, not exceptions; a thrown exception is recorded as a failure of kind <see cref="FailureKinds.Error"/>.</returns>
    Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation);
}

/// <summary>What a runner gets to know about the attempt it runs.</summary>
public sealed class AttemptContext
{
    /// <summary>The run, its job and its lease token.</summary>
    public required LeasedRun Leased { get; init; }

    /// <summary>Where what it prints goes.</summary>
    public required IAttemptOutput Output { get; init; }

    /// <summary>When the attempt began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The clock that timeouts inside the runner go by.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The target's settings with secrets and templates still unresolved.</summary>
    public JsonElement Settings => Leased.Job.Definition.Target.Settings;

    /// <summary>The token the runner gets; it also fires by itself when the job's timeout is over.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Asked just before something is done outside that cannot be taken back. False: the lease is over by its own time, though the timer that ends it
    /// may not have fired (a process that was stopped for a while wakes anywhere), and another node may have the run. Then return <see cref="Outcome.Interrupted"/>.</summary>
    public Func<bool> MayGoOn { get; init; } = static () => true;

    /// <summary>The same attempt with another target.</summary>
    public AttemptContext With(Target target) =>
        new()
        {
            Leased = Leased with { Job = Leased.Job with { Definition = Leased.Job.Definition with { Target = target } } },
            Output = Output,
            StartedAt = StartedAt,
            Time = Time,
            Cancellation = Cancellation,
            MayGoOn = MayGoOn,
            Whole = this,
        };

    private AttemptContext? Whole { get; init; }

    /// <summary>Why the cancellation fired; <see cref="StopReason.None"/> before. A token that fired without a reason was the timeout.</summary>
    public StopReason StopReason
    {
        get =>
            Whole?.StopReason is { } told ? told
            : field is StopReason.None && Cancellation.IsCancellationRequested ? StopReason.Timeout
            : field;
        set;
    }
}

/// <summary>Why an attempt is stopped before its own end.</summary>
public enum StopReason
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>It took longer than the job's timeout.</summary>
    Timeout,

    /// <summary>Somebody wished it.</summary>
    Cancelled,

    /// <summary>This node's lease is ending: nothing may go on running.</summary>
    LeaseLost,

    /// <summary>This node stops.</summary>
    NodeStopping,
}

/// <summary>Takes what an attempt prints. Thread-safe; never blocks on the store; keeps to the job's limits and says when it cut.</summary>
public interface IAttemptOutput
{
    /// <summary>Adds raw bytes as they came; decoded leniently (invalid UTF-8 becomes U+FFFD) when read.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Adds a line of text.</summary>
    void WriteLine(string line);

    /// <summary>Reports progress of 0 to 1 with an optional word; the latest one is shown while the run is active.</summary>
    void Progress(double fraction, string? note = null);
}

using Pontual.Engine.Jobs;

namespace Pontual.Engine.Runs;

/// <summary>A run that a node holds.</summary>
/// <remarks>
/// A lease is not a row of its own. A node's heartbeat keeps one lease for all it holds (so that renewing costs the same for one run and
/// for ten thousand), and every claim gives the run a <see cref="LeaseToken"/> one higher than any before:
/// <code>
///   node a   claim token 1 ───────── hangs ─────────────── settle with token 1: refused, 0 rows
///   node a's heartbeat ends ────┐
///   node b                      └─ rescue (settle "lease lost" with token 1) ─ claim token 2 ─ settle with token 2: done
/// </code>
/// A result is written only where the run still carries the token it was claimed with; a node whose heartbeat was refused stops by itself
/// before others may take over (<c>Nodes</c>).
/// </remarks>
/// <param name="Run">The run as claimed: its <see cref="Run.Attempt"/> counts this claim.</param>
/// <param name="Job">The job as it stood at the claim; its policies rule this attempt.</param>
/// <param name="LeaseToken">The fencing token of this claim.</param>
/// <param name="ClaimedAt">The instant of the claim, or the later one that it was armed for.</param>
public sealed record LeasedRun(Run Run, Job Job, long LeaseToken, DateTimeOffset ClaimedAt)
{
    /// <summary>Whether others may be able to start when this attempt ends: its job has slots, or it stands under a limit.</summary>
    public bool LetsOthersGo => IsLimited || Run.LimitKey is not null || Job.Definition.Slots is not null;

    /// <summary>Its queue has a limit over all nodes.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Why somebody wished to cancel it, in a word of <see cref="RunReason"/>; null when nobody did. Filled where a running run is found, not by a claim.</summary>
    public string? CancelReason { get; init; }

    /// <summary>It was claimed ahead of <see cref="ClaimedAt"/>, to begin then and not before.</summary>
    public bool IsArmed { get; init; }

    /// <summary>Whether it takes one of its job's slots, so that its end may let another run go. False only for a run of a job without limit.</summary>
    public bool TakesSlot { get; init; } = true;
}

/// <summary>One try of a run, kept when it was not the last: the last one's facts are the run's own.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Node">Who tried.</param>
/// <param name="StartedAt">When.</param>
/// <param name="FinishedAt">Until when.</param>
/// <param name="Outcome">"failed", "interrupted" or how the run ended.</param>
/// <param name="Reason">A word of <see cref="RunReason"/>.</param>
/// <param name="ResponseCode">HTTP status or exit code.</param>
/// <param name="Error">What went wrong.</param>
public sealed record Attempt(
    int Number,
    string? Node,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string Outcome,
    string? Reason,
    int? ResponseCode,
    string? Error
);

using Pontual.Engine.Runs;

namespace Pontual.Engine.Jobs;

/// <summary>A stored job: its definition and where its schedule and its totals stand.</summary>
public sealed record Job
{
    /// <summary>Its key in the store; never shown.</summary>
    public required long Id { get; init; }

    /// <summary>What it is.</summary>
    public required JobDefinition Definition { get; init; }

    /// <summary>Grows by one with each change of the definition; 1 at first.</summary>
    public required int Revision { get; init; }

    /// <summary>Set while it is paused.</summary>
    public Pause? Paused { get; init; }

    /// <summary>High-water mark: every occurrence up to and including this instant is accounted for.</summary>
    public required DateTimeOffset Mark { get; init; }

    /// <summary>The first occurrence after <see cref="Mark"/>; null when there is none.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>When it was first defined.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its definition last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What came of its runs so far.</summary>
    public JobTotals Totals { get; init; } = JobTotals.None;

    /// <summary>When it was last given back its first state; null for never.</summary>
    public DateTimeOffset? ResetAt { get; init; }

    /// <summary>Its name and its tenant.</summary>
    public JobName Name => Definition.Name;
}

/// <summary>Why a job does not run for now.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Reason">In the words of whoever paused it; null when not given.</param>
/// <param name="By">Who paused it.</param>
/// <param name="Until">When it goes on by itself; null means when it is resumed.</param>
public sealed record Pause(DateTimeOffset Since, string? Reason, string? By, DateTimeOffset? Until)
{
    /// <summary>Whether the pause holds at <paramref name="instant"/>: from <see cref="Since"/> on, until just before <see cref="Until"/>.</summary>
    public bool HoldsAt(DateTimeOffset instant) => Since <= instant && (Until is null || instant < Until);
}

/// <summary>Kept counters of a job's ended runs, so that no page has to count. Skipped runs are not in them.</summary>
/// <param name="Runs">Runs that ended by running.</param>
/// <param name="FailureStreak">Failed runs since the last success.</param>
/// <param name="LastRunId">The run that ended last; null before the first.</param>
/// <param name="LastState">How it ended.</param>
/// <param name="LastStartedAt">When it was first claimed.</param>
/// <param name="LastFinishedAt">When it ended.</param>
public sealed record JobTotals(
    long Runs,
    int FailureStreak,
    Guid? LastRunId,
    RunState? LastState,
    DateTimeOffset? LastStartedAt,
    DateTimeOffset? LastFinishedAt
)
{
    /// <summary>How long a successful run usually takes; null before the first.</summary>
    public TimeSpan? Usual { get; init; }

    /// <summary>How many successful runs in a row took much longer than usual.</summary>
    public int SlowStreak { get; init; }

    /// <summary>How long the last successful run took.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>How long after its due time the run that ended last began.</summary>
    public TimeSpan? LastLateness { get; init; }

    /// <summary>When the first of the failures in a row ended; null when the last run was well.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Never ran.</summary>
    public static JobTotals None { get; } = new(0, 0, null, null, null, null);
}

using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>A job, and where it stands.</summary>
public sealed record Job : JobDefinition
{
    /// <summary>When it is due next; null when that is not known.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>How it ran last; null for never.</summary>
    public LastRun? LastRun { get; init; }

    /// <summary>Since when and why it is paused; null when it is not.</summary>
    public Pause? Paused { get; init; }

    /// <summary>Grows with each change of the definition.</summary>
    public required int Revision { get; init; }

    /// <summary>How many runs have ended.</summary>
    public required long Runs { get; init; }

    /// <summary>Failed runs since the last that succeeded.</summary>
    public required int FailureStreak { get; init; }

    /// <summary>When it was defined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>For <c>ifMatch</c>: the change is refused when somebody else made one since.</summary>
    [JsonIgnore]
    public string ETag => $"\"{Revision}\"";
}

/// <summary>How a job ran last.</summary>
/// <param name="Id">The run.</param>
/// <param name="State"><c>succeeded</c>, <c>failed</c>, <c>cancelled</c> or <c>skipped</c>.</param>
/// <param name="StartedAt">When it started; null when it did not.</param>
/// <param name="FinishedAt">When it ended; null when it did not start.</param>
public sealed record LastRun(Guid Id, string State, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

/// <summary>Since when and why a job is paused.</summary>
/// <param name="Since">When it was paused.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
/// <param name="By">Who did it; null when that is not known.</param>
/// <param name="Until">When it goes on by itself; null for when somebody resumes it.</param>
public sealed record Pause(DateTimeOffset Since, string? Reason, string? By, DateTimeOffset? Until);

/// <summary>A wish to pause a job.</summary>
/// <param name="Reason">Why; at most 500 characters.</param>
/// <param name="Until">When it goes on by itself, in the future; null for when somebody resumes it.</param>
public sealed record PauseWish(string? Reason = null, DateTimeOffset? Until = null);

using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>A job that something else runs: when it reports, and how late it may. What is null has its default.</summary>
/// <remarks>Durations are texts such as <c>90s</c>, <c>1h30m</c> or <c>2d</c>.</remarks>
public record CheckDefinition
{
    /// <summary>Its name: 1 to 128 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for; at most 1000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>When it reports: every so often, or at the times of a cron expression.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>How late it may report, and how long it may run: <c>1s</c> to <c>366d</c>; by its frequency by default.</summary>
    public string? Grace { get; init; }

    /// <summary>Words to sort it by; at most 20.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}

/// <summary>A check, and how it stands.</summary>
public sealed record Check : CheckDefinition
{
    /// <summary><c>new</c>, <c>up</c>, <c>late</c>, <c>started</c>, <c>failing</c>, <c>down</c> or <c>paused</c>.</summary>
    public required string State { get; init; }

    /// <summary>When its next report is due; null when none is any more.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it is down unless it reports; null for never.</summary>
    public DateTimeOffset? AlertAfter { get; init; }

    /// <summary>The grace that holds.</summary>
    public required string EffectiveGrace { get; init; }

    /// <summary>How many pings there were.</summary>
    public required long Pings { get; init; }

    /// <summary>When the last one came; null before the first.</summary>
    public DateTimeOffset? LastPingAt { get; init; }

    /// <summary>When the last report of an end came; null before the first.</summary>
    public DateTimeOffset? LastEndAt { get; init; }

    /// <summary>Its exit code; null when it named none.</summary>
    public int? LastExitCode { get; init; }

    /// <summary>How long the last run took that told its start and its end; null before the first.</summary>
    public long? LastDurationMs { get; init; }

    /// <summary>When the run began that goes on; null for none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Failures since the last success.</summary>
    public required int Failures { get; init; }

    /// <summary>When the first of them came; null for none.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Since when and why it is paused; null when it is not.</summary>
    public Pause? Paused { get; init; }

    /// <summary>Where it reports: secret. Null without the scope operate.</summary>
    public string? PingUrl { get; init; }

    /// <summary>The line that reports a success; null without the scope operate.</summary>
    public string? Curl { get; init; }

    /// <summary>A picture of its state, for whoever has the address.</summary>
    public required string BadgeUrl { get; init; }

    /// <summary>Grows with each change of the definition.</summary>
    public required int Revision { get; init; }

    /// <summary>When it was defined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>For <c>ifMatch</c>: the change is refused when somebody else made one since.</summary>
    [JsonIgnore]
    public string ETag => $"\"{Revision}\"";
}

/// <summary>A ping that came.</summary>
/// <param name="At">When.</param>
/// <param name="Kind"><c>start</c>, <c>success</c> or <c>failure</c>.</param>
/// <param name="ExitCode">The exit code it named; null for none.</param>
/// <param name="RunId">The run it named; null for none.</param>
/// <param name="DurationMs">From the start of that run; null where that is not known.</param>
/// <param name="Method">How it was sent.</param>
/// <param name="Address">Where from; null where that is not known.</param>
/// <param name="UserAgent">By which program; null when it did not say.</param>
/// <param name="BodyBytes">How many bytes it came with.</param>
public sealed record Ping(
    DateTimeOffset At,
    string Kind,
    int? ExitCode,
    Guid? RunId,
    long? DurationMs,
    string Method,
    string? Address,
    string? UserAgent,
    long BodyBytes
);

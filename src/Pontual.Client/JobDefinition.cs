using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>What a job is: the target, when it runs, and by which rules. What is null has its default.</summary>
/// <remarks>Durations are texts such as <c>500ms</c>, <c>90s</c>, <c>1h30m</c> or <c>2d</c>.</remarks>
public record JobDefinition
{
    /// <summary>Its name: 1 to 128 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for; at most 1000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>When it is due; null for only when somebody asks.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>What it runs.</summary>
    public required Target Target { get; init; }

    /// <summary>Longest time of an attempt, <c>1s</c> to <c>7d</c>; 5 minutes by default.</summary>
    public string? Timeout { get; init; }

    /// <summary>When it is due while it runs: <c>skip</c> (the default), <c>buffer-one</c>, <c>buffer-all</c>, <c>cancel-running</c> or <c>allow</c>.</summary>
    public string? Overlap { get; init; }

    /// <summary>What was missed: <c>none</c>, <c>latest</c> (the default) or <c>all</c>.</summary>
    [JsonPropertyName("catch-up")]
    public string? CatchUp { get; init; }

    /// <summary>How far back <c>all</c> reaches; a day by default.</summary>
    [JsonPropertyName("catch-up-window")]
    public string? CatchUpWindow { get; init; }

    /// <summary>Further attempts after a failure; none by default.</summary>
    public Retry? Retry { get; init; }

    /// <summary>Whether a stale or failing job makes the whole system critical.</summary>
    public bool? Critical { get; init; }

    /// <summary>Longest time from due to start, or <c>auto</c> (the default): by its schedule.</summary>
    public string? Sla { get; init; }

    /// <summary>Its queue; <c>default</c> by default.</summary>
    public string? Queue { get; init; }

    /// <summary>-10 to 10; 10 goes first, 0 by default.</summary>
    public int? Priority { get; init; }

    /// <summary>Most runs at once, 1 to 10000; only with the overlap <c>allow</c>.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The limit that all runs of the same key share.</summary>
    public JobLimit? Limit { get; init; }

    /// <summary>A log file of its own, rotated.</summary>
    public string? Log { get; init; }
}

/// <summary>When a job is due: exactly one of <see cref="Cron"/>, <see cref="Every"/>, <see cref="Delay"/> and <see cref="At"/> is set.</summary>
public sealed record Schedule
{
    /// <summary>A cron expression of 5 to 7 fields, <c>@daily</c> and its likes, <c>@every 90s</c> or <c>@reboot</c>.</summary>
    public string? Cron { get; init; }

    /// <summary>A fixed rate, as a duration.</summary>
    public string? Every { get; init; }

    /// <summary>From the end of one run to the next, as a duration.</summary>
    public string? Delay { get; init; }

    /// <summary>Once: a local time of the zone, or an instant.</summary>
    public string? At { get; init; }

    /// <summary>An IANA id; America/Sao_Paulo by default.</summary>
    public string? Zone { get; init; }

    /// <summary>Of <see cref="Every"/>: from when on it is counted.</summary>
    public string? From { get; init; }

    /// <summary>Of <see cref="Cron"/>: what becomes of times that a change of the clock skips or repeats.</summary>
    public ClockChanges? Dst { get; init; }

    /// <summary>Of <see cref="Cron"/>: whose grammar it follows: <c>pontual</c> (the default), <c>crontab</c> or <c>quartz</c>.</summary>
    public string? Dialect { get; init; }

    /// <summary>Spreads due times by up to so much, always the same for the same time.</summary>
    public string? Jitter { get; init; }

    /// <summary>Of <see cref="Cron"/>: <c>next-business-day</c> or <c>previous-business-day</c> takes the times of a day that is none.</summary>
    public string? Shift { get; init; }

    /// <summary>The first time it may be due: a date, a local time or an instant.</summary>
    public string? Start { get; init; }

    /// <summary>The last time it may be due; a date means all of that day.</summary>
    public string? End { get; init; }

    /// <summary>The calendars it keeps to: a name, a calendar of its own, or a list of both.</summary>
    public JsonElement? Only { get; init; }

    /// <summary>The calendars it leaves out: a name, a calendar of its own, or a list of both.</summary>
    public JsonElement? Except { get; init; }
}

/// <summary>What becomes of times that a change of the clock skips or repeats.</summary>
/// <param name="Gap">Skipped times: <c>run-at-end</c>, <c>run-shifted</c> or <c>skip</c>.</param>
/// <param name="Overlap">Repeated times: <c>first</c>, <c>second</c> or <c>both</c>.</param>
public sealed record ClockChanges(string? Gap = null, string? Overlap = null);

/// <summary>Further attempts after a failure.</summary>
/// <param name="Attempts">In all, the first included; 1 to 100.</param>
/// <param name="Backoff">Shortest and longest wait: <c>5s..1m</c>.</param>
/// <param name="On">After which failures: <c>network</c>, <c>timeout</c>, <c>5xx</c>, <c>429</c>, <c>4xx</c>, <c>exit</c>, <c>error</c>, <c>lease-lost</c>, <c>target</c>, <c>circuit-open</c>.</param>
public sealed record Retry(int Attempts, string? Backoff = null, IReadOnlyList<JsonElement>? On = null);

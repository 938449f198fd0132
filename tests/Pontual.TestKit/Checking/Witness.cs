using Pontual.Engine.Runs;

namespace Pontual.TestKit.Checking;

/// <summary>What was seen outside the product's database while it ran, and what the database says in the end. The checker holds one against the other.</summary>
public sealed class Witness
{
    /// <summary>What every job should have done, by an oracle that shares no code with the product.</summary>
    public required IReadOnlyList<ExpectedJob> Jobs { get; init; }

    /// <summary>Starts as the targets saw them, in the order of their times.</summary>
    public required IReadOnlyList<SinkStart> Starts { get; init; }

    /// <summary>Ends as the targets saw them.</summary>
    public required IReadOnlyList<SinkEnd> Ends { get; init; }

    /// <summary>Faults that were made, with the time until which they may have had an effect.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Pauses that somebody was told had begun.</summary>
    public IReadOnlyList<PausedJob> Pauses { get; init; } = [];

    /// <summary>Limits that held all the time.</summary>
    public IReadOnlyList<ExpectedLimit> Limits { get; init; } = [];

    /// <summary>Every run row, read in the end.</summary>
    public required IReadOnlyList<Run> Rows { get; init; }

    /// <summary>Occurrences after this instant are not judged: they may still be on their way.</summary>
    public required DateTimeOffset JudgedUntil { get; init; }
}

/// <summary>What one job should have done.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Occurrences">Every instant at which it was due, rising.</param>
/// <param name="Exclusive">Two of its attempts must never run at once.</param>
/// <param name="MaxAttempts">Of its retry policy.</param>
public sealed record ExpectedJob(string Name, IReadOnlyList<DateTimeOffset> Occurrences, bool Exclusive, int MaxAttempts);

/// <summary>A limit that jobs share.</summary>
/// <param name="Name">Its key or queue.</param>
/// <param name="Jobs">The jobs under it.</param>
/// <param name="AtOnce">Most attempts at once; null for any number.</param>
/// <param name="Rate">Most starts in a period; null for any number.</param>
public sealed record ExpectedLimit(string Name, IReadOnlySet<string> Jobs, int? AtOnce, ExpectedRate? Rate);

/// <summary>Most starts in a period: in any window as long, <paramref name="Count"/> + <paramref name="Burst"/> − 1.</summary>
public sealed record ExpectedRate(int Count, TimeSpan Period, int Burst);

/// <summary>A job that was paused: nothing that came due meanwhile may start.</summary>
/// <param name="Job">Its name.</param>
/// <param name="From">From when on, by the product's clock.</param>
/// <param name="Until">When it was resumed; exclusive.</param>
/// <param name="SetAt">When it was paused, by the target's clock.</param>
public sealed record PausedJob(string Job, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset SetAt);

/// <summary>A target saw an attempt begin.</summary>
/// <param name="Job">The job it was told.</param>
/// <param name="DueAt">The due time it was told.</param>
/// <param name="RunId">The run it was told.</param>
/// <param name="Token">The fencing token it was told.</param>
/// <param name="At">When, by the target's clock.</param>
/// <param name="Skew">How far the product's clock was ahead of the target's then; nothing unless somebody set it.</param>
/// <param name="Node">The process that called, as it named itself; null where nobody can tell.</param>
/// <param name="IsProcess">It is a process of the node's own, which must not outlive its lease.</param>
public sealed record SinkStart(
    string Job,
    DateTimeOffset DueAt,
    Guid RunId,
    long Token,
    DateTimeOffset At,
    TimeSpan Skew = default,
    string? Node = null,
    bool IsProcess = false
);

/// <summary>A target saw an attempt end: by itself, or because whoever ran it died.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Token">The attempt's token.</param>
/// <param name="At">When.</param>
/// <param name="Succeeded">It did its work.</param>
/// <param name="Broken">It was cut short from outside: whoever ran it died, was stopped or gave up. No failure of its own that a retry policy answers.</param>
public sealed record SinkEnd(Guid RunId, long Token, DateTimeOffset At, bool Succeeded, bool Broken = false);

/// <summary>A fault and how long it may have mattered (takeover included).</summary>
/// <param name="What">What was done.</param>
/// <param name="From">Since when it may have mattered.</param>
/// <param name="Until">Until when.</param>
/// <param name="Node">The only process it can have hit; null when it can have hit all.</param>
public sealed record Fault(string What, DateTimeOffset From, DateTimeOffset Until, string? Node = null);

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">lost, phantom, double, miscounted, early, paused, overlap, token, unexplained, ghost, silent, stuck, malformed or over-limit.</param>
/// <param name="Job">Whose.</param>
/// <param name="Evidence">What was seen.</param>
public sealed record Verdict(string Kind, string Job, string Evidence);

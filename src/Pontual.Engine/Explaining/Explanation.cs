namespace Pontual.Engine.Explaining;

/// <summary>Why a job ran, did not run, or waits: one sentence, and what it rests on.</summary>
/// <param name="Verdict">What became of it, for programs: a word of <see cref="Verdicts"/>.</param>
/// <param name="Sentence">Why, for people, in English; times by the schedule's own clocks.</param>
/// <param name="Facts">What the sentence rests on, in the order in which it is told.</param>
public sealed record Explanation(string Verdict, string Sentence, IReadOnlyList<WhyFact> Facts)
{
    /// <summary>The run that it is about; null for none.</summary>
    public Guid? Run { get; init; }
}

/// <summary>Something the ledger, the audit log or the nodes say.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="Value">How it is.</param>
public sealed record WhyFact(string Name, string Value);

/// <summary>The words for what became of it.</summary>
public static class Verdicts
{
    /// <summary>It ran, and ended well.</summary>
    public const string Ran = "ran";

    /// <summary>It ran, and failed.</summary>
    public const string Failed = "failed";

    /// <summary>It was cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>It runs.</summary>
    public const string Running = "running";

    /// <summary>It was due, and by a rule did not run.</summary>
    public const string Skipped = "skipped";

    /// <summary>It is to run, and has not begun.</summary>
    public const string Waiting = "waiting";

    /// <summary>It is not due then, by its schedule.</summary>
    public const string NotDue = "not-due";

    /// <summary>The job is paused.</summary>
    public const string Paused = "paused";

    /// <summary>There was no such job then.</summary>
    public const string NotDefined = "not-defined";

    /// <summary>It was due, and nobody has decided about it: what should never last.</summary>
    public const string Owed = "owed";

    /// <summary>It was due, and its record is not kept any more.</summary>
    public const string Forgotten = "forgotten";
}

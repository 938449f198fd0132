namespace Pontual.Client;

/// <summary>Why a job ran, did not run, or waits.</summary>
/// <param name="Job">The job.</param>
/// <param name="Verdict"><c>ran</c>, <c>failed</c>, <c>cancelled</c>, <c>running</c>, <c>skipped</c>, <c>waiting</c>, <c>not-due</c>, <c>paused</c>, <c>not-defined</c>, <c>owed</c> or <c>forgotten</c>.</param>
/// <param name="Sentence">Why, in English.</param>
/// <param name="RunId">The run it is about; null for none.</param>
/// <param name="Facts">What the sentence rests on, in the order in which it is told.</param>
public sealed record Explanation(string Job, string Verdict, string Sentence, Guid? RunId, IReadOnlyList<Fact> Facts);

/// <summary>Something the records say.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="Value">How it is.</param>
public sealed record Fact(string Name, string Value);

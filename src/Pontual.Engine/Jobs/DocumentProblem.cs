namespace Pontual.Engine.Jobs;

/// <summary>One thing wrong in a document a person wrote: where, which rule, what to do next.</summary>
/// <param name="Path">JSON pointer (RFC 6901) from the document's root: <c>/jobs/3/schedule/cron</c>. Empty for the document itself.</param>
/// <param name="Rule">A stable word for the rule: "unknown-key", "required", "cron", "duration", "enum", …</param>
/// <param name="Message">What is wrong, quoting what was found.</param>
/// <param name="Fix">What is allowed, or the next step.</param>
/// <param name="Column">1-based place inside the value, where the rule knows one (cron).</param>
public sealed record DocumentProblem(string Path, string Rule, string Message, string Fix, int? Column = null);

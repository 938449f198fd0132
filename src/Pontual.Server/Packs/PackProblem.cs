namespace Pontual.Server.Packs;

/// <summary>One thing wrong in a file, with its place.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">JSON pointer of the value; empty for the file itself.</param>
/// <param name="Rule">A stable word for the rule.</param>
/// <param name="Message">What is wrong, quoting what was found.</param>
/// <param name="Fix">What is allowed, or the next step.</param>
public sealed record PackProblem(string File, int Line, int Column, string Path, string Rule, string Message, string Fix)
{
    /// <summary>One line: <c>jobs.yaml:3:15: cron: what is wrong. Fix: the next step.</c></summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Rule}: {Message}. Fix: {Fix}.";
}

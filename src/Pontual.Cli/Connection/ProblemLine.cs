using System.Text.Json;
using Pontual.Cli.Terminal;
using Pontual.Engine.Jobs;

namespace Pontual.Cli.Connection;

/// <summary>One problem of a document as one line: where, what, and what to do.</summary>
internal static class ProblemLine
{
    /// <summary>A problem as the API says it.</summary>
    public static string Of(JsonElement problem) =>
        Line(
            problem.Text("path") ?? problem.Text("field"),
            problem.Text("column"),
            problem.Text("message") ?? problem.GetRawText(),
            problem.Text("fix")
        );

    /// <summary>A problem as the reader of documents says it.</summary>
    public static string Of(DocumentProblem problem) =>
        Line(problem.Path, problem.Column?.ToString(System.Globalization.CultureInfo.InvariantCulture), problem.Message, problem.Fix);

    private static string Line(string? path, string? column, string message, string? fix)
    {
        var place = path is { Length: > 0 } ? path + (column is null ? "" : $" (column {column})") + ": " : "";
        return $"{place}{message}{(fix is { Length: > 0 } ? $" {Sentence(fix)}" : "")}";
    }

    private static string Sentence(string fix) => char.ToUpperInvariant(fix[0]) + fix[1..];
}

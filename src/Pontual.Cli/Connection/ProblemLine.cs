using System.Text.Json;
using Pontual.Cli.Commands;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Connection;

/// <summary>One problem of a document, as the API says it, on one line: where, what, and what to do.</summary>
internal static class ProblemLine
{
    /// <summary>A problem in what this command sent.</summary>
    /// <param name="problem">An element of <c>errors</c>.</param>
    /// <param name="definitions">The document it is in, when it came from files.</param>
    public static string Of(JsonElement problem, Definitions? definitions = null)
    {
        var message = problem.Text("message") ?? problem.GetRawText();
        var fix = problem.Text("fix") is { Length: > 0 } step ? $". Fix: {step}." : "";
        return $"{Place(problem, definitions)}{message}{fix}";
    }

    private static string Place(JsonElement problem, Definitions? definitions)
    {
        if (definitions is { Name.Length: > 0 } && problem.Text("line") is { } line)
        {
            return $"{definitions.Name}:{line}:{problem.Text("column") ?? "1"}: ";
        }

        if (definitions is { Jobs.Count: > 0 } && JobOf(problem.Text("path"), definitions) is { } inJob)
        {
            return $"{inJob}: ";
        }

        var field = problem.Text("field") ?? problem.Text("path");
        return field is not { Length: > 0 } ? ""
            : problem.Text("column") is { } column ? $"{field} (column {column}): "
            : $"{field}: ";
    }

    /// <summary><c>/jobs/3/target/http</c> in a document made of several files: "job sync, target.http".</summary>
    private static string? JobOf(string? path, Definitions definitions) =>
        path?.Split('/') is ["", "jobs", var number, .. var rest] && int.TryParse(number, out var index) && index < definitions.Jobs.Count
            ? $"job {definitions.Jobs[index]}{(rest.Length > 0 ? $", {string.Join('.', rest)}" : "")}"
            : null;
}

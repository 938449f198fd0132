using System.Text.Json.Serialization;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Server.Api;

/// <summary>One entry of <c>errors</c>: what is wrong, where, and what to do.</summary>
internal sealed record ErrorView
{
    /// <summary>JSON pointer.</summary>
    public required string Path { get; init; }

    /// <summary>The path in dots, as people say it: <c>schedule.cron</c>.</summary>
    public string Field =>
        Path.TrimStart('/').Replace('/', '.').Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    public required string Rule { get; init; }
    public required string Message { get; init; }
    public required string Fix { get; init; }

    /// <summary>From 1, inside the value; of a file of definitions, in its line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Column { get; init; }

    /// <summary>From 1, in a file of definitions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    public static ErrorView Of(DocumentProblem problem) =>
        new()
        {
            Path = problem.Path,
            Rule = problem.Rule,
            Message = problem.Message,
            Fix = problem.Fix,
            Column = problem.Column,
        };

    public static ErrorView Of(PackProblem problem) =>
        new()
        {
            Path = problem.Path,
            Rule = problem.Rule,
            Message = problem.Message,
            Fix = problem.Fix,
            Column = problem.Column,
            Line = problem.Line,
        };
}

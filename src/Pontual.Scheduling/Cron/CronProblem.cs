namespace Pontual.Scheduling.Cron;

/// <summary>What is wrong with the text of a cron expression, for a person to mend it.</summary>
/// <param name="Message">A sentence that says what is wrong and what would be right.</param>
/// <param name="Column">Where, from 1, in the text as it was given; one past its end when something is missing there.</param>
/// <param name="Field">The field's name (second, minute, hour, day of month, month, day of week, year), or "expression" for the whole.</param>
/// <param name="Suggestion">What most likely is meant: a whole expression that parses and fires (or <c>@every 90m</c>, which <c>Schedule.Parse</c> reads); null when nothing is likely.</param>
public sealed record CronProblem(string Message, int Column, string Field, string? Suggestion = null)
{
    /// <summary>The <see cref="Field"/> of a problem that belongs to no single field.</summary>
    public const string WholeExpression = "expression";

    /// <inheritdoc/>
    public override string ToString() =>
        Suggestion is null ? $"{Field}, column {Column}: {Message}" : $"{Field}, column {Column}: {Message} Did you mean '{Suggestion}'?";
}

/// <summary>A text is not a cron expression.</summary>
public sealed class CronFormatException(CronProblem problem) : FormatException(problem.ToString())
{
    /// <summary>What is wrong, and where.</summary>
    public CronProblem Problem { get; } = problem;
}

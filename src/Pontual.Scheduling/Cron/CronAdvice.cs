namespace Pontual.Scheduling.Cron;

/// <summary>
/// What a wrong text most likely means: small repairs are tried, likeliest first, and the first whole text that parses and fires is proposed. Never on
/// the way of a right text, and bounded for a hostile one.
/// </summary>
internal static class CronAdvice
{
    // A text with several faults is mended one after another.
    private const int MostFaults = 3;
    private const int MostTries = 8;
    private const string Every = "@every ";

    /// <summary>The problem with what may have been meant.</summary>
    public static CronProblem Of(string text, ParseOptions options, CronProblem problem)
    {
        var tries = MostTries;
        var meant = text.Length > CronExpression.MaxLength ? null : Search(text, options, problem, MostFaults, ref tries);
        return meant is null ? problem : problem with { Suggestion = meant };
    }

    /// <summary>Why an expression never fires; null when it does.</summary>
    public static CronProblem? OfNever(CronExpression expression)
    {
        if (!expression.NeverFires)
        {
            return null;
        }

        var text = new FieldTexts(expression.ToString());
        var date = text.Field(CronField.DayOfMonth);
        var problem = new CronProblem(
            $"Day of month '{date}': '{expression}' never fires, for no month it names has such a day (28 to 31 days; 29 in February of a leap year).",
            expression.ToString().IndexOf($" {date} ", StringComparison.Ordinal) + 2,
            CronField.DayOfMonth.Name
        );
        var last = text.With(CronField.DayOfMonth, "L");
        return Fires(last, ParseOptions.Default, out _) ? problem with { Suggestion = last } : problem;
    }

    private static string? Search(string text, ParseOptions options, CronProblem problem, int faults, ref int tries)
    {
        List<(string Text, CronProblem Problem)> halfMended = [];
        var fields = new FieldTexts(text);
        foreach (var candidate in Repairs(text, fields, options.Dialect, problem, faults == MostFaults))
        {
            if (candidate.Equals(text, StringComparison.OrdinalIgnoreCase) || candidate.Length > CronExpression.MaxLength)
            {
                continue;
            }

            if (--tries < 0)
            {
                return null;
            }

            if (Fires(candidate, options, out var next))
            {
                return candidate;
            }

            if (next is not null && (next.Field != problem.Field || next.Column > problem.Column))
            {
                halfMended.Add((candidate, next));
            }
        }

        return Swapped(fields, options, problem) ?? SearchOn(halfMended, options, faults, ref tries);
    }

    private static string? SearchOn(List<(string Text, CronProblem Problem)> halfMended, ParseOptions options, int faults, ref int tries)
    {
        foreach (var (text, problem) in halfMended)
        {
            if (faults > 1 && Search(text, options, problem, faults - 1, ref tries) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static IEnumerable<string> Repairs(string text, FieldTexts fields, CronDialect dialect, CronProblem problem, bool isOriginal) =>
        problem.Field == CronProblem.WholeExpression
            ? WholeRepairs.Of(text, dialect)
            : WholeRepairs
                .OfSigns(text)
                .Concat(isOriginal ? StepRepairs.AsPeriod(fields, problem, dialect) : [])
                .Concat(FieldRepairs.Of(fields, problem, dialect))
                .Concat(WholeRepairs.OfCount(text, dialect));

    // Only where it is the whole mistake: two fields that could change places mean little beside another fault.
    private static string? Swapped(FieldTexts fields, ParseOptions options, CronProblem problem) =>
        problem.Field == CronProblem.WholeExpression
            ? null
            : FieldRepairs.Swaps(fields, problem).FirstOrDefault(candidate => Fires(candidate, options, out _));

    private static bool Fires(string text, ParseOptions options, out CronProblem? problem)
    {
        problem = null;
        return text.StartsWith(Every, StringComparison.Ordinal)
            ? options.Dialect == CronDialect.Pontual && IsPeriod(text.AsSpan(Every.Length))
            : CronReader.Try(text, options, out problem) is { NeverFires: false };
    }

    // Schedules read periods of up to 366 days; four digits of minutes are fewer.
    private static bool IsPeriod(ReadOnlySpan<char> text) =>
        text is [.. var number, var unit] && int.TryParse(number, out var count) && count > 0 && (unit != 'h' || count <= 366 * 24);
}

/// <summary>The fields of a text, to be exchanged one by one. It may have too few or too many.</summary>
internal sealed class FieldTexts(string text)
{
    private readonly string[] _fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    public int Count => _fields.Length;

    public string this[int index] => _fields[index];

    /// <summary>Where a field stands, by how many there are.</summary>
    public int IndexOf(CronField field) => Array.IndexOf(CronField.InOrder, field) - (Count == 5 ? 1 : 0);

    public string Field(CronField field) => IndexOf(field) is var at && at >= 0 && at < Count ? _fields[at] : "";

    public string With(CronField field, string written) => With((field, written));

    public string With(params ReadOnlySpan<(CronField Field, string Written)> changes)
    {
        var fields = _fields.ToArray();
        foreach (var (field, written) in changes)
        {
            var at = IndexOf(field);
            if (at >= 0 && at < Count)
            {
                fields[at] = written;
            }
        }

        return string.Join(' ', fields);
    }

    /// <summary>The first so many fields.</summary>
    public string First(int count) => string.Join(' ', _fields.Take(count));

    /// <summary>Whether a field is the only one that says more than when to begin: every one before it is a number, every one after it open.</summary>
    public bool IsAlone(CronField field) =>
        _fields.Take(IndexOf(field)).All(written => int.TryParse(written, out _))
        && _fields.Skip(IndexOf(field) + 1).All(written => written is "*" or "?");
}

using System.Text.RegularExpressions;

namespace Pontual.Scheduling.Cron;

/// <summary>Steps that a field cannot hold: <c>*/60</c> minutes is an hour, <c>*/90</c> a period.</summary>
internal static partial class StepRepairs
{
    private static readonly (CronField Field, CronField? Larger, char Unit)[] Units =
    [
        (CronField.Second, CronField.Minute, 's'),
        (CronField.Minute, CronField.Hour, 'm'),
        (CronField.Hour, null, 'h'),
    ];

    public static IEnumerable<string> Of(FieldTexts text, CronField field, string written)
    {
        var unit = Array.Find(Units, known => known.Field == field);
        if (unit.Field is null || Whole().Match(written) is not { Success: true } match)
        {
            yield break;
        }

        var step = int.Parse(match.Groups[1].Value);
        if (step == field.Count)
        {
            // Once in the next larger unit: at its beginning, so the smaller ones are no longer every.
            yield return field == CronField.Hour && text.Field(CronField.Minute) == "*"
                ? text.With((CronField.Hour, "0"), (CronField.Minute, "0"))
                : text.With(field, "0");
        }
        else if (unit.Larger is { } larger && step % field.Count == 0 && step / field.Count < larger.Count && text.Field(larger) == "*")
        {
            yield return text.With((field, "0"), (larger, $"*/{step / field.Count}"));
        }
    }

    /// <summary>As a period, where nothing else is said: a schedule reads it.</summary>
    public static IEnumerable<string> AsPeriod(FieldTexts text, CronProblem problem, CronDialect dialect)
    {
        var unit = Array.Find(Units, known => known.Field.Name == problem.Field);
        if (
            dialect == CronDialect.Pontual
            && unit.Field is { } field
            && text.IsAlone(field)
            && Whole().Match(text.Field(field)) is { Success: true } match
            && int.Parse(match.Groups[1].Value) is var step
            && step > field.Count
            && (unit.Larger is null || step % field.Count != 0)
        )
        {
            yield return $"@every {step}{unit.Unit}";
        }
    }

    [GeneratedRegex(@"\A[*0]/([0-9]{2,4})\z")]
    private static partial Regex Whole();
}

/// <summary>What a plain crontab has no short form for, written out.</summary>
internal static partial class CrontabRepairs
{
    public static IEnumerable<string> Of(CronField field, string written)
    {
        yield return string.Join(',', written.Split(',').Select(item => Unfold(field, item)));
    }

    private static string Unfold(CronField field, string item)
    {
        if (Stepped().Match(item) is { Success: true } stepped)
        {
            return $"{stepped.Groups[1]}-{field.LastOwn}/{stepped.Groups[2]}";
        }

        if (Range().Match(item) is not { Success: true } range)
        {
            return item;
        }

        var (first, last) = (ValueOf(field, range.Groups[1].Value), ValueOf(field, range.Groups[2].Value));
        return first < 0 || last < 0 || first <= last ? item
            : field.IsDayOfWeek && last == 0 ? $"{first}-7"
            : $"{first}-{field.LastOwn},{field.First}-{last}";
    }

    private static int ValueOf(CronField field, string text) => int.TryParse(text, out var number) ? number : field.ValueOf(text);

    [GeneratedRegex(@"\A([0-9]{1,2})/([0-9]{1,2})\z")]
    private static partial Regex Stepped();

    [GeneratedRegex(@"\A([0-9]{1,2}|[A-Z]{3})-([0-9]{1,2}|[A-Z]{3})\z")]
    private static partial Regex Range();
}

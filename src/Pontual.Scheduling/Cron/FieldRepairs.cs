using System.Text.RegularExpressions;

namespace Pontual.Scheduling.Cron;

/// <summary>Repairs of one wrong field, likeliest first.</summary>
internal static partial class FieldRepairs
{
    /// <summary>Fields that people take for one another.</summary>
    private static readonly (CronField One, CronField Other)[] Neighbours =
    [
        (CronField.Minute, CronField.Hour),
        (CronField.DayOfMonth, CronField.Month),
        (CronField.Month, CronField.DayOfWeek),
        (CronField.DayOfMonth, CronField.DayOfWeek),
        (CronField.DayOfWeek, CronField.Year),
    ];

    public static IEnumerable<string> Of(FieldTexts text, CronProblem problem, CronDialect dialect)
    {
        var field = CronField.Named(problem.Field);
        var written = text.Field(field).ToUpperInvariant();
        var days = dialect == CronDialect.Quartz ? QuartzDays(text) : [];
        var texts = Words(field, written)
            .Concat(Ends(field, written))
            .Concat(SpecialDays(field, written))
            .Concat(dialect == CronDialect.Crontab ? CrontabRepairs.Of(field, written) : [])
            .Concat(Signs(written));
        return days.Concat(Times(text, field, written))
            .Concat(StepRepairs.Of(text, field, written))
            .Concat(texts.Select(mended => text.With(field, mended)));
    }

    /// <summary>The wrong field in the place of one that is often taken for it.</summary>
    public static IEnumerable<string> Swaps(FieldTexts text, CronProblem problem) =>
        from pair in Neighbours
        where pair.One.Name == problem.Field || pair.Other.Name == problem.Field
        let one = text.Field(pair.One)
        let other = text.Field(pair.Other)
        where one.Length > 0 && other.Length > 0 && one != other
        select text.With((pair.One, other), (pair.Other, one));

    private static IEnumerable<string> Words(CronField field, string written)
    {
        if (field.Names.Length > 0 && written.Any(char.IsAsciiLetter))
        {
            yield return Letters().Replace(written, word => KnownNames.Find(field, word.Value) ?? word.Value);
        }
    }

    /// <summary>One past the end is the first value where it stands alone, and the last one at the end of a range.</summary>
    private static IEnumerable<string> Ends(CronField field, string written)
    {
        if (field.First == 0 && !field.IsDayOfWeek)
        {
            yield return Numbers()
                .Replace(
                    written,
                    number =>
                        number.Value != $"{field.Last + 1}" ? number.Value
                        : number.Index > 0 && written[number.Index - 1] == '-' ? $"{field.Last}"
                        : "0"
                );
        }
        else if (field.First == 1)
        {
            yield return Numbers().Replace(written, number => number.Value.Trim('0').Length == 0 ? "1" : number.Value);
        }
        else if (field.IsYear)
        {
            yield return Numbers().Replace(written, number => number.Length == 2 ? $"20{number.Value}" : number.Value);
            yield return Reversed().Replace(written, range => $"{range.Groups[2]}-{range.Groups[1]}");
        }
    }

    private static IEnumerable<string> SpecialDays(CronField field, string written)
    {
        if (field.IsDayOfMonth)
        {
            yield return SwappedDay().Replace(written, day => $"{day.Groups[2]}{day.Groups[1]}");
            yield return written == "W" ? "LW" : written;
            yield return written.EndsWith('W') ? written[..^1] : written; // L-3W
        }
        else if (field.IsDayOfWeek)
        {
            yield return written is "L" or "W" or "0"
                ? (
                    written is "L" ? "6"
                    : written is "W" ? "1-5"
                    : "1"
                )
                : written;
            yield return SwappedDay().Replace(written, day => $"{day.Groups[2]}{day.Groups[1]}");
            yield return SixthOfMonth().Replace(written, day => $"{day.Groups[1]}L");
            yield return NamedNth().Replace(written, day => $"{day.Groups[1]}#{day.Groups[2]}");
            yield return NthNamed().Replace(written, day => $"{day.Groups[2]}#{day.Groups[1]}");
        }
    }

    private static IEnumerable<string> Signs(string written)
    {
        if (written.Contains('?'))
        {
            yield return written.Length == 1 ? "*" : written.Replace("?", "");
        }

        yield return StarNumber().Replace(written, "*/$1");
        yield return StepUnit().Replace(written.Replace("/-", "/").Replace("//", "/").Replace("**", "*"), "/$1");
        yield return written.StartsWith('/') ? "*" + written : written;
        yield return written.Replace("/0", "").Replace("/*", "");
        yield return string.Join(
            ',',
            written.Split([',', ';', '.'], StringSplitOptions.RemoveEmptyEntries).Select(item => item.Trim('-', '/'))
        );
    }

    /// <summary>A time of day where a number belongs: 9:30, 9h, 9am.</summary>
    private static IEnumerable<string> Times(FieldTexts text, CronField field, string written)
    {
        if ((field == CronField.Minute || field == CronField.Hour) && TimeOfDay.Read(written) is var (hour, minute))
        {
            var keepsMinute = field == CronField.Hour && minute is null && int.TryParse(text.Field(CronField.Minute), out _);
            var minuteText = keepsMinute ? text.Field(CronField.Minute) : $"{minute ?? 0}";
            yield return text.With((CronField.Minute, minuteText), (CronField.Hour, $"{hour}"));
        }
    }

    // Quartz leaves one of the day fields open by '?'.
    private static IEnumerable<string> QuartzDays(FieldTexts text)
    {
        var (date, week) = (text.Field(CronField.DayOfMonth), text.Field(CronField.DayOfWeek));
        if (week is "*" or "?")
        {
            yield return text.With((CronField.DayOfMonth, date == "?" ? "*" : date), (CronField.DayOfWeek, "?"));
        }
        else if (date == "*")
        {
            yield return text.With(CronField.DayOfMonth, "?");
        }
    }

    [GeneratedRegex("[A-Z]{3,}(-FEIRA)?")]
    private static partial Regex Letters();

    [GeneratedRegex("(?<![/#0-9])[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("([0-9]{4})-([0-9]{4})")]
    private static partial Regex Reversed();

    [GeneratedRegex("(?<![A-Z0-9])([LW])([0-9]{1,2})")]
    private static partial Regex SwappedDay();

    [GeneratedRegex("([0-7]|[A-Z]{3})#[0-9]+")]
    private static partial Regex SixthOfMonth();

    [GeneratedRegex("(?<![A-Z])([A-Z]{3})([1-5])")]
    private static partial Regex NamedNth();

    [GeneratedRegex("([1-5])#?([A-Z]{3})")]
    private static partial Regex NthNamed();

    [GeneratedRegex("\\*\\\\?([0-9]+)")]
    private static partial Regex StarNumber();

    [GeneratedRegex("/([0-9]+)[A-Z]+")]
    private static partial Regex StepUnit();
}

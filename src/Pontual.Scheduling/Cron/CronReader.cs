namespace Pontual.Scheduling.Cron;

/// <summary>Reads a whole expression: checks its characters, knows the macros, counts the fields and gives each to a <see cref="FieldReader"/>.</summary>
internal static class CronReader
{
    private const int MostFields = 7;

    /// <returns>The expression, or null with what is wrong.</returns>
    public static CronExpression? Read(string? text, ParseOptions options, out CronProblem? problem)
    {
        _ = options;
        problem = CheckCharacters(text);
        if (problem is not null)
        {
            return null;
        }

        var trimmed = text.AsSpan().Trim(" \t");
        return trimmed[0] == '@' ? ReadMacro(text!, trimmed, out problem) : ReadFields(text!, out problem);
    }

    private static CronProblem? CheckCharacters(string? text)
    {
        if (text?.Length > CronExpression.MaxLength)
        {
            return Whole(
                $"The expression is {text.Length} characters long: at most {CronExpression.MaxLength} are read.",
                CronExpression.MaxLength + 1
            );
        }

        var strange = text.AsSpan().IndexOfAnyExcept(CronText.Readable);
        if (strange >= 0)
        {
            return Whole(
                $"The character U+{(int)text![strange]:X4} does not belong in a cron expression: use ASCII letters, digits and signs.",
                strange + 1
            );
        }

        return string.IsNullOrWhiteSpace(text) ? Whole("The expression is empty: write five fields, such as '0 9 * * 1-5'.", 1) : null;
    }

    private static CronExpression? ReadMacro(string text, ReadOnlySpan<char> macro, out CronProblem? problem)
    {
        if (CronText.Expand(macro) is { } fields)
        {
            return ReadFields(fields, out problem);
        }

        problem = Whole(
            $"'{macro}' is not a macro of cron: use @yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly, or write the fields.",
            text.IndexOf('@') + 1
        );
        return null;
    }

    private static CronExpression? ReadFields(string text, out CronProblem? problem)
    {
        Span<(int Start, int End)> parts = stackalloc (int, int)[MostFields];
        var count = Split(text, parts, out var extra);
        if (extra >= 0 || count < 5)
        {
            problem = Whole(
                $"The expression has {(extra >= 0 ? "more than 7 fields" : $"{count} of its 5 fields")}: minute, hour, day of month, month, day of week; a second may stand before them, a year after.",
                (extra >= 0 ? extra : text.Length) + 1
            );
            return null;
        }

        // Five fields have neither second nor year; six have a second; seven have both.
        var minute = count == 5 ? 0 : 1;
        var second = new FieldValues { Bits = 1 };
        var year = default(FieldValues);
        problem = null;
        if (
            (count > 5 && !Read(text, parts[0], CronField.Second, out second, out problem))
            || !Read(text, parts[minute], CronField.Minute, out var minutes, out problem)
            || !Read(text, parts[minute + 1], CronField.Hour, out var hours, out problem)
            || !Read(text, parts[minute + 2], CronField.DayOfMonth, out var dayOfMonth, out problem)
            || !Read(text, parts[minute + 3], CronField.Month, out var months, out problem)
            || !Read(text, parts[minute + 4], CronField.DayOfWeek, out var dayOfWeek, out problem)
            || (count == MostFields && !Read(text, parts[6], CronField.Year, out year, out problem))
        )
        {
            return null;
        }

        var days = new DayFields
        {
            DaysOfMonth = dayOfMonth.Bits,
            FromMonthEnd = dayOfMonth.FromMonthEnd,
            NearestWeekdays = dayOfMonth.NearestWeekdays,
            DaysOfWeek = dayOfWeek.Bits,
            LastDaysOfWeek = dayOfWeek.LastDaysOfWeek,
            NthDaysOfWeek = dayOfWeek.NthDaysOfWeek,
            Months = months.Bits,
            Years = text.AsSpan()[parts[6].Start..parts[6].End] is "*" ? null : year.Years,
            Either = !IsOpen(text[parts[minute + 2].Start]) && !IsOpen(text[parts[minute + 4].Start]),
        };
        var untilHour = text.AsSpan()[parts[0].Start..parts[minute + 1].End];
        return new CronExpression(
            CronText.Normalise(text),
            new TimeMask(second.Bits, minutes.Bits, hours.Bits),
            new DayMask(days),
            intervalLike: untilHour.ContainsAny('*', '/', '-')
        );
    }

    private static bool Read(string text, (int Start, int End) part, CronField field, out FieldValues values, out CronProblem? problem)
    {
        var reader = new FieldReader(text, part.Start, part.End, field);
        var read = reader.TryRead(out values);
        problem = reader.Problem;
        return read;
    }

    private static int Split(ReadOnlySpan<char> text, Span<(int Start, int End)> parts, out int extra)
    {
        var count = 0;
        extra = -1;
        for (var at = 0; at < text.Length; )
        {
            if (text[at] is ' ' or '\t')
            {
                at++;
                continue;
            }

            if (count == parts.Length)
            {
                extra = at;
                break;
            }

            var length = text[at..].IndexOfAny(' ', '\t');
            var end = length < 0 ? text.Length : at + length;
            parts[count++] = (at, end);
            at = end;
        }

        return count;
    }

    private static bool IsOpen(char first) => first is '*' or '?';

    private static CronProblem Whole(string message, int column) => new(message, column, CronProblem.WholeExpression);
}

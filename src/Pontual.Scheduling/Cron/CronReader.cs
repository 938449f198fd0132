namespace Pontual.Scheduling.Cron;

/// <summary>Where a field stands in the text.</summary>
internal readonly record struct Part(int Start, int End);

/// <summary>Reads a whole expression: checks its characters, knows the macros, counts the fields and gives each to a <see cref="FieldReader"/>.</summary>
internal static class CronReader
{
    private const int MostFields = 7;

    /// <returns>The expression, or null with what is wrong and what may have been meant.</returns>
    public static CronExpression? Read(string? text, ParseOptions options, out CronProblem? problem)
    {
        var expression = Read(text, options, isTrial: false, out problem);
        if (problem is not null && text is not null)
        {
            problem = CronAdvice.Of(text, options, problem);
        }

        return expression;
    }

    /// <summary>Whether a text is an expression at all; of a problem only field and column are said.</summary>
    public static CronExpression? Try(string text, ParseOptions options, out CronProblem? problem) =>
        Read(text, options, isTrial: true, out problem);

    private static CronExpression? Read(string? text, ParseOptions options, bool isTrial, out CronProblem? problem)
    {
        problem = CheckCharacters(text);
        if (problem is not null)
        {
            return null;
        }

        var trimmed = text.AsSpan().Trim(" \t");
        return trimmed[0] == '@' ? ReadMacro(text!, trimmed, out problem) : ReadFields(text!, options, isTrial, out problem);
    }

    /// <summary>Finds the fields; <paramref name="extra"/> is where one more than there can be begins, or -1.</summary>
    /// <returns>How many there are.</returns>
    public static int Split(ReadOnlySpan<char> text, Span<Part> parts, out int extra)
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

            var start = at;
            while (at < text.Length && text[at] is not (' ' or '\t'))
            {
                at++;
            }

            parts[count++] = new Part(start, at);
        }

        return count;
    }

    private static CronProblem? CheckCharacters(string? text)
    {
        if (text?.Length > CronExpression.MaxLength)
        {
            return Whole(
                $"The expression '{text.AsSpan(0, 20)}…' is {text.Length} characters long: at most {CronExpression.MaxLength} are read.",
                CronExpression.MaxLength + 1
            );
        }

        var strange = text.AsSpan().IndexOfAnyExcept(CronText.Readable);
        if (strange >= 0)
        {
            var quote = char.IsControl(text![strange]) || char.IsSurrogate(text[strange]) ? "" : $" '{text[strange]}'";
            return Whole(
                $"The character{quote} U+{(int)text[strange]:X4} does not belong in a cron expression: use ASCII letters, digits and signs.",
                strange + 1
            );
        }

        return string.IsNullOrWhiteSpace(text) ? Whole("The expression is empty: write five fields, such as '0 9 * * 1-5'.", 1) : null;
    }

    private static CronExpression? ReadMacro(string text, ReadOnlySpan<char> macro, out CronProblem? problem)
    {
        if (CronText.Expand(macro) is { } fields)
        {
            return ReadFields(fields, ParseOptions.Default, isTrial: false, out problem);
        }

        var word = macro.IndexOfAny(" \t") is > 0 and var end ? macro[..end] : macro;
        problem = Whole(
            word.Equals("@every", StringComparison.OrdinalIgnoreCase)
                    ? $"'{macro}' is a period and not an expression: a schedule reads it (Schedule.Parse)."
                : word.Equals("@reboot", StringComparison.OrdinalIgnoreCase)
                    ? $"'{macro}' names no times: a schedule reads it (Schedule.Parse) and is due when the system starts."
                : $"'{macro}' is not a macro of cron: use {CronText.Macros}, or write the fields.",
            text.IndexOf('@') + 1
        );
        return null;
    }

    private static CronExpression? ReadFields(string text, ParseOptions options, bool isTrial, out CronProblem? problem)
    {
        Span<Part> parts = stackalloc Part[MostFields];
        var count = Split(text, parts, out var extra);
        problem = CronCount.Check(text, parts[..count], extra, options.Dialect, isTrial);
        if (problem is not null)
        {
            return null;
        }

        // Five fields have neither second nor year; six have a second; seven have both.
        var minute = count == 5 ? 0 : 1;
        var second = new FieldValues { Bits = 1 };
        var year = default(FieldValues);
        var dayOfWeekField = options.Dialect == CronDialect.Quartz ? CronField.QuartzDayOfWeek : CronField.DayOfWeek;
        if (
            (count > 5 && !Read(text, parts[0], CronField.Second, options, isTrial, out second, out problem))
            || !Read(text, parts[minute], CronField.Minute, options, isTrial, out var minutes, out problem)
            || !Read(text, parts[minute + 1], CronField.Hour, options, isTrial, out var hours, out problem)
            || !Read(text, parts[minute + 2], CronField.DayOfMonth, options, isTrial, out var dayOfMonth, out problem)
            || !Read(text, parts[minute + 3], CronField.Month, options, isTrial, out var months, out problem)
            || !Read(text, parts[minute + 4], dayOfWeekField, options, isTrial, out var dayOfWeek, out problem)
            || (count == MostFields && !ReadYear(text, parts[6], options, isTrial, out year, out problem))
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
            Years = year.Years,
            Either = !IsOpen(text[parts[minute + 2].Start]) && !IsOpen(text[parts[minute + 4].Start]),
        };
        var isSpread =
            second.IsSpread || minutes.IsSpread || hours.IsSpread || dayOfMonth.IsSpread || months.IsSpread || dayOfWeek.IsSpread;
        return new CronExpression(
            CronText.Normalise(text, parts[..count], options.Dialect),
            isSpread ? options.Seed : null,
            new TimeMask(second.Bits, minutes.Bits, hours.Bits),
            new DayMask(days),
            second.IsInterval || minutes.IsInterval || hours.IsInterval
        );
    }

    private static bool Read(
        ReadOnlySpan<char> text,
        Part part,
        CronField field,
        ParseOptions options,
        bool isTrial,
        out FieldValues values,
        out CronProblem? problem
    )
    {
        problem = null;
        if (FieldReader.TryReadPlain(text[part.Start..part.End], field, out values))
        {
            return true;
        }

        var reader = new FieldReader(text, part, field, options, isTrial);
        var read = reader.TryRead(out values);
        problem = reader.Problem;
        return read;
    }

    /// <summary>Every year, which needs no bits, or those that are written.</summary>
    private static bool ReadYear(
        ReadOnlySpan<char> text,
        Part part,
        ParseOptions options,
        bool isTrial,
        out FieldValues values,
        out CronProblem? problem
    )
    {
        values = default;
        problem = null;
        return text[part.Start..part.End] is ['*'] || Read(text, part, CronField.Year, options, isTrial, out values, out problem);
    }

    // Quartz's step without a star is a star with a step.
    private static bool IsOpen(char first) => first is '*' or '?' or '/';

    private static CronProblem Whole(string message, int column) => new(message, column, CronProblem.WholeExpression);
}

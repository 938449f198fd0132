namespace Pontual.Scheduling.Cron;

/// <summary>How many fields a dialect has, and which of them hang together.</summary>
internal static class CronCount
{
    /// <returns>What is wrong; null when nothing is.</returns>
    public static CronProblem? Check(string text, ReadOnlySpan<Part> parts, int extra, CronDialect dialect, bool isTrial)
    {
        var (least, most) = dialect switch
        {
            CronDialect.Crontab => (5, 5),
            CronDialect.Quartz => (6, 7),
            _ => (5, 7),
        };
        return parts.Length < least ? Whole(text, $"has {parts.Length} of its {least} fields", dialect, text.Length + 1, isTrial)
            : parts.Length > most ? Whole(text, $"has more than {most} fields", dialect, parts[most].Start + 1, isTrial)
            : extra >= 0 ? Whole(text, $"has more than {most} fields", dialect, extra + 1, isTrial)
            : dialect == CronDialect.Quartz ? CheckDays(text, parts[3], parts[5])
            : null;
    }

    // Quartz wants one of the day fields left open by '?', so that the other one decides.
    private static CronProblem? CheckDays(string text, Part dayOfMonth, Part dayOfWeek)
    {
        var isOpenDate = text.AsSpan(dayOfMonth.Start..dayOfMonth.End) is "?";
        var isOpenWeek = text.AsSpan(dayOfWeek.Start..dayOfWeek.End) is "?";
        return isOpenDate == isOpenWeek
            ? new CronProblem(
                $"Day of week '{text.AsSpan(dayOfWeek.Start..dayOfWeek.End)}': Quartz wants '?' in exactly one of day of month (1 to 31) and day of week (1 to 7, SUN to SAT); here {(isOpenDate ? "both have it" : "neither has it")}.",
                dayOfWeek.Start + 1,
                CronField.DayOfWeek.Name
            )
            : null;
    }

    private static CronProblem Whole(string text, string what, CronDialect dialect, int column, bool isTrial)
    {
        if (isTrial)
        {
            return new CronProblem("", column, CronProblem.WholeExpression);
        }

        var fields = dialect switch
        {
            CronDialect.Crontab => "a crontab has five: minute, hour, day of month, month, day of week",
            CronDialect.Quartz => "Quartz has second, minute, hour, day of month, month, day of week, and a year if you like",
            _ => "minute, hour, day of month, month, day of week; a second may stand before them, a year after",
        };
        var quote = text.Trim() is { Length: > 60 } cut ? cut[..60] + "…" : text.Trim();
        return new CronProblem($"The expression '{quote}' {what}: {fields}.", column, CronProblem.WholeExpression);
    }
}

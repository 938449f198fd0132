using System.Globalization;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>Reads a schedule from one line as people write it in a crontab: an expression, a macro, <c>@every 1h30m</c> or <c>@reboot</c>.</summary>
internal static class ScheduleLine
{
    private const string Every = "@every";
    private const string Units = "dhms";
    private const int MostDays = 366;

    public static Schedule? Read(string? text, Zone zone, ParseOptions? options, out CronProblem? problem)
    {
        problem = null;
        var line = text?.Trim(' ', '\t') ?? "";
        if (line.Equals("@reboot", StringComparison.OrdinalIgnoreCase))
        {
            return new StartupSchedule { Zone = zone };
        }

        if (
            line.StartsWith(Every, StringComparison.OrdinalIgnoreCase) && (line.Length == Every.Length || line[Every.Length] is ' ' or '\t')
        )
        {
            // Columns are those of the text as it was given.
            var start = text!.IndexOf('@', StringComparison.Ordinal) + Every.Length;
            return Period(text, start, out problem) is { } period ? new EverySchedule(period) { Zone = zone } : null;
        }

        return CronExpression.TryParse(text, options, out var expression, out problem) ? new CronSchedule(expression, zone) : null;
    }

    private static TimeSpan? Period(string text, int at, out CronProblem? problem)
    {
        var end = text.Length;
        while (at < end && text[at] is ' ' or '\t')
        {
            at++;
        }

        while (end > at && text[end - 1] is ' ' or '\t')
        {
            end--;
        }

        var first = at;
        var seconds = 0L;
        var lastUnit = -1;
        while (at < end)
        {
            if (!TryPart(text, ref at, end, ref lastUnit, ref seconds))
            {
                problem = Problem($"'{text[first..end]}' is not a period", at);
                return null;
            }
        }

        problem =
            at == first ? Problem("A period is missing", at)
            : seconds is < 1 or > MostDays * 86_400L ? Problem($"'{text[first..end]}' is not 1 second to {MostDays} days", first)
            : null;
        return problem is null ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static bool TryPart(string text, ref int at, int end, ref int lastUnit, ref long seconds)
    {
        var digits = at;
        while (digits < end && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        var unit = digits < end ? Units.IndexOf(text[digits], StringComparison.Ordinal) : -1;
        if (digits == at || digits - at > 9 || unit <= lastUnit)
        {
            at = digits - at > 9 ? at : digits;
            return false;
        }

        int[] lengths = [86_400, 3_600, 60, 1];
        seconds += long.Parse(text.AsSpan(at, digits - at), CultureInfo.InvariantCulture) * lengths[unit];
        at = digits + 1;
        lastUnit = unit;
        return true;
    }

    private static CronProblem Problem(string what, int at) =>
        new(
            $"{what}: write numbers with their units, largest first, from d, h, m and s, as in @every 1h30m.",
            at + 1,
            CronProblem.WholeExpression
        );
}

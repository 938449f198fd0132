using System.Globalization;
using System.Text.RegularExpressions;

namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>Reads an RRULE. What it does not know it refuses: a rule that is read in part would name wrong days.</summary>
internal static partial class RecurrenceReader
{
    private const int MostCount = 10_000;
    private static readonly string[] Weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    public static Recurrence Read(ContentLine line, IcalTime start)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in line.Value.ToUpperInvariant().Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !parts.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                throw Wrong(line, $"'{part}' is no part of a rule, or comes twice");
            }
        }

        var rule = new Recurrence(start.Day, FrequencyOf(line, parts.GetValueOrDefault("FREQ", "")));
        int? count = null;
        foreach (var (name, value) in parts)
        {
            (rule, count) =
                name == "COUNT" ? (rule, Number(line, name, value, 1, MostCount)) : (With(rule, line, start, name, value), count);
        }

        if (rule.Frequency is Frequency.Daily or Frequency.Weekly && rule.Weekdays.Any(place => place.Nth != 0))
        {
            throw Wrong(line, "BYDAY has a place ('2MO') only in a monthly or yearly rule");
        }

        return count is { } most ? rule.EndingAfter(most) : rule;
    }

    private static Recurrence With(Recurrence rule, ContentLine line, IcalTime start, string name, string value) =>
        name switch
        {
            "FREQ" => rule,
            "INTERVAL" => rule with { Interval = Number(line, name, value, 1, 10_000) },
            "UNTIL" => rule with { Until = UntilOf(line, value, start) },
            "BYMONTH" => rule with { Months = [.. value.Split(',').Select(month => Number(line, name, month, 1, 12))] },
            "BYMONTHDAY" => rule with { MonthDays = [.. value.Split(',').Select(day => Number(line, name, day, -31, 31))] },
            "BYDAY" => rule with { Weekdays = [.. value.Split(',').Select(day => Place(line, day))] },
            "WKST" => rule with { WeekStart = Place(line, value).Weekday },
            _ => throw Wrong(line, $"{name} is not supported"),
        };

    private static Frequency FrequencyOf(ContentLine line, string text) =>
        text switch
        {
            "DAILY" => Frequency.Daily,
            "WEEKLY" => Frequency.Weekly,
            "MONTHLY" => Frequency.Monthly,
            "YEARLY" => Frequency.Yearly,
            _ => throw Wrong(line, $"FREQ={text} is not supported; DAILY, WEEKLY, MONTHLY and YEARLY are"),
        };

    // The last day whose event begins at or before UNTIL.
    private static DateOnly UntilOf(ContentLine line, string value, IcalTime start)
    {
        var until = IcalTime.Parse(value, start.Zone) ?? throw Wrong(line, $"UNTIL '{value}' is not a date or a date and time");
        if (until.IsDate || start.IsDate)
        {
            return until.Day;
        }

        var local =
            until.Zone is { } zone && start.Zone is { } own && zone != own
                ? own.ToLocal(zone.ToInstants(until.Local).First).DateTime
                : until.Local;
        var day = DateOnly.FromDateTime(local);
        return local.TimeOfDay < start.Local.TimeOfDay ? day.AddDays(-1) : day;
    }

    private static WeekdayPlace Place(ContentLine line, string text)
    {
        var match = PlaceShape().Match(text.Trim());
        var nth = match.Groups["nth"] is { Success: true } number ? int.Parse(number.ValueSpan, CultureInfo.InvariantCulture) : 0;
        return match.Success && nth is >= -53 and <= 53
            ? new WeekdayPlace((DayOfWeek)Array.IndexOf(Weekdays, match.Groups["day"].Value), nth)
            : throw Wrong(line, $"'{text}' is not a weekday such as MO, 2SU or -1FR");
    }

    private static int Number(ContentLine line, string name, string text, int least, int most) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
        && number != 0
            ? number
            : throw Wrong(line, $"{name}={text} is not a whole number from {least} to {most}");

    private static IcalException Wrong(ContentLine line, string what) => new(line.Number, $"RRULE: {what}.");

    [GeneratedRegex(@"\A(?<nth>[+-]?[1-9][0-9]?)?(?<day>SU|MO|TU|WE|TH|FR|SA)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PlaceShape();
}

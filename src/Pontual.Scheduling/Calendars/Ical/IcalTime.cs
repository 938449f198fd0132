using System.Globalization;
using System.Text.RegularExpressions;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>A date, or a local time in a zone, as DTSTART and its likes write them.</summary>
/// <param name="Local">The date (at midnight), or the local time.</param>
/// <param name="IsDate">A whole day.</param>
/// <param name="Zone">Null: floating, by the clocks of whoever reads.</param>
internal sealed partial record IcalTime(DateTime Local, bool IsDate, Zone? Zone)
{
    public DateOnly Day => DateOnly.FromDateTime(Local);

    /// <summary>The times of a property, which may list several.</summary>
    public static IEnumerable<IcalTime> Of(ContentLine line)
    {
        Zone? zone = null;
        if (line.Parameters.TryGetValue("TZID", out var id) && !Zone.TryParse(id.TrimStart('/'), out zone))
        {
            throw new IcalException(line.Number, $"'{id}' is not a time zone of the zone database.");
        }

        foreach (var text in line.Value.Split(','))
        {
            yield return Parse(text.Trim(), zone)
                ?? throw new IcalException(
                    line.Number,
                    $"{line.Name} '{text}' is not a date (20261231) or a date and time (20261231T090000Z)."
                );
        }
    }

    public static IcalTime? Parse(string text, Zone? zone)
    {
        if (DateTime.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return new IcalTime(date, IsDate: true, null);
        }

        var utc = text.EndsWith('Z');
        return DateTime.TryParseExact(
            text.TrimEnd('Z'),
            "yyyyMMdd'T'HHmmss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var local
        )
            ? new IcalTime(local, IsDate: false, utc ? Zone.Utc : zone)
            : null;
    }

    /// <summary>From one time to a later one: days of dates, elapsed time of others.</summary>
    public TimeSpan Until(IcalTime end) =>
        IsDate || Zone is null || end.Zone is null
            ? end.Local - Local
            : end.Zone.ToInstants(end.Local).First - Zone.ToInstants(Local).First;

    /// <summary>A duration: <c>P1D</c>, <c>PT1H30M</c>, <c>P2W</c>.</summary>
    public static TimeSpan Duration(ContentLine line)
    {
        var match = DurationShape().Match(line.Value.Trim());
        return match.Success && match.Groups.Cast<Group>().Skip(1).Any(part => part.Success)
            ? new TimeSpan((Part("W") * 7) + Part("D"), Part("H"), Part("M"), Part("S"))
            : throw new IcalException(line.Number, $"DURATION '{line.Value}' is not a positive duration such as P1D or PT1H30M.");

        int Part(string unit) => match.Groups[unit] is { Success: true } part ? int.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(
        @"\A\+?P(?:(?<W>[0-9]{1,4})W|(?:(?<D>[0-9]{1,5})D)?(?:T(?:(?<H>[0-9]{1,5})H)?(?:(?<M>[0-9]{1,6})M)?(?:(?<S>[0-9]{1,7})S)?)?)\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex DurationShape();
}

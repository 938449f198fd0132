using System.Globalization;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;

namespace Pontual.Engine.Calendars;

/// <summary>Reads <c>hours</c>: <c>{ mon-fri: "08:00-12:00, 14:00-18:00", sat: "08:00-12:00" }</c>. Hours over midnight belong to the day they begin.</summary>
internal sealed class HoursReader(ICollection<DocumentProblem> problems)
{
    private const string Rule =
        "write stretches of the day: \"08:00-12:00, 14:00-18:00\", over midnight \"22:00-07:00\", the whole day \"00:00-24:00\"";

    public IEnumerable<CalendarEntry> Read(DocumentObject document)
    {
        if (document.Get("hours") is not { } json || DocumentObject.Open(json, document.PathOf("hours"), problems) is not { } hours)
        {
            return [];
        }

        var shifts = hours.Keys.SelectMany(key => OfDays(key, hours)).ToList();
        return shifts.Count == 0 ? [] : [new HoursEntry(shifts)];
    }

    private IEnumerable<WeekHours> OfDays(string key, DocumentObject hours)
    {
        if (!DayWords.TryRead(key, out var days))
        {
            hours.Report(key, "unknown-key", $"{DocumentText.Quote(key)} is no day of the week", DayWords.Rule);
            return [];
        }

        var stretches = new List<(TimeOnly From, TimeOnly To)>();
        foreach (var (item, path) in DayWords.Items(hours.Get(key)!.Value, hours.PathOf(key)))
        {
            if (!DocumentText.TryRead(item, out var text) || !TryStretches(text, stretches))
            {
                problems.Add(new(path, "hours", $"{DocumentText.Quote(item)} is no stretch of the day", Rule));
            }
        }

        return days.SelectMany(day => stretches.Select(stretch => new WeekHours(day, stretch.From, stretch.To)));
    }

    private static bool TryStretches(string text, List<(TimeOnly From, TimeOnly To)> stretches)
    {
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length != 2 || !TryTime(ends[0], out var from) || !TryTime(ends[1] == "24:00" ? "00:00" : ends[1], out var to))
            {
                return false;
            }

            // Only midnight to midnight is a whole day; "08:00-08:00" is a slip.
            if (from == to && (from != TimeOnly.MinValue || ends[1] != "24:00"))
            {
                return false;
            }

            stretches.Add((from, to));
        }

        return true;
    }

    private static bool TryTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, ["H:mm", "HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}

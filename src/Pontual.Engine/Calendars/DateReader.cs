using System.Globalization;
using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;

namespace Pontual.Engine.Calendars;

/// <summary>Reads <c>dates</c>: <c>2026-12-24</c>, <c>12-31</c> (every year), <c>2026-12-28..2027-01-02</c>, <c>05-SUN#2</c> (the second Sunday of May), or <c>{ date, name }</c>.</summary>
internal sealed class DateReader(ICollection<DocumentProblem> problems)
{
    private const string Rule =
        "write 2026-12-24, 12-31 for every year, 2026-12-28..2027-01-02, 05-SUN#2 for the second Sunday of May (*-FRI#L: the last Friday of every month), or { date, name }";

    public IEnumerable<CalendarEntry> Read(DocumentObject document)
    {
        if (document.Get("dates") is not { } json)
        {
            yield break;
        }

        foreach (var (item, path) in DayWords.Items(json, document.PathOf("dates")))
        {
            if (Entry(item, path) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private CalendarEntry? Entry(JsonElement item, string path)
    {
        string? name = null;
        if (item.ValueKind is JsonValueKind.Object)
        {
            if (DocumentObject.Open(item, path, problems, "date", "name") is not { } named || !named.Require("date", Rule))
            {
                return null;
            }

            name = named.Text("name", 200);
            (item, path) = (named.Get("date")!.Value, named.PathOf("date"));
        }

        var entry = DocumentText.TryRead(item, out var text) ? OfText(text.Trim(), name) : null;
        if (entry is null)
        {
            problems.Add(new(path, "date", $"{DocumentText.Quote(item)} is not a date", Rule));
        }

        return entry;
    }

    private static DayEntry? OfText(string text, string? name)
    {
        var ends = text.Split("..");
        if (ends.Length == 2)
        {
            return TryDate(ends[0], out var first) && TryDate(ends[1], out var last) && first <= last
                ? new DateEntry(first, last, name)
                : null;
        }

        return TryDate(text, out var date) ? new DateEntry(date, name) : (DayEntry?)Place(text, name) ?? Yearly(text, name);
    }

    // 29 February is a date in leap years: read in one.
    private static YearlyEntry? Yearly(string text, string? name) =>
        text.Length == 5 && TryDate("2000-" + text, out var date) ? new YearlyEntry(date.Month, date.Day, name) : null;

    private static NthWeekdayEntry? Place(string text, string? name)
    {
        var (dash, hash) = (text.IndexOf('-', StringComparison.Ordinal), text.IndexOf('#', StringComparison.Ordinal));
        if (dash < 1 || hash < dash || !DayWords.TryDay(text[(dash + 1)..hash], out var day))
        {
            return null;
        }

        int? month = int.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var nth =
            text[(hash + 1)..] is "L" or "l" ? -1
            : int.TryParse(text[(hash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place
            : 0;
        var valid = (month is >= 1 and <= 12 || text[..dash] == "*") && nth is -1 or >= 1 and <= 5;
        return valid ? new NthWeekdayEntry(month, day, nth, name) : null;
    }

    private static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}

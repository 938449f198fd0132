using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Calendars.Brazil;
using Pontual.Scheduling.Calendars.Ical;
using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Calendars;

/// <summary>Reads what a calendar covers: <c>holidays</c>, <c>dates</c>, <c>weekdays</c>, <c>hours</c>, <c>windows</c> and <c>ical</c>.</summary>
internal sealed class CalendarReader(ICollection<DocumentProblem> problems)
{
    private static readonly string[] Contents = ["holidays", "dates", "weekdays", "hours", "windows", "ical"];

    public Calendar Read(DocumentObject document, string name)
    {
        if (!Contents.Any(document.Has))
        {
            problems.Add(new(document.Path, "required", "the calendar covers nothing", $"give it one of {string.Join(", ", Contents)}"));
        }

        var zone = ZoneOf(document);
        CalendarEntry[] entries =
        [
            .. Holidays(document),
            .. new DateReader(problems).Read(document),
            .. Weekdays(document),
            .. new HoursReader(problems).Read(document),
            .. new WindowReader(problems).Read(document),
            .. Ical(document),
        ];
        return new Calendar(name, entries) { Zone = zone };
    }

    private static Zone? ZoneOf(DocumentObject document)
    {
        if (document.Text("zone", 100) is not { } id)
        {
            return null;
        }

        if (!Zone.TryParse(id, out var zone))
        {
            document.Report(
                "zone",
                "zone",
                $"{DocumentText.Quote(id)} is not a time zone",
                $"{DidYouMean.Hint(id, Zone.Ids)}use an IANA id such as America/Sao_Paulo, or leave it out for the zone of the job's schedule"
            );
        }

        return zone;
    }

    private IEnumerable<CalendarEntry> Holidays(DocumentObject document)
    {
        if (
            document.Get("holidays") is not { } json
            || DocumentObject.Open(json, document.PathOf("holidays"), problems, "country", "state", "city", "optional") is not { } holidays
            || !holidays.Require("country", "write country: br")
        )
        {
            return [];
        }

        if (holidays.Text("country", 10) is { } country && !country.Equals("br", StringComparison.OrdinalIgnoreCase))
        {
            holidays.Report(
                "country",
                "country",
                $"the holidays of {DocumentText.Quote(country)} are not known",
                "write br, or list the dates"
            );
        }

        var optional = holidays.Flag("optional") is true;
        var (state, city) = (StateOf(holidays), holidays.Text("city", 100));
        if (city is not null && state is null && !holidays.Has("state"))
        {
            holidays.Report("city", "conflict", "a city is one of a state", "give 'state' too, such as SP");
            return [];
        }

        if (city is not null && state is not null && !BrazilHolidays.TryCity(state, city, out _))
        {
            var known = BrazilHolidays.Cities.Where(pair => pair.State == state).Select(pair => pair.City).ToList();
            var fix = known.Count == 0 ? "list its dates" : $"use {string.Join(", ", known)}, or list its dates";
            holidays.Report("city", "city", $"the holidays of {DocumentText.Quote(city)} are not known", fix);
            city = null;
        }

        // Of a state that is not known, which is reported, there are no cities.
        var days = new BrazilEntry(state, state is null ? null : city, optional);
        return optional ? [days, new AshWednesdayEntry()] : [days];
    }

    private static string? StateOf(DocumentObject holidays)
    {
        if (holidays.Text("state", 10) is not { } text)
        {
            return null;
        }

        if (BrazilHolidays.TryState(text, out var state))
        {
            return state;
        }

        holidays.Report(
            "state",
            "state",
            $"{DocumentText.Quote(text)} is not a state of Brazil",
            $"use one of {string.Join(", ", BrazilHolidays.States)}"
        );
        return null;
    }

    private IEnumerable<CalendarEntry> Weekdays(DocumentObject document)
    {
        if (document.Get("weekdays") is not { } json)
        {
            return [];
        }

        var days = new List<DayOfWeek>();
        foreach (var (item, path) in DayWords.Items(json, document.PathOf("weekdays")))
        {
            if (DocumentText.TryRead(item, out var text) && DayWords.TryRead(text, out var read))
            {
                days.AddRange(read);
            }
            else
            {
                problems.Add(new(path, "weekday", $"{DocumentText.Quote(item)} is no day of the week", DayWords.Rule));
            }
        }

        return days.Count == 0 ? [] : [new WeekdayEntry(days)];
    }

    private static IEnumerable<CalendarEntry> Ical(DocumentObject document)
    {
        if (document.Text("ical", DocumentText.LongestText, "give the text of an iCalendar file") is not { } text)
        {
            return [];
        }

        var reading = IcalReader.Read(text);
        foreach (var problem in reading.Problems.Take(20))
        {
            document.Report("ical", "ical", $"line {problem.Line}: {problem.Message.TrimEnd('.')}", "mend or take out that event");
        }

        return reading.Entries;
    }
}

namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>Reads iCalendar texts (RFC 5545): the events of a calendar as entries.</summary>
/// <remarks>
/// Understood: VEVENT with DTSTART as a date, in UTC, in a zone of the database (TZID) or floating; DTEND or DURATION; RRULE of FREQ DAILY, WEEKLY,
/// MONTHLY and YEARLY with INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY and WKST; EXDATE, RDATE; RECURRENCE-ID, which takes the place of one
/// repetition; SUMMARY is the name. Events with STATUS CANCELLED are left out. Components other than VEVENT, and properties that say nothing about
/// when, are passed over. Everything else that bears on when an event is, is a problem with its line.
/// </remarks>
public static class IcalReader
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxLength = 512 * 1024;

    /// <summary>The most events.</summary>
    public const int MostEvents = 5_000;

    /// <summary>Reads a text; never throws.</summary>
    public static IcalReading Read(string text)
    {
        if (text.Length > MaxLength)
        {
            return new([], [new(1, $"The text has {text.Length} characters; {MaxLength} are the most.")]);
        }

        var problems = new List<IcalProblem>();
        var events = Events(text, problems);
        if (events.Count > MostEvents)
        {
            return new([], [new(events[MostEvents].Line, $"The text has {events.Count} events; {MostEvents} are the most.")]);
        }

        var entries = new List<CalendarEntry>();
        foreach (var found in events.Where(found => !found.IsCancelled))
        {
            try
            {
                entries.AddRange(found.Entries(Replaced(found, events)));
            }
            catch (IcalException problem)
            {
                problems.Add(new(problem.Line, problem.Message));
            }
            catch (ArgumentOutOfRangeException)
            {
                problems.Add(new(found.Line, "The event goes beyond the year 9999."));
            }
        }

        return new(entries, [.. problems.OrderBy(problem => problem.Line)]);
    }

    /// <summary>The repetitions of an event whose place other events take.</summary>
    private static List<ContentLine> Replaced(IcalEvent found, List<IcalEvent> events) =>
        found.Id is null || found.Replaces is not null
            ? []
            : [.. events.Where(other => other.Id == found.Id).Select(other => other.Replaces).OfType<ContentLine>()];

    private static List<IcalEvent> Events(string text, List<IcalProblem> problems)
    {
        var (events, open, lines) = (new List<IcalEvent>(), new Stack<(string Name, int Line)>(), new List<ContentLine>());
        foreach (var line in ContentLine.Of(text.TrimStart('\uFEFF')))
        {
            var component = line.Value.Trim().ToUpperInvariant();
            if (line.Name == "BEGIN")
            {
                open.Push((component, line.Number));
            }
            else if (line.Name == "END")
            {
                if (!open.TryPop(out var ended) || ended.Name != component)
                {
                    problems.Add(new(line.Number, $"END:{component} ends nothing that was begun."));
                    return events;
                }

                if (component == "VEVENT")
                {
                    events.Add(new IcalEvent(ended.Line, [.. lines]));
                    lines.Clear();
                }
            }
            else if (open.Count == 0 || line.Name.Length == 0)
            {
                problems.Add(
                    new(
                        line.Number,
                        open.Count == 0 ? "A calendar begins with BEGIN:VCALENDAR." : "This is no property: a name, a colon and a value."
                    )
                );
                return events;
            }
            else if (open.Peek().Name == "VEVENT")
            {
                lines.Add(line);
            }
        }

        if (open.TryPeek(out var unended))
        {
            problems.Add(new(unended.Line, $"BEGIN:{unended.Name} has no end."));
        }

        return events;
    }
}

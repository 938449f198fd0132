namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>One VEVENT.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Lines">Its properties.</param>
internal sealed record IcalEvent(int Line, IReadOnlyList<ContentLine> Lines)
{
    private const int LongestDays = 366;
    private static readonly string[] Unsupported = ["EXRULE"];

    public string? Id => One("UID")?.Value;

    /// <summary>The repetition of another event whose place it takes.</summary>
    public ContentLine? Replaces => One("RECURRENCE-ID");

    public bool IsCancelled => One("STATUS")?.Value.Trim().Equals("CANCELLED", StringComparison.OrdinalIgnoreCase) is true;

    private string? Name => One("SUMMARY")?.Text.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, 200)] : null;

    /// <exception cref="IcalException">Something about it is not understood.</exception>
    public IEnumerable<CalendarEntry> Entries(IReadOnlyList<ContentLine> replaced)
    {
        if (Lines.FirstOrDefault(line => Unsupported.Contains(line.Name)) is { } refused)
        {
            throw new IcalException(refused.Number, $"{refused.Name} is not supported.");
        }

        var startLine = One("DTSTART") ?? throw new IcalException(Line, "The event has no DTSTART.");
        var start = IcalTime.Of(startLine).First();
        var length = LengthOf(start);
        var except = Times("EXDATE").Concat(replaced.SelectMany(IcalTime.Of)).Select(time => In(start, time)).ToHashSet();
        foreach (var extra in Times("RDATE").Where(extra => !except.Contains(In(start, extra))))
        {
            yield return Single(extra with { IsDate = start.IsDate }, length);
        }

        if (One("RRULE") is { } rule)
        {
            yield return Repeated(RecurrenceReader.Read(rule, start), rule, start, length, except);
        }
        else if (!except.Contains(start.Local))
        {
            yield return Single(start, length);
        }
    }

    private CalendarEntry Repeated(Recurrence rule, ContentLine line, IcalTime start, TimeSpan length, HashSet<DateTime> except)
    {
        if (length.TotalDays > LongestDays)
        {
            throw new IcalException(line.Number, $"A repeated event is at most {LongestDays} days long.");
        }

        // An exception at another time of the day excepts nothing.
        var days = except.Where(time => start.IsDate || time.TimeOfDay == start.Local.TimeOfDay).Select(DateOnly.FromDateTime).ToHashSet();
        rule = rule with { Except = days };
        return start.IsDate
            ? new RepeatedDayEntry(rule, (int)length.TotalDays, Name)
            : new RepeatedTimeEntry(rule, TimeOnly.FromDateTime(start.Local), start.Zone, length, Name);
    }

    private CalendarEntry Single(IcalTime start, TimeSpan length)
    {
        if (start.IsDate)
        {
            return new DateEntry(start.Day, start.Day.AddDays((int)length.TotalDays - 1), Name);
        }

        if (start.Zone is not { } zone)
        {
            return new LocalWindowEntry(start.Local, start.Local + length, Name);
        }

        var from = zone.ToInstants(start.Local).First;
        return new WindowEntry(from, from + length, Name);
    }

    private TimeSpan LengthOf(IcalTime start)
    {
        var day = start.IsDate ? TimeSpan.FromDays(1) : TimeSpan.Zero;
        var (line, length) =
            One("DTEND") is { } end ? (end, start.Until(IcalTime.Of(end).First()))
            : One("DURATION") is { } duration ? (duration, IcalTime.Duration(duration))
            : (One("DTSTART")!, day);
        return length > TimeSpan.Zero && length <= TimeSpan.FromDays(36_500) && length >= day
            ? length
            : throw new IcalException(line.Number, "The event has no length (DTEND after DTSTART, or DURATION), so it covers nothing.");
    }

    private IEnumerable<IcalTime> Times(string name)
    {
        foreach (var line in Lines.Where(line => line.Name == name))
        {
            if (line.Parameters.GetValueOrDefault("VALUE") == "PERIOD")
            {
                throw new IcalException(line.Number, $"{name} with periods is not supported.");
            }

            foreach (var time in IcalTime.Of(line))
            {
                yield return time;
            }
        }
    }

    // A time as the clocks of the event's own zone show it.
    private static DateTime In(IcalTime start, IcalTime time) =>
        start.Zone is { } own && time.Zone is { } zone && own != zone
            ? own.ToLocal(zone.ToInstants(time.Local).First).DateTime
            : time.Local;

    private ContentLine? One(string name) => Lines.FirstOrDefault(line => line.Name == name);
}

using FsCheck;
using FsCheck.Fluent;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Calendars.Ical;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Calendars;

public sealed class IcalReaderTests
{
    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20261224", "2026-12-24")]
    [InlineData("DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261226", "2026-12-24 2026-12-25")]
    [InlineData("DTSTART;VALUE=DATE:20261224|DURATION:P3D", "2026-12-24 2026-12-25 2026-12-26")]
    [InlineData("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY", "2024-02-29 2028-02-29 2032-02-29")]
    [InlineData("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;COUNT=3", "2026-01-01 2027-01-01 2028-01-01")]
    [InlineData("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;UNTIL=20270101", "2026-01-01 2027-01-01")]
    [InlineData("DTSTART;VALUE=DATE:20260510|RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=2SU;COUNT=4", "2026-05-10 2027-05-09 2028-05-14 2029-05-13")]
    [InlineData("DTSTART;VALUE=DATE:20260529|RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=4", "2026-05-29 2026-06-26 2026-07-31 2026-08-28")]
    [InlineData("DTSTART;VALUE=DATE:20260131|RRULE:FREQ=MONTHLY;COUNT=4", "2026-01-31 2026-03-31 2026-05-31 2026-07-31")]
    [InlineData("DTSTART;VALUE=DATE:20260131|RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-01-31 2026-02-28 2026-03-31")]
    [InlineData(
        "DTSTART;VALUE=DATE:20260115|RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,15;COUNT=4",
        "2026-01-15 2026-03-01 2026-03-15 2026-05-01"
    )]
    [InlineData("DTSTART;VALUE=DATE:20260213|RRULE:FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR;COUNT=3", "2026-02-13 2026-03-13 2026-11-13")]
    [InlineData(
        "DTSTART;VALUE=DATE:20261103|RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=4",
        "2026-11-03 2026-11-08 2026-11-17 2026-11-22"
    )]
    [InlineData(
        "DTSTART;VALUE=DATE:20261103|RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4",
        "2026-11-03 2026-11-15 2026-11-17 2026-11-29"
    )]
    [InlineData("DTSTART;VALUE=DATE:20261130|RRULE:FREQ=DAILY;INTERVAL=10;COUNT=3", "2026-11-30 2026-12-10 2026-12-20")]
    [InlineData("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=DAILY;BYMONTH=1;BYDAY=MO;COUNT=3", "2026-01-01 2026-01-05 2026-01-12")]
    [InlineData("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYDAY=1MO;COUNT=3", "2026-01-01 2026-01-05 2027-01-04")]
    [InlineData("DTSTART;VALUE=DATE:20261201|RRULE:FREQ=DAILY;COUNT=4|EXDATE;VALUE=DATE:20261202,20261203", "2026-12-01 2026-12-04")]
    [InlineData("DTSTART;VALUE=DATE:20261201|RDATE;VALUE=DATE:20261205,20261207", "2026-12-01 2026-12-05 2026-12-07")]
    [InlineData("DTSTART;VALUE=DATE:20261224|STATUS:CANCELLED", "")]
    [InlineData("DTSTART;VALUE=DATE:20261224|TRANSP:TRANSPARENT|CLASS:PUBLIC|X-ANY;A=\"b;c:d\":e", "2026-12-24")]
    public void Events_of_days_cover_their_days(string lines, string expected)
    {
        var calendar = Read(Event(lines));
        string[] days = expected.Length == 0 ? [] : expected.Split(' ');
        var last = days.Length == 0 ? new DateOnly(2030, 1, 1) : DateOnly.Parse(days[^1]);

        var covered = Enumerable
            .Range(new DateOnly(2024, 1, 1).DayNumber, last.DayNumber - new DateOnly(2024, 1, 1).DayNumber + 1)
            .Select(DateOnly.FromDayNumber)
            .Where(day => calendar.Covers(day, out _));

        covered.Select(day => day.ToString("yyyy-MM-dd")).ShouldBe(days);
    }

    [Theory]
    [InlineData("DTSTART:20261122T010000Z|DTEND:20261122T050000Z", "2026-11-22T01:00Z", "2026-11-22T05:00Z")]
    [InlineData("DTSTART;TZID=America/New_York:20261122T010000|DURATION:PT4H", "2026-11-22T06:00Z", "2026-11-22T10:00Z")]
    [InlineData("DTSTART;TZID=\"E. South America Standard Time\":20261122T010000|DURATION:PT4H", "2026-11-22T04:00Z", "2026-11-22T08:00Z")]
    [InlineData("DTSTART:20261122T010000|DTEND:20261122T020000", "2026-11-22T04:00Z", "2026-11-22T05:00Z")] // floating: the reader's zone
    [InlineData("DTSTART;TZID=America/New_York:20261025T220000|DURATION:PT9H|RRULE:FREQ=WEEKLY", "2026-11-23T03:00Z", "2026-11-23T12:00Z")] // winter time by then
    [InlineData(
        "DTSTART;TZID=America/New_York:20261025T220000|DURATION:PT9H|RRULE:FREQ=WEEKLY;UNTIL=20261123T030000Z",
        "2026-11-23T03:00Z",
        "2026-11-23T12:00Z"
    )]
    [InlineData("DTSTART:20261101T230000Z|DURATION:P2D|RRULE:FREQ=MONTHLY", "2026-12-01T23:00Z", "2026-12-03T23:00Z")]
    public void Events_of_times_cover_from_beginning_to_end(string lines, string from, string to)
    {
        var calendar = Read(Event(lines + "|SUMMARY:Upgrade"));
        var (start, end) = (DateTimeOffset.Parse(from), DateTimeOffset.Parse(to));

        calendar.StretchAt(start, Zone.Default).ShouldBe(new CalendarStretch(true, ExclusionKind.Window, "Upgrade", start, end));
        calendar.StretchAt(end.AddTicks(-1), Zone.Default).IsCovered.ShouldBeTrue();
        calendar.StretchAt(start.AddTicks(-1), Zone.Default).IsCovered.ShouldBeFalse();
        calendar.StretchAt(start.AddTicks(-1), Zone.Default).Until.ShouldBe(start);
        calendar.StretchAt(end, Zone.Default).IsCovered.ShouldBeFalse();
        calendar.StretchAt(end, Zone.Default).Since.ShouldBe(end);
    }

    [Theory]
    [InlineData("RRULE:FREQ=YEARLY;UNTIL=20261123T025959Z", false)]
    [InlineData("RRULE:FREQ=WEEKLY;COUNT=4", false)]
    [InlineData("RRULE:FREQ=WEEKLY;COUNT=5", true)]
    [InlineData("RRULE:FREQ=WEEKLY|EXDATE;TZID=America/New_York:20261122T220000", false)]
    [InlineData("RRULE:FREQ=WEEKLY|EXDATE:20261123T030000Z", false)]
    [InlineData("RRULE:FREQ=WEEKLY|EXDATE;TZID=America/New_York:20261122T210000", true)]
    public void Ends_and_exceptions_of_times_are_those_of_their_zone(string rule, bool expected)
    {
        var calendar = Read(Event("DTSTART;TZID=America/New_York:20261025T220000|DURATION:PT9H|" + rule));

        calendar.StretchAt(DateTimeOffset.Parse("2026-11-23T04:00Z"), Zone.Default).IsCovered.ShouldBe(expected);
    }

    [Fact]
    public void Folded_and_escaped_texts_are_read_as_they_were_meant()
    {
        var calendar = Read(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:2026\r\n 1224\r\nSUMMARY:V\\, é\\;\\\\\r\n\t spera\\nx\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );

        calendar.Covers(new(2026, 12, 24), out var name).ShouldBeTrue();
        name.ShouldBe("V, é;\\ spera\nx");
    }

    [Fact]
    public void An_event_that_takes_the_place_of_a_repetition_moves_it()
    {
        var calendar = Read(
            Event("UID:1|DTSTART:20261101T100000Z|DURATION:PT1H|RRULE:FREQ=DAILY")
                + Event("UID:1|RECURRENCE-ID:20261103T100000Z|DTSTART:20261103T150000Z|DURATION:PT1H")
        );

        Covered("2026-11-02T10:30Z").ShouldBeTrue();
        Covered("2026-11-03T10:30Z").ShouldBeFalse();
        Covered("2026-11-03T15:30Z").ShouldBeTrue();

        bool Covered(string at) => calendar.StretchAt(DateTimeOffset.Parse(at), Zone.Utc).IsCovered;
    }

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20261224|RRULE:FREQ=YEARLY;BYSETPOS=1", 4, "BYSETPOS is not supported")]
    [InlineData("DTSTART;VALUE=DATE:20261224|RRULE:FREQ=HOURLY", 4, "FREQ=HOURLY")]
    [InlineData("DTSTART;VALUE=DATE:20261224|RRULE:FREQ=WEEKLY;BYDAY=2MO", 4, "only in a monthly or yearly")]
    [InlineData("DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;COUNT=0", 4, "COUNT=0")]
    [InlineData("DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;FREQ=DAILY", 4, "comes twice")]
    [InlineData("DTSTART;VALUE=DATE:20261324", 3, "'20261324'")]
    [InlineData("DTSTART;TZID=Mars/Olympus:20261224T100000|DURATION:PT1H", 3, "Mars/Olympus")]
    [InlineData("SUMMARY:x|DTEND;VALUE=DATE:20261224", 2, "no DTSTART")]
    [InlineData("DTSTART:20261224T100000Z", 3, "no length")]
    [InlineData("DTSTART:20261224T100000Z|DTEND:20261224T090000Z", 4, "no length")]
    [InlineData("DTSTART:20261224T100000Z|DURATION:-PT1H", 4, "-PT1H")]
    [InlineData("DTSTART;VALUE=DATE:99991231|DURATION:P10D", 2, "9999")]
    [InlineData("DTSTART:20261224T100000Z|DURATION:PT1H|RDATE;VALUE=PERIOD:20261225T100000Z/PT1H", 5, "periods")]
    [InlineData("DTSTART;VALUE=DATE:20261224|EXRULE:FREQ=DAILY", 4, "EXRULE")]
    public void What_is_not_understood_is_listed_with_its_line(string lines, int line, string message)
    {
        var reading = IcalReader.Read(Wrap(Event(lines)));

        reading.Entries.ShouldBeEmpty();
        reading.Problems.ShouldHaveSingleItem().Line.ShouldBe(line);
        reading.Problems[0].Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("hello", 1)]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", 3)]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224", 2)]
    [InlineData("BEGIN:VCALENDAR\nno property\nEND:VCALENDAR", 2)]
    public void A_broken_text_says_where(string text, int line) => IcalReader.Read(text).Problems[0].Line.ShouldBe(line);

    [Fact]
    public void No_text_makes_the_reader_throw()
    {
        var whole = Wrap(
            Event(
                "UID:1|DTSTART;TZID=America/New_York:20261025T220000|DURATION:PT9H|RRULE:FREQ=MONTHLY;BYDAY=-1SU;COUNT=5|EXDATE:20261123T030000Z|SUMMARY:x"
            )
        );
        var mutated =
            from at in Gen.Choose(0, whole.Length - 1)
            from length in Gen.Choose(0, 12)
            from put in Gen.Elements("", ";", ":", "=", ",", "\n", "\n ", "9999", "-1", "\"", "\\", "Z", "T", "BEGIN:X\n", "é\0")
            select whole[..at] + put + whole[Math.Min(whole.Length, at + length)..];

        mutated.Check(
            5_000,
            text =>
            {
                foreach (var entry in IcalReader.Read(text).Entries)
                {
                    entry
                        .StretchAt(DateTimeOffset.Parse("2026-12-01T00:00Z"), Zone.Default)
                        .Until.ShouldBeGreaterThan(DateTimeOffset.Parse("2026-12-01T00:00Z"));
                }
            }
        );
    }

    private static string Event(string lines) => $"BEGIN:VEVENT\n{lines.Replace('|', '\n')}\nEND:VEVENT\n";

    private static string Wrap(string events) => $"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n";

    private static Calendar Read(string events)
    {
        var reading = IcalReader.Read(events.Contains("VCALENDAR", StringComparison.Ordinal) ? events : Wrap(events));
        reading.Problems.ShouldBeEmpty();
        return new Calendar("file", reading.Entries);
    }
}

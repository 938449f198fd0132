using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Calendars.Brazil;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Calendars;

/// <summary>Every kind of entry against the plainest reading of it: what the clock on the wall shows at an instant.</summary>
public sealed class CalendarEntryTests
{
    private static readonly string[] Zones =
    [
        "UTC",
        "America/Sao_Paulo",
        "America/New_York",
        "Europe/Dublin",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "America/St_Johns",
        "America/Havana",
        "Asia/Beirut",
        "Asia/Tokyo",
    ];

    private static readonly WeekHours[] Business =
    [
        .. new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday }.SelectMany(day =>
            new[] { new WeekHours(day, new(8, 0), new(12, 0)), new WeekHours(day, new(14, 0), new(18, 0)) }
        ),
        new(DayOfWeek.Saturday, new(8, 0), new(12, 0)),
    ];

    private static readonly WeekHours[] Quiet = [.. Enum.GetValues<DayOfWeek>().Select(day => new WeekHours(day, new(22, 0), new(7, 0)))];

    private static readonly (CalendarEntry Entry, Func<DateTime, bool> Covers)[] ByClock =
    [
        (new DateEntry(new(2010, 11, 7)), local => local.Date == new DateTime(2010, 11, 7)),
        (
            new DateEntry(new DateOnly(2026, 12, 28), new DateOnly(2027, 1, 2)),
            local => local >= new DateTime(2026, 12, 28) && local < new DateTime(2027, 1, 3)
        ),
        (new DateEntry(new(2011, 12, 30)), local => local.Date == new DateTime(2011, 12, 30)),
        (new YearlyEntry(2, 29), local => local is { Month: 2, Day: 29 }),
        (new YearlyEntry(12, 31), local => local is { Month: 12, Day: 31 }),
        (new YearlyEntry(1, 1), local => local is { Month: 1, Day: 1 }),
        (new WeekdayEntry([DayOfWeek.Saturday, DayOfWeek.Sunday]), local => local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday),
        (new NthWeekdayEntry(5, DayOfWeek.Sunday, 2), local => local is { Month: 5, DayOfWeek: DayOfWeek.Sunday, Day: >= 8 and <= 14 }),
        (
            new NthWeekdayEntry(null, DayOfWeek.Friday, -1),
            local => local.DayOfWeek == DayOfWeek.Friday && local.AddDays(7).Month != local.Month
        ),
        (new HoursEntry(Business), IsBusiness),
        (new HoursEntry(Quiet), local => local.Hour is >= 22 or < 7),
        (
            new HoursEntry([new(DayOfWeek.Saturday, new(22, 0), new(7, 0))]),
            local => local is { DayOfWeek: DayOfWeek.Saturday, Hour: >= 22 } or { DayOfWeek: DayOfWeek.Sunday, Hour: < 7 }
        ),
        (new HoursEntry([new(DayOfWeek.Sunday, new(0, 0), new(0, 0))]), local => local.DayOfWeek == DayOfWeek.Sunday),
        (
            new HoursEntry([new(DayOfWeek.Sunday, new(1, 30), new(2, 30))]),
            local =>
                local.DayOfWeek == DayOfWeek.Sunday && local.TimeOfDay >= new TimeSpan(1, 30, 0) && local.TimeOfDay < new TimeSpan(2, 30, 0)
        ),
        (
            new BrazilEntry("SP"),
            local => BrazilHolidays.Of(local.Year, new BrazilEntry("SP")).Any(holiday => holiday.Day == DateOnly.FromDateTime(local))
        ),
    ];

    private static readonly Gen<DateTimeOffset> Instants = Gen.OneOf(
        Gen.Choose(0, 28 * 366 * 24 * 60).Select(minute => new DateTimeOffset(2006, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute)),
        from year in Gen.Choose(2006, 2030)
        from change in Gen.Elements(
            "03-08",
            "03-14",
            "11-01",
            "11-07",
            "10-25",
            "03-29",
            "12-30",
            "12-31",
            "02-29",
            "04-05",
            "10-04",
            "05-10"
        )
        from minute in Gen.Choose(-1600, 3000)
        select new DateTimeOffset(
            DateTime.SpecifyKind(DateTime.TryParse($"{year}-{change}", out var day) ? day : new DateTime(year, 2, 28), DateTimeKind.Utc)
        ).AddMinutes(minute)
    );

    [Fact]
    public void An_entry_covers_what_the_clock_on_the_wall_says_all_through_its_stretch()
    {
        var cases =
            from id in Gen.Elements(Zones)
            from index in Gen.Choose(0, ByClock.Length - 1)
            from at in Instants
            from part in Gen.Choose(0, 1000)
            select (id, index, at, part);

        cases.Check(
            30_000,
            @case =>
            {
                var (entry, covers) = ByClock[@case.index];
                var rules = DateTimeZoneProviders.Tzdb[@case.id];

                var stretch = entry.StretchAt(@case.at, Zone.Parse(@case.id));

                stretch.IsCovered.ShouldBe(covers(Local(@case.at, rules)));
                (stretch.Since <= @case.at && @case.at < stretch.Until).ShouldBeTrue($"{stretch}");
                foreach (var inside in Inside(stretch, @case.at, @case.part))
                {
                    covers(Local(inside, rules)).ShouldBe(stretch.IsCovered, $"{entry} in {@case.id} at {inside:O}, stretch {stretch}");
                }
            }
        );
    }

    [Fact]
    public void Stretches_of_an_entry_follow_each_other_without_end_and_jump()
    {
        foreach (var (entry, _) in ByClock)
        {
            var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            var steps = 0;
            for (var end = at.AddYears(4); at < end; steps++)
            {
                var stretch = entry.StretchAt(at, Zone.Parse("America/New_York"));
                stretch.Until.ShouldBeGreaterThan(at);
                at = stretch.Until;
            }

            steps.ShouldBeLessThan(entry is DateEntry or YearlyEntry ? 20 : 5000);
        }
    }

    [Fact]
    public void No_entry_fails_at_the_ends_of_the_calendar()
    {
        CalendarEntry[] others =
        [
            new RecurringWindowEntry(CronExpression.Parse("0 22 * * *"), TimeSpan.FromHours(9)),
            new WindowEntry(DateTimeOffset.MinValue, DateTimeOffset.MaxValue),
            new LocalWindowEntry(DateTime.MinValue, DateTime.MaxValue),
            new AshWednesdayEntry(),
        ];
        DateTimeOffset[] instants =
        [
            DateTimeOffset.MinValue,
            DateTimeOffset.MinValue.AddHours(7),
            DateTimeOffset.MinValue.AddDays(3),
            DateTimeOffset.MaxValue,
            DateTimeOffset.MaxValue.AddHours(-7),
            DateTimeOffset.MaxValue.AddDays(-3),
        ];
        foreach (var entry in ByClock.Select(pair => pair.Entry).Concat(others))
        {
            foreach (var (id, at) in Zones.SelectMany(id => instants.Select(at => (id, at))))
            {
                var stretch = entry.StretchAt(at, Zone.Parse(id));

                (stretch.Since <= at && (at < stretch.Until || at == DateTimeOffset.MaxValue)).ShouldBeTrue(
                    $"{entry} {id} {at:O} {stretch}"
                );
            }
        }
    }

    [Fact]
    public void A_window_holds_from_its_beginning_to_just_before_its_end()
    {
        var utc = new WindowEntry(DateTimeOffset.Parse("2026-11-22T01:00Z"), DateTimeOffset.Parse("2026-11-22T05:00Z"), "Upgrade");
        var local = new LocalWindowEntry(new(2026, 11, 1, 0, 30, 0), new(2026, 11, 1, 1, 30, 0));
        var newYork = Zone.Parse("America/New_York"); // 01:00 to 02:00 comes twice on that day

        Covered(utc, "2026-11-22T00:59:59Z").ShouldBeFalse();
        Covered(utc, "2026-11-22T01:00:00Z").ShouldBeTrue();
        Covered(utc, "2026-11-22T04:59:59Z").ShouldBeTrue();
        Covered(utc, "2026-11-22T05:00:00Z").ShouldBeFalse();
        Covered(local, "2026-11-01T04:30:00Z").ShouldBeTrue();
        Covered(local, "2026-11-01T06:29:59Z").ShouldBeTrue();
        Covered(local, "2026-11-01T06:30:00Z").ShouldBeFalse();

        bool Covered(CalendarEntry entry, string at) => entry.StretchAt(DateTimeOffset.Parse(at), newYork).IsCovered;
    }

    [Fact]
    public void A_recurring_window_covers_its_length_after_each_start()
    {
        var window = new RecurringWindowEntry(CronExpression.Parse("0 2 * * SUN"), TimeSpan.FromHours(3), "Maintenance");
        var start = DateTimeOffset.Parse("2026-11-22T05:00:00Z"); // Sunday 02:00 in São Paulo

        for (var minute = -600; minute < 600; minute++)
        {
            var stretch = window.StretchAt(start.AddMinutes(minute), Zone.Default);

            stretch.IsCovered.ShouldBe(minute is >= 0 and < 180);
            stretch.Name.ShouldBe(stretch.IsCovered ? "Maintenance" : null);
        }
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Should.Throw<ArgumentException>(() => new DateEntry(new(2026, 2, 2), new DateOnly(2026, 2, 1)));
        Should.Throw<ArgumentOutOfRangeException>(() => new YearlyEntry(2, 30));
        Should.Throw<ArgumentOutOfRangeException>(() => new YearlyEntry(13, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new NthWeekdayEntry(5, DayOfWeek.Sunday, 6));
        Should.Throw<ArgumentException>(() => new WindowEntry(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
        Should.Throw<ArgumentOutOfRangeException>(() => new RecurringWindowEntry(CronExpression.Parse("@daily"), TimeSpan.Zero));
    }

    private static bool IsBusiness(DateTime local) =>
        local.DayOfWeek switch
        {
            DayOfWeek.Sunday => false,
            DayOfWeek.Saturday => local.Hour is >= 8 and < 12,
            _ => local.Hour is (>= 8 and < 12) or (>= 14 and < 18),
        };

    private static DateTime Local(DateTimeOffset at, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(at).InZone(zone).ToDateTimeUnspecified();

    private static IEnumerable<DateTimeOffset> Inside(CalendarStretch stretch, DateTimeOffset at, int part)
    {
        var first = stretch.Since < at.AddYears(-3) ? at.AddYears(-3) : stretch.Since;
        var last = stretch.Until > at.AddYears(3) ? at.AddYears(3) : stretch.Until;
        return [first, last.AddTicks(-1), new(first.UtcTicks + ((last - first).Ticks / 1001 * part), TimeSpan.Zero)];
    }

    [Theory]
    [InlineData("2021-11-07T05:39:00Z", "2021-11-07T05:30:00Z", "2021-11-07T06:00:00Z")] // first pass of 01:39: at 06:00Z clocks go back to 01:00
    [InlineData("2021-11-07T06:39:00Z", "2021-11-07T06:30:00Z", "2021-11-07T07:30:00Z")] // second pass
    [InlineData("2021-11-07T06:10:00Z", "2021-11-07T06:00:00Z", "2021-11-07T06:30:00Z")] // between the passes, outside
    public void Hours_that_begin_inside_of_a_repeated_hour_are_two_stretches(string at, string since, string until)
    {
        var hours = new HoursEntry([new WeekHours(DayOfWeek.Sunday, new TimeOnly(1, 30), new TimeOnly(2, 30))]);

        var stretch = hours.StretchAt(DateTimeOffset.Parse(at), Zone.Parse("America/New_York"));

        (stretch.Since, stretch.Until).ShouldBe((DateTimeOffset.Parse(since), DateTimeOffset.Parse(until)));
    }

    [Fact]
    public void What_leaves_a_time_out_says_whether_it_is_inside_or_outside()
    {
        var christmas = DateTimeOffset.Parse("2026-12-25T12:00:00Z");
        BuiltInCalendars.TryFind("br", out var holidays);
        BuiltInCalendars.TryFind("weekends", out var weekends);
        var except = new CalendarRules { Except = [holidays!] };
        var only = new CalendarRules { Only = [weekends!] };

        except.LeftOut(christmas, Zone.Default)!.Detail.ShouldBe("br: Natal");
        only.LeftOut(christmas, Zone.Default)!.Detail.ShouldBe("outside weekends");
    }
}

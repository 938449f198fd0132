using FsCheck.Fluent;
using NodaTime;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Calendars.Brazil;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Calendars;

public sealed class DayShiftTests
{
    private static readonly Calendar Holidays = new("br", [new BrazilEntry("SP", null, true)]);
    private static readonly Calendar Weekdays = BuiltInCalendars.TryFind("weekdays", out var found)
        ? found
        : throw new InvalidOperationException();
    private static readonly Calendar Odd = new("odd", [new WeekdayEntry([DayOfWeek.Sunday, DayOfWeek.Tuesday])]);
    private static readonly Calendar LongBreak = new("break", [new DateEntry(new DateOnly(2026, 3, 1), new DateOnly(2026, 5, 20))]);

    private static readonly CalendarRules[] Rules =
    [
        new() { Except = [Holidays] },
        new() { Only = [Weekdays], Except = [Holidays, LongBreak] },
        new() { Only = [Odd] },
        new(),
    ];

    [Theory]
    [InlineData(
        "0 9 7 * *",
        DayShift.NextBusinessDay,
        "2026-11-01",
        "2026-11-09T09:00",
        "Moved from Saturday 2026-11-07 to Monday 2026-11-09 (weekend)."
    )]
    [InlineData(
        "0 9 7 * *",
        DayShift.PreviousBusinessDay,
        "2026-11-01",
        "2026-11-06T09:00",
        "Moved from Saturday 2026-11-07 to Friday 2026-11-06 (weekend)."
    )]
    [InlineData(
        "0 9 25 12 *",
        DayShift.NextBusinessDay,
        "2026-11-01",
        "2026-12-28T09:00",
        "Moved from Friday 2026-12-25 to Monday 2026-12-28 (Natal)."
    )]
    [InlineData(
        "0 9 25 12 *",
        DayShift.PreviousBusinessDay,
        "2026-11-01",
        "2026-12-24T09:00",
        "Moved from Friday 2026-12-25 to Thursday 2026-12-24 (Natal)."
    )]
    [InlineData(
        "0 9 L * *",
        DayShift.PreviousBusinessDay,
        "2026-05-01",
        "2026-05-29T09:00",
        "Moved from Sunday 2026-05-31 to Friday 2026-05-29 (weekend)."
    )]
    [InlineData("0 9 10 * *", DayShift.NextBusinessDay, "2026-11-01", "2026-11-10T09:00", null)]
    public void A_day_off_gives_its_times_to_a_business_day_and_says_so(
        string cron,
        DayShift shift,
        string after,
        string expected,
        string? note
    )
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Default)
        {
            Terms = new Terms
            {
                Calendars = new CalendarRules { Except = [Holidays], Shift = shift },
            },
        };

        var first = schedule.Preview(DateTimeOffset.Parse(after + "T00:00-03:00"), Zone.Default).First();

        first.Local.ToString("yyyy-MM-ddTHH:mm").ShouldBe(expected);
        first.Note.ShouldBe(note);
    }

    [Theory]
    [InlineData("UTC", "*/30 8-10 * * *")]
    [InlineData("America/Sao_Paulo", "0 9 1,15 * *")]
    [InlineData("America/Sao_Paulo", "0 0,12 * * SAT,SUN,WED")]
    [InlineData("America/New_York", "30 2 8,1 * *")]
    [InlineData("America/New_York", "30 1,2 * * SAT")]
    [InlineData("Europe/Dublin", "30 1 L * *")]
    public void Moved_times_are_those_of_days_mapped_one_by_one(string zone, string cron)
    {
        foreach (
            var (rules, shift) in Rules.SelectMany(rules =>
                new[] { DayShift.NextBusinessDay, DayShift.PreviousBusinessDay }.Select(shift => (rules, shift))
            )
        )
        {
            var moved = rules with { Shift = shift };
            var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse(zone)) { Terms = new Terms { Calendars = moved } };
            var (from, to) = (DateTimeOffset.Parse("2026-01-01T00:00Z"), DateTimeOffset.Parse("2027-03-20T00:00Z"));
            var expected = Expected(cron, zone, moved, from, to);

            schedule.DueTimes(from).TakeWhile(at => at < to).ShouldBe(expected);
            schedule.Occurrences(from).TakeWhile(at => at < to).ShouldBe(expected);
            Backward(schedule, to, from).ShouldBe(expected.AsEnumerable().Reverse());
        }
    }

    [Fact]
    public void Without_any_business_day_the_search_ends()
    {
        var never = new Calendar("never", [new WeekdayEntry(Enum.GetValues<DayOfWeek>())]);
        foreach (var shift in new[] { DayShift.NextBusinessDay, DayShift.PreviousBusinessDay })
        {
            var schedule = new CronSchedule(CronExpression.Parse("0 9 * * *"), Zone.Default)
            {
                Terms = new Terms
                {
                    Calendars = new CalendarRules { Except = [never], Shift = shift },
                },
            };

            schedule.Next(DateTimeOffset.Parse("2026-01-01T00:00Z")).ShouldBeNull();
            schedule.Previous(DateTimeOffset.Parse("2026-01-01T00:00Z")).ShouldBeNull();
        }
    }

    [Fact]
    public void Hours_still_leave_out_what_days_no_longer_do()
    {
        var lunch = new Calendar(
            "lunch",
            [new HoursEntry(Enum.GetValues<DayOfWeek>().Select(day => new WeekHours(day, new(12, 0), new(14, 0))))]
        );
        var schedule = new CronSchedule(CronExpression.Parse("0 9,13 7 11 *"), Zone.Default)
        {
            Terms = new Terms
            {
                Calendars = new CalendarRules { Except = [Holidays, lunch], Shift = DayShift.NextBusinessDay },
            },
        };
        var from = DateTimeOffset.Parse("2026-11-01T00:00Z");

        schedule.NextDue(schedule.NextDue(from)!.Value).ShouldBe(DateTimeOffset.Parse("2026-11-09T13:00-03:00"));
        schedule.LeftOut(DateTimeOffset.Parse("2026-11-09T13:00-03:00"))!.Calendar.ShouldBe("lunch");
        schedule
            .Occurrences(from)
            .Take(2)
            .ShouldBe([DateTimeOffset.Parse("2026-11-09T09:00-03:00"), DateTimeOffset.Parse("2027-11-08T09:00-03:00")]);
    }

    [Fact]
    public void Business_hours_say_which_days_are_business_days()
    {
        var hours = new Calendar(
            "hours",
            [new HoursEntry([new(DayOfWeek.Monday, new(8, 0), new(12, 0)), new(DayOfWeek.Saturday, new(8, 0), new(12, 0))])]
        );
        var rules = new CalendarRules { Only = [hours], Except = [Holidays] };

        rules.IsBusinessDay(new(2026, 11, 7)).ShouldBeTrue();
        rules.IsBusinessDay(new(2026, 11, 9)).ShouldBeTrue();
        rules.IsBusinessDay(new(2026, 11, 10)).ShouldBeFalse();
        rules.IsBusinessDay(new(2026, 11, 2)).ShouldBeFalse();
        new CalendarRules().IsBusinessDay(new(2026, 11, 7)).ShouldBeFalse();
        new CalendarRules().IsBusinessDay(new(2026, 11, 9)).ShouldBeTrue();
    }

    [Fact]
    public void Rules_that_were_changed_forget_the_days_of_the_old_ones()
    {
        var rules = new CalendarRules { Except = [Holidays], Shift = DayShift.NextBusinessDay };
        var schedule = new CronSchedule(CronExpression.Parse("0 9 7 11 *"), Zone.Default) { Terms = new Terms { Calendars = rules } };
        var from = DateTimeOffset.Parse("2026-11-01T00:00Z");

        var next = schedule.Next(from);
        var previous = schedule with { Terms = new Terms { Calendars = rules with { Shift = DayShift.PreviousBusinessDay } } };

        next.ShouldBe(DateTimeOffset.Parse("2026-11-09T09:00-03:00"));
        previous.Next(from).ShouldBe(DateTimeOffset.Parse("2026-11-06T09:00-03:00"));
        schedule.ShouldBe(schedule with { });
        schedule.ShouldNotBe(previous);
    }

    private static List<DateTimeOffset> Expected(string text, string zoneId, CalendarRules rules, DateTimeOffset from, DateTimeOffset to)
    {
        var (cron, zone) = (new NaiveCron(text), DateTimeZoneProviders.Tzdb[zoneId]);
        var found = new SortedSet<DateTimeOffset>();
        for (
            var day = DateOnly.FromDateTime(from.Date).AddDays(-120);
            day < DateOnly.FromDateTime(to.Date).AddDays(120);
            day = day.AddDays(1)
        )
        {
            if (!cron.MatchesDay(day))
            {
                continue;
            }

            var target = day;
            while (!rules.IsBusinessDay(target))
            {
                target = target.AddDays(rules.Shift == DayShift.NextBusinessDay ? 1 : -1);
            }

            for (var minute = 0; minute < 1440; minute++)
            {
                if (cron.Matches(day.ToDateTime(default).AddMinutes(minute)))
                {
                    found.UnionWith(
                        Instants(
                            zone.MapLocal(LocalDateTime.FromDateTime(target.ToDateTime(default).AddMinutes(minute))),
                            cron.IntervalLike
                        )
                    );
                }
            }
        }

        return [.. found.Where(at => at > from && at < to)];
    }

    private static IEnumerable<DateTimeOffset> Instants(NodaTime.TimeZones.ZoneLocalMapping mapping, bool intervalLike) =>
        mapping.Count switch
        {
            0 => intervalLike ? [] : [mapping.LateInterval.Start.ToDateTimeOffset()],
            1 => [mapping.Single().ToInstant().ToDateTimeOffset()],
            _ => intervalLike
                ? [mapping.First().ToInstant().ToDateTimeOffset(), mapping.Last().ToInstant().ToDateTimeOffset()]
                : [mapping.First().ToInstant().ToDateTimeOffset()],
        };

    private static IEnumerable<DateTimeOffset> Backward(Schedule schedule, DateTimeOffset before, DateTimeOffset after)
    {
        while (schedule.Previous(before) is { } at && at > after)
        {
            yield return at;
            before = at;
        }
    }
}

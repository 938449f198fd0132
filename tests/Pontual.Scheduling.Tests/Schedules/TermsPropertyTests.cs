using FsCheck;
using FsCheck.Fluent;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Calendars.Brazil;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>Beginning, end, spread and calendars of every kind of schedule, against a list of its bare times that is filtered in the plainest way.</summary>
public sealed class TermsPropertyTests
{
    private static readonly DateTimeOffset From = DateTimeOffset.Parse("2026-10-20T00:00Z");
    private static readonly DateTimeOffset To = DateTimeOffset.Parse("2026-11-20T00:00Z"); // clocks go back in New York and Lisbon

    private static readonly Calendar[] Calendars =
    [
        new("br", [new BrazilEntry("SP", "São Paulo", true)]),
        new("weekend", [new WeekdayEntry([DayOfWeek.Saturday, DayOfWeek.Sunday])]),
        new("hours", [new HoursEntry(Enum.GetValues<DayOfWeek>().Select(day => new WeekHours(day, new(8, 0), new(18, 0))))]),
        new("quiet", [new HoursEntry(Enum.GetValues<DayOfWeek>().Select(day => new WeekHours(day, new(22, 0), new(7, 0))))]),
        new("night", [new RecurringWindowEntry(CronExpression.Parse("0 2 * * *"), TimeSpan.FromHours(3))]),
        new("once", [new LocalWindowEntry(new(2026, 11, 1, 0, 30, 0), new(2026, 11, 3, 1, 30, 0))]),
        new("elsewhere", [new WeekdayEntry([DayOfWeek.Monday])]) { Zone = Zone.Parse("Asia/Tokyo") },
        new("both", [new WeekdayEntry([DayOfWeek.Tuesday]), new DateEntry(new DateOnly(2026, 11, 5), new DateOnly(2026, 11, 9))]),
    ];

    private static readonly Gen<Schedule> Bare =
        from zone in Gen.Elements("America/Sao_Paulo", "America/New_York", "Europe/Lisbon", "UTC").Select(Zone.Parse)
        from kind in Gen.Choose(0, 5)
        from minutes in Gen.Elements(7, 15, 60, 90, 1440, 1441)
        from cron in Gen.Elements("*/20 * * * *", "30 1,2 * * *", "0 9 * * MON-FRI", "15 8-18/2 * * *", "0 0 1,15 * *", "0 30 23 * * SUN")
        select kind switch
        {
            0 => new EverySchedule(TimeSpan.FromMinutes(minutes), From.AddSeconds(11)) { Zone = zone },
            1 => new OnceSchedule(From.AddMinutes(minutes * 9)) { Zone = zone },
            2 => new ManualSchedule { Zone = zone },
            _ => (Schedule)new CronSchedule(CronExpression.Parse(cron), zone),
        };

    private static readonly Gen<Terms> AnyTerms =
        from start in Gen.Choose(-3, 20)
        from end in Gen.Choose(10, 40)
        from jitter in Gen.Elements(0, 0, 1, 90, 600, 5_000, 86_400)
        from seed in Gen.Elements("a", "b", "nightly", "é")
        from only in Gen.Elements([], [0], [2], [2, 6], new[] { 7 })
        from except in Gen.Elements([], [], [0], [0, 1], [3, 5], [4], new[] { 6 })
        from shift in Gen.Elements(DayShift.None, DayShift.None, DayShift.NextBusinessDay, DayShift.PreviousBusinessDay)
        select new Terms
        {
            Start = start < 0 ? null : From.AddDays(start),
            End = end > 30 ? null : From.AddDays(end),
            Jitter = jitter == 0 ? null : new Jitter(TimeSpan.FromSeconds(jitter), seed),
            Calendars = new CalendarRules
            {
                Only = [.. only.Select(index => Calendars[index])],
                Except = [.. except.Select(index => Calendars[index])],
                Shift = shift,
            },
        };

    [Fact]
    public void Due_times_and_occurrences_are_the_bare_times_bounded_spread_and_filtered()
    {
        var cases = from bare in Bare from terms in AnyTerms select (bare, terms);

        cases.Check(
            200,
            @case =>
            {
                var schedule = @case.bare with { Terms = @case.terms };
                var nominal = Nominal(@case.bare, @case.terms);
                var due = nominal.ConvertAll(at => at + ShiftOf(schedule, nominal, at));
                var running = nominal.Zip(due).Where(pair => IsIn(@case.terms, schedule, pair.First)).Select(pair => pair.Second).ToList();

                Within(schedule.DueTimes(From)).ShouldBe(Within(due));
                Within(schedule.Occurrences(From)).ShouldBe(Within(running));
                Within(Backward(schedule.PreviousDue)).AsEnumerable().Reverse().ShouldBe(Within(due));
                Within(Backward(schedule.Previous)).AsEnumerable().Reverse().ShouldBe(Within(running));
                due.ShouldBe(due.Order().Distinct());
            }
        );
    }

    [Fact]
    public void A_spread_time_stays_before_the_next_one_and_within_its_bound()
    {
        var cases =
            from most in Gen.Choose(1, 86_400)
            from gap in Gen.Choose(1, 100_000)
            from second in Gen.Choose(0, int.MaxValue)
            from seed in Gen.Elements("a", "b", "c")
            select (most, gap, at: DateTimeOffset.UnixEpoch.AddSeconds(second), seed);

        cases.Check(
            5_000,
            @case =>
            {
                var (jitter, gap) = (new Jitter(TimeSpan.FromSeconds(@case.most), @case.seed), TimeSpan.FromSeconds(@case.gap));

                var shift = jitter.Of(@case.at, gap);

                shift.ShouldBeInRange(TimeSpan.Zero, jitter.Most);
                shift.ShouldBeLessThan(gap);
                (shift.Ticks % TimeSpan.TicksPerSecond).ShouldBe(0);
                shift.ShouldBe(new Jitter(jitter.Most, @case.seed).Of(@case.at, gap));
                jitter.Of(@case.at, null).ShouldBeInRange(TimeSpan.Zero, jitter.Most);
            }
        );
    }

    [Fact]
    public void Seeds_and_times_spread_evenly()
    {
        const int Buckets = 60;
        foreach (var bySeed in new[] { true, false })
        {
            var counts = new int[Buckets];
            for (var number = 0; number < 60_000; number++)
            {
                var jitter = new Jitter(TimeSpan.FromSeconds(Buckets - 1), bySeed ? $"job-{number}" : "job");
                counts[(int)jitter.Of(From.AddMinutes(bySeed ? 0 : number), TimeSpan.FromHours(1)).TotalSeconds]++;
            }

            // Chi-square of 59 degrees of freedom: 120 is passed by chance once in a hundred thousand times, and the seeds are fixed.
            counts.Sum(count => Math.Pow(count - 1000, 2) / 1000).ShouldBeLessThan(120);
        }
    }

    [Fact]
    public void Beginning_and_end_are_included()
    {
        var schedule = new CronSchedule(CronExpression.Parse("0 9 * * *"), Zone.Utc)
        {
            Terms = new Terms { Start = DateTimeOffset.Parse("2026-11-03T09:00Z"), End = DateTimeOffset.Parse("2026-11-05T09:00Z") },
        };

        schedule.Occurrences(From).Select(at => at.Day).ShouldBe([3, 4, 5]);
        schedule.Previous(DateTimeOffset.MaxValue).ShouldBe(DateTimeOffset.Parse("2026-11-05T09:00Z"));
        schedule.Previous(DateTimeOffset.Parse("2026-11-03T09:00Z")).ShouldBeNull();
    }

    [Fact]
    public void A_fixed_delay_begins_at_its_beginning()
    {
        var start = DateTimeOffset.Parse("2026-11-03T09:00Z");
        var schedule = new DelaySchedule(TimeSpan.FromMinutes(10)) { Terms = new Terms { Start = start } };

        schedule.Next(start.AddDays(-1)).ShouldBe(start);
        schedule.Next(start).ShouldBe(start.AddMinutes(10));
    }

    [Fact]
    public void A_schedule_that_calendars_leave_nothing_of_ends()
    {
        var past = new Calendar("past", [new DateEntry(new DateOnly(2020, 1, 1))]);
        var all = new Calendar("all", [new WeekdayEntry(Enum.GetValues<DayOfWeek>())]);
        foreach (
            var rules in new[]
            {
                new CalendarRules { Only = [past] },
                new CalendarRules { Except = [all] },
            }
        )
        {
            foreach (var zone in new[] { "UTC", "America/New_York" })
            {
                var schedule = new CronSchedule(CronExpression.Parse("* * * * *"), Zone.Parse(zone))
                {
                    Terms = new Terms { Calendars = rules },
                };

                schedule.Next(From).ShouldBeNull();
            }
        }
    }

    private static List<DateTimeOffset> Nominal(Schedule bare, Terms terms)
    {
        // Moved days have an oracle of their own (DayShiftTests); here they are taken as the bare times.
        var moved =
            bare is CronSchedule && terms.Calendars.Shift != DayShift.None
                ? bare with
                {
                    Terms = new Terms { Calendars = terms.Calendars },
                }
                : bare;
        return
        [
            .. moved
                .DueTimes(From.AddDays(-40))
                .TakeWhile(at => at < To.AddDays(40))
                .Where(at => (terms.Start is null || at >= terms.Start) && (terms.End is null || at <= terms.End)),
        ];
    }

    private static TimeSpan ShiftOf(Schedule schedule, List<DateTimeOffset> nominal, DateTimeOffset at)
    {
        if (schedule.Terms.Jitter is not { } jitter)
        {
            return TimeSpan.Zero;
        }

        var bare = schedule with { Terms = new Terms { Calendars = schedule.Terms.Calendars } };
        var next = nominal.Find(other => other > at);
        return jitter.Of(at, (next == default ? bare.NextDue(at) : next) - at);
    }

    private static bool IsIn(Terms terms, Schedule schedule, DateTimeOffset at)
    {
        var rules = terms.Calendars;
        var moves = rules.Shift != DayShift.None && schedule is CronSchedule;
        bool Covers(Calendar calendar, bool windowsOnly) =>
            calendar.Entries.Any(entry =>
                !(windowsOnly && entry is DayEntry) && entry.StretchAt(at, calendar.Zone ?? schedule.Zone).IsCovered
            );

        var inside =
            rules.Only.Count == 0
            || rules.Only.Any(calendar => Covers(calendar, false))
            || (moves && rules.Only.All(calendar => calendar.IsWholeDays));
        return inside && !rules.Except.Any(calendar => Covers(calendar, moves));
    }

    private static IEnumerable<DateTimeOffset> Backward(Func<DateTimeOffset, DateTimeOffset?> step)
    {
        for (var at = step(To); at is { } found && found > From; at = step(found))
        {
            yield return found;
        }
    }

    private static List<DateTimeOffset> Within(IEnumerable<DateTimeOffset> times) =>
        [.. times.SkipWhile(at => at <= From).TakeWhile(at => at < To)];
}

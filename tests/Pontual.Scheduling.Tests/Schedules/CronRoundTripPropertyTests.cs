using FsCheck;
using FsCheck.Fluent;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>Forward and backward are two ways through the same times, whatever the kind of schedule, its bounds and its spread.</summary>
public sealed class CronRoundTripPropertyTests
{
    private static readonly DateTimeOffset Today = new(1995, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongAgo = new(1800, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<DateTimeOffset> Instants =
        from first in Gen.Elements(Today, Today, Today, LongAgo)
        from day in Gen.Choose(0, first == Today ? 366 * 120 : 366 * 500)
        from second in Gen.Choose(0, 86_399)
        from fraction in Gen.Elements(0, 0, 1, 9_999_999)
        select first.AddDays(day).AddSeconds(second).AddTicks(fraction);

    private static readonly Gen<Schedule> Crons =
        from text in Gen.OneOf(Expressions.Valid, Expressions.NearMidnight)
        from zone in Gen.Elements("UTC", "America/Sao_Paulo", "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Apia", "Antarctica/Troll")
        from gap in Gen.Elements<GapRule?>(null, GapRule.RunAtEnd, GapRule.RunShifted, GapRule.Skip)
        from overlap in Gen.Elements<OverlapRule?>(null, OverlapRule.First, OverlapRule.Second, OverlapRule.Both)
        select (Schedule)new CronSchedule(CronExpression.Parse(text), Zone.Parse(zone), new DstRules(gap, overlap));

    private static readonly Gen<Schedule> Others = Gen.OneOf(
        from seconds in Gen.Choose(1, 40_000_000)
        from anchor in Instants
        select (Schedule)new EverySchedule(TimeSpan.FromSeconds(seconds), anchor),
        from at in Instants
        select (Schedule)new OnceSchedule(at)
    );

    private static readonly Gen<Terms> AllTerms =
        from start in Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), Instants.Select(at => (DateTimeOffset?)at))
        from end in Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), Instants.Select(at => (DateTimeOffset?)at))
        from most in Gen.Elements(0, 1, 60, 86_400)
        select new Terms
        {
            Start = start,
            End = end,
            Jitter = most == 0 ? null : new Jitter(TimeSpan.FromSeconds(most), "job"),
        };

    // Each leaves something of every schedule below: what calendars never let run is searched for long.
    private static readonly Calendar?[] Only =
    [
        null,
        new("some days", [new WeekdayEntry([DayOfWeek.Sunday, DayOfWeek.Monday, DayOfWeek.Wednesday])]),
        new("nights and mornings", [new HoursEntry(Enum.GetValues<DayOfWeek>().Select(day => new WeekHours(day, new(20, 0), new(12, 0))))]),
    ];

    private static readonly Calendar?[] Except =
    [
        null,
        new("mondays", [new WeekdayEntry([DayOfWeek.Monday])]),
        new(
            "two nights",
            [new HoursEntry([new(DayOfWeek.Monday, new(22, 0), new(3, 0)), new(DayOfWeek.Saturday, new(23, 30), new(2, 15))])]
        ),
        new("upkeep", [new RecurringWindowEntry(CronExpression.Parse("30 1 * * MON"), TimeSpan.FromHours(3))]),
    ];

    private static readonly Gen<CalendarRules> AllRules =
        from only in Gen.Elements(Only)
        from except in Gen.Elements(Except)
        from shift in Gen.Elements(DayShift.None, DayShift.NextBusinessDay, DayShift.PreviousBusinessDay)
        select new CalendarRules
        {
            Only = only is null ? [] : [only],
            Except = except is null ? [] : [except],
            Shift = shift,
        };

    private static readonly Gen<Schedule> Frequent = Gen.OneOf(
        from text in Expressions.NearMidnight
        from zone in Gen.Elements("America/Sao_Paulo", "Europe/Dublin", "Australia/Lord_Howe", "Africa/Casablanca")
        select (Schedule)new CronSchedule(CronExpression.Parse(text), Zone.Parse(zone)),
        from hours in Gen.Choose(1, 90)
        from anchor in Instants
        select (Schedule)new EverySchedule(TimeSpan.FromHours(hours), anchor)
    );

    [Fact]
    public void Next_and_previous_are_inverse_whatever_calendars_leave_out_or_move() =>
        (
            from schedule in Frequent
            from rules in AllRules
            from most in Gen.Elements(0, 0, 900)
            from at in Instants
            let jitter = most == 0 ? null : new Jitter(TimeSpan.FromSeconds(most), "job")
            select (
                Schedule: schedule with
                {
                    Terms = new Terms { Calendars = rules, Jitter = jitter },
                },
                At: at
            )
        ).Check(
            500,
            given =>
            {
                AreInverse(given.At, given.Schedule.Next, given.Schedule.Previous, given.Schedule);
                AreInverse(given.At, given.Schedule.NextDue, given.Schedule.PreviousDue, given.Schedule);
                if (given.Schedule.Next(given.At) is { } next)
                {
                    given.Schedule.LeftOut(next).ShouldBeNull($"{given}");
                    given
                        .Schedule.DueTimes(given.At)
                        .TakeWhile(due => due < next)
                        .Take(500)
                        .ShouldAllBe(due => given.Schedule.LeftOut(due) != null);
                }
            },
            longTimes: 100
        );

    [Fact]
    public void Next_and_previous_of_cron_are_inverse() =>
        (from schedule in Crons from at in Instants select (schedule, at)).Check(
            3_000,
            given => AreInverse(given.at, given.schedule.Next, given.schedule.Previous, given.schedule),
            longTimes: 1000
        );

    [Fact]
    public void Next_and_previous_of_every_kind_are_inverse_within_any_terms() =>
        (
            from schedule in Gen.OneOf(Crons, Others)
            from terms in AllTerms
            from at in Instants
            select (schedule with { Terms = terms }, at)
        ).Check(
            2_000,
            given =>
            {
                AreInverse(given.at, given.Item1.Next, given.Item1.Previous, given.Item1);
                AreInverse(given.at, given.Item1.NextDue, given.Item1.PreviousDue, given.Item1);
            },
            longTimes: 500
        );

    private static void AreInverse(
        DateTimeOffset at,
        Func<DateTimeOffset, DateTimeOffset?> next,
        Func<DateTimeOffset, DateTimeOffset?> previous,
        Schedule schedule
    )
    {
        var (after, before) = (next(at), previous(at));

        (after is null || after > at).ShouldBeTrue($"{after:O} comes next after {at:O} in {schedule}");
        (before is null || before < at).ShouldBeTrue($"{before:O} comes before {at:O} in {schedule}");
        if (after is { } later)
        {
            previous(later.AddTicks(1)).ShouldBe(later, $"{schedule} at {at:O}");
            (previous(later) is not { } earlier || earlier <= at).ShouldBeTrue(
                $"{previous(later):O} lies between {at:O} and {later:O} in {schedule}"
            );
        }

        if (before is { } last)
        {
            next(last.AddTicks(-1)).ShouldBe(last, $"{schedule} at {at:O}");
            (next(last) is not { } coming || coming >= at).ShouldBeTrue($"{next(last):O} lies between {last:O} and {at:O} in {schedule}");
        }
    }
}

using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Texts;

/// <summary>The days, months and years of a cron expression in words.</summary>
internal sealed class DayWords(Language language)
{
    private const ulong AllDaysOfMonth = 0xFFFF_FFFE;
    private const ulong OddDays = 0xAAAA_AAAA;
    private const ulong EvenDays = 0x5555_5554;
    private const ulong AllDaysOfWeek = 0x7F;
    private const ulong AllMonths = 0x1FFE;
    private const int MostYearsNamed = 4;

    /// <summary>Nothing restricts the days, months or years.</summary>
    public static bool IsAny(in DayFields days) => IsAnyDay(days) && days.Months == AllMonths && days.Years is null;

    /// <param name="days">The fields.</param>
    /// <param name="sayEveryDay">"every day" is said where nothing restricts the day; else it goes without saying.</param>
    public IEnumerable<string> Of(DayFields days, bool sayEveryDay)
    {
        if (DatesOfOneMonth(days) is { } dates)
        {
            yield return dates;
        }
        else
        {
            if (!IsAnyDay(days))
            {
                yield return Days(days);
            }
            else if (sayEveryDay)
            {
                yield return language.EveryDay;
            }

            if (days.Months != AllMonths)
            {
                yield return Months(days.Months);
            }
        }

        if (days.Years is { } years)
        {
            yield return Years([
                .. years.SelectMany((part, index) => Bits.Of(part).Select(bit => CronField.Year.First + (index * 64) + bit)),
            ]);
        }
    }

    private static bool IsAnyDay(in DayFields days) =>
        days.Either
            ? days.DaysOfMonth == AllDaysOfMonth || days.DaysOfWeek == AllDaysOfWeek
            : days.DaysOfMonth == AllDaysOfMonth && days.DaysOfWeek == AllDaysOfWeek;

    /// <summary>"on 25 December"; null when it is not as simple.</summary>
    private string? DatesOfOneMonth(in DayFields days)
    {
        var dates = Bits.Of(days.DaysOfMonth);
        var isSimple =
            !days.Either
            && days.DaysOfWeek == AllDaysOfWeek
            && (days.FromMonthEnd | days.NearestWeekdays) == 0
            && Bits.Of(days.Months).Count == 1
            && Bits.Stretches(dates).All(stretch => stretch.Last - stretch.First < 2);
        return isSimple ? language.OnDatesOf(Bits.Of(days.Months)[0], dates) : null;
    }

    private string Days(DayFields days)
    {
        var dates = Language.List(Dates(days), language.And);
        if (!days.Either && days.DaysOfWeek == AllDaysOfWeek)
        {
            return dates;
        }

        if (!days.Either && days.DaysOfMonth == AllDaysOfMonth)
        {
            return Language.List(Weekdays(days), language.And);
        }

        return days.Either
            ? $"{dates} {language.Or} {Language.List(Weekdays(days), language.Or)}"
            : $"{dates}, {language.OnlyIf} {Language.List(IfWeekdays(days), language.Or)}";
    }

    private List<string> Dates(in DayFields days)
    {
        List<string> words = days.DaysOfMonth switch
        {
            0 => [],
            OddDays => [language.OnOddDays],
            EvenDays => [language.OnEvenDays],
            _ => [language.OnDates(Bits.Of(days.DaysOfMonth))],
        };
        words.AddRange(Bits.Of(days.NearestWeekdays & ~1U).Select(language.NearestWeekday));
        words.AddRange(Bits.Of(days.FromMonthEnd).OrderDescending().Select(language.BeforeMonthEnd));
        words.AddRange(Bits.Of(days.NearestWeekdays & 1).Select(_ => language.OnLastWeekday));
        return words;
    }

    private List<string> Weekdays(in DayFields days)
    {
        var week = Week(days);
        var missing = Enumerable.Range(1, 7).Except(week).ToList();
        List<string> words =
            week.Count == 0 ? []
            : missing is [not (1 or 7) and var day] ? [language.EveryDayExcept(day)]
            : WeekdayStretches(week);
        words.AddRange(Ordinals(days).Select(each => language.OnNth(each.Day, each.Nths)));
        return words;
    }

    /// <summary>Singles under one preposition, and a stretch of three or more as a range; in the order of the week.</summary>
    private List<string> WeekdayStretches(List<int> week)
    {
        var stretches = Bits.Stretches(week, (1, 7));
        if (stretches.FindIndex(stretch => Length(stretch) > 2) is >= 0 and var at)
        {
            var range = language.WeekdayRange(stretches[at].First, stretches[at].Last);
            var others = week.Where(day => !IsIn(stretches[at], day)).ToList();
            return others.Count == 0 ? [range]
                : others[0] < stretches[at].First ? [language.OnWeekdays(others), range]
                : [range, language.OnWeekdays(others)];
        }

        return [language.OnWeekdays(week)];
    }

    private List<string> IfWeekdays(in DayFields days)
    {
        var week = Week(days);
        List<string> words =
            week.Count == 0 ? []
            : Bits.Stretches(week, (1, 7)) is [var only] && Length(only) > 2 ? [language.WeekdayRange(only.First, only.Last)]
            : [language.WeekdayNames(week)];
        words.AddRange(Ordinals(days).Select(each => language.Nth(each.Day, each.Nths)));
        return words;
    }

    private string Months(ulong months)
    {
        var stretches = Bits.Stretches(Bits.Of(months), (1, 12));
        if (stretches.All(stretch => MonthsOf(stretch) < 3))
        {
            return language.InMonths(Bits.Of(months));
        }

        var words = stretches.SelectMany(stretch =>
            MonthsOf(stretch) > 2 ? [language.MonthRange(stretch.First, stretch.Last)]
            : stretch.First == stretch.Last ? [language.InMonths([stretch.First])]
            : new[] { language.InMonths([stretch.First]), language.InMonths([stretch.Last]) }
        );
        return Language.List([.. words], language.And);
    }

    private string Years(List<int> years) =>
        years.Count > 2 && Bits.RisingStep(years) == 1 ? language.YearRange(1, years[0], years[^1])
        : years.Count > MostYearsNamed && Bits.RisingStep(years) is > 1 and var step ? language.YearRange(step, years[0], years[^1])
        : language.InYears(years);

    /// <summary>The days of the week from Monday, 1, to Sunday, 7: so Saturday and Sunday stand together.</summary>
    private static List<int> Week(in DayFields days) => Bits.Of((days.DaysOfWeek & ~1UL) | ((days.DaysOfWeek & 1) << 7));

    /// <summary>For each day of the week which ones of the month; 0 is the last.</summary>
    private static List<(int Day, IReadOnlyList<int> Nths)> Ordinals(DayFields days) =>
        [
            .. from day in Enumerable.Range(1, 7)
            let of = day % 7
            let nths = Bits.Of((days.NthDaysOfWeek >> (of * 5)) & 31).Select(bit => bit + 1)
            let last = Bits.Of((days.LastDaysOfWeek >> of) & 1)
            let all = (IReadOnlyList<int>)[.. nths, .. last]
            where all.Count > 0
            select (day, all),
        ];

    private static int Length((int First, int Last) stretch) => ((stretch.Last - stretch.First + 7) % 7) + 1;

    private static int MonthsOf((int First, int Last) stretch) => ((stretch.Last - stretch.First + 12) % 12) + 1;

    private static bool IsIn((int First, int Last) stretch, int day) =>
        stretch.First <= stretch.Last ? day >= stretch.First && day <= stretch.Last : day >= stretch.First || day <= stretch.Last;
}

using System.Numerics;
using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Texts;

/// <summary>A cron expression in words: short forms for what people write most, and a list of values, right for all, for the rest.</summary>
internal sealed class CronWords(Language language)
{
    private const int MostTimesNamed = 8;
    private const ulong AllMinutes = (1UL << 60) - 1;
    private const uint AllHours = (1U << 24) - 1;
    private const ulong AllDaysOfMonth = 0xFFFF_FFFE;
    private const ulong AllDaysOfWeek = 0x7F;
    private const ulong AllMonths = 0x1FFE;

    public string Of(CronExpression expression)
    {
        var times = expression.Times;
        var isFixed = Count(times.Seconds) * Count(times.Minutes) * Count(times.Hours) <= MostTimesNamed;
        var words = new List<string> { isFixed ? FixedTimes(times) : Intervals(times) };
        ref readonly var days = ref expression.Days.Fields;
        words.AddRange(Days(days));
        if (words.Count == 1 && isFixed && days.Months == AllMonths)
        {
            words.Add(language.EveryDay);
        }

        if (days.Months != AllMonths)
        {
            words.Add(language.InMonths(Bits(days.Months)));
        }

        if (days.Years is { } years)
        {
            words.Add(
                language.InYears([
                    .. years.SelectMany((part, index) => Bits(part).Select(bit => CronField.Year.First + (index * 64) + bit)),
                ])
            );
        }

        return string.Join(", ", words);
    }

    private string FixedTimes(TimeMask times)
    {
        var all =
            from hour in Bits(times.Hours)
            from minute in Bits(times.Minutes)
            from second in Bits(times.Seconds)
            select language.Time(hour, minute, second);
        return language.BeforeTimes + Language.List([.. all], language.And);
    }

    /// <summary>From the finest unit up: "every" for an even step, else the values; what goes without saying is left out.</summary>
    private string Intervals(TimeMask times)
    {
        var words = new List<string>();
        Add(words, times.Seconds, 60, TimeUnit.Second, goesOn: false);
        Add(words, times.Minutes, 60, TimeUnit.Minute, goesOn: Step(times.Seconds, 60) > 0);
        if (Stretch(times) is { } stretch)
        {
            if (words.Count == 0)
            {
                words.Add(language.Every(1, TimeUnit.Hour));
            }

            words.Add(stretch);
        }
        else
        {
            Add(words, times.Hours, 24, TimeUnit.Hour, goesOn: Step(times.Seconds, 60) > 0 || Step(times.Minutes, 60) > 0);
        }

        return string.Join(", ", words);
    }

    // goesOn: a finer unit already says "every", which holds in every one of these unless they are restricted.
    private void Add(List<string> words, ulong mask, int count, TimeUnit unit, bool goesOn)
    {
        var step = Step(mask, count);
        var isZeroOfNothingFiner = mask == 1 && words.Count == 0 && unit != TimeUnit.Hour; // "every minute" begins at second 0.
        if (!isZeroOfNothingFiner && !(step == 1 && goesOn))
        {
            words.Add(step > 0 ? language.Every(step, unit) : language.AtValues(Bits(mask), unit));
        }
    }

    /// <summary>Neighbouring hours as a stretch of the day; null when the hours are all, or have holes.</summary>
    private string? Stretch(TimeMask times)
    {
        if (times.Hours == AllHours)
        {
            return null;
        }

        var hours = Bits(times.Hours);
        var minutes = Bits(times.Minutes);
        return hours.Count > 1 && hours[^1] - hours[0] == hours.Count - 1 ? language.Between(hours[0], minutes[0], hours[^1], minutes[^1])
            : hours.Count == 1 && minutes.Count > 1 ? language.Between(hours[0], minutes[0], hours[0], minutes[^1])
            : null;
    }

    private IEnumerable<string> Days(DayFields days)
    {
        var dates = Dates(days);
        var weekdays = Weekdays(days);
        return (dates.Count, weekdays.Count) switch
        {
            (0, 0) => [],
            (_, 0) => [Language.List(dates, language.Or)],
            (0, _) => [Language.List(weekdays, language.Or)],
            _ when days.Either => [Language.List([.. dates, .. weekdays], language.Or)],
            _ => [language.OnlyIf(Language.List(dates, language.Or), Language.List(weekdays, language.Or))],
        };
    }

    private List<string> Dates(DayFields days)
    {
        if (days.DaysOfMonth == AllDaysOfMonth && !days.Either)
        {
            return [];
        }

        var words = days.DaysOfMonth == 0 ? new List<string>() : [language.OnDates(Bits(days.DaysOfMonth))];
        words.AddRange(Bits(days.FromMonthEnd).Select(language.BeforeMonthEnd));
        words.AddRange(Bits(days.NearestWeekdays).Select(language.NearestWeekday));
        return words;
    }

    private List<string> Weekdays(DayFields days)
    {
        if (days.DaysOfWeek == AllDaysOfWeek && !days.Either)
        {
            return [];
        }

        // The week begins on Monday here, so that Saturday and Sunday stand together: Sunday is written as 7.
        var sundayLast = (days.DaysOfWeek & ~1UL) | ((days.DaysOfWeek & 1) << 7);
        var words = sundayLast == 0 ? new List<string>() : [language.OnWeekdays(Bits(sundayLast))];
        words.AddRange(Bits(days.NthDaysOfWeek).Select(bit => language.NthWeekday(bit / 5, (bit % 5) + 1)));
        words.AddRange(Bits(days.LastDaysOfWeek).Select(day => language.NthWeekday(day, 0)));
        return words;
    }

    /// <summary>The step of values that go evenly round from 0; 0 when they do not.</summary>
    private static int Step(ulong mask, int count)
    {
        var values = Bits(mask);
        var step = count / values.Count;
        return count % values.Count == 0 && values.Count > 1 && values.Select((value, index) => value == index * step).All(even => even)
            ? step
            : 0;
    }

    private static int Count(ulong mask) => BitOperations.PopCount(mask);

    private static List<int> Bits(ulong mask)
    {
        var bits = new List<int>();
        for (; mask != 0; mask &= mask - 1)
        {
            bits.Add(BitOperations.TrailingZeroCount(mask));
        }

        return bits;
    }
}

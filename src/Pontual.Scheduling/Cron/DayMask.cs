using System.Numerics;

namespace Pontual.Scheduling.Cron;

/// <summary>The days an expression names. Days are counted from 0001-01-01, as <see cref="DateOnly.DayNumber"/> counts them.</summary>
internal sealed class DayMask
{
    /// <summary>The Gregorian calendar repeats, weekdays included, after this many years: what has not come by then never comes.</summary>
    private const int CalendarCycle = 400;
    private static readonly int FirstDayWithYear = new DateOnly(CronField.Year.First, 1, 1).DayNumber;
    private static readonly int LastDayWithYear = new DateOnly(CronField.Year.Last, 12, 31).DayNumber;

    private const ulong AllDaysOfMonth = 0xFFFF_FFFE;
    private const ulong AllDaysOfWeek = 0x7F;
    private const ulong AllMonths = 0x1FFE;
    private const ulong EverySeventhBit = 1 | (1UL << 7) | (1UL << 14) | (1UL << 21) | (1UL << 28);

    private readonly DayFields _fields;
    private readonly Reach _reach;

    /// <summary>Only the number of a day in its month decides, not its day of week.</summary>
    private readonly bool _isByDate;

    // The months that may hold a day, in a common year and in a leap year.
    private readonly ulong _commonMonths;
    private readonly ulong _leapMonths;

    public DayMask(DayFields fields)
    {
        _fields = fields;
        var special = fields.FromMonthEnd != 0 || fields.NearestWeekdays != 0 || fields.LastDaysOfWeek != 0 || fields.NthDaysOfWeek != 0;
        var anyDate =
            fields.DaysOfMonth == AllDaysOfMonth && fields.Months == AllMonths && fields.Years is null && !fields.Either && !special;
        _reach =
            !anyDate ? Reach.Month
            : fields.DaysOfWeek == AllDaysOfWeek ? Reach.Any
            : Reach.Week;
        _isByDate = fields is { DaysOfWeek: AllDaysOfWeek, Either: false, NearestWeekdays: 0 };
        _commonMonths = _isByDate ? MonthsWithDay(fields, 28) : fields.Months;
        _leapMonths = _isByDate ? MonthsWithDay(fields, 29) : fields.Months;
    }

    /// <summary>How much of a date decides: nothing, its day of week, or all of it.</summary>
    private enum Reach
    {
        Any,
        Week,
        Month,
    }

    private static ulong MonthsWithDay(in DayFields fields, int february)
    {
        const ulong ShortMonths = (1UL << 4) | (1UL << 6) | (1UL << 9) | (1UL << 11);
        const ulong February = 1UL << 2;
        const ulong DaysOfEveryMonth = (1UL << 29) - 2;
        if ((fields.DaysOfMonth & DaysOfEveryMonth) != 0)
        {
            return fields.Months;
        }

        var longMonths = AllMonths & ~ShortMonths & ~February;
        return fields.Months
            & ((HasDay(fields, 31) ? longMonths : 0) | (HasDay(fields, 30) ? ShortMonths : 0) | (HasDay(fields, february) ? February : 0));

        static bool HasDay(in DayFields fields, int length) =>
            ((fields.DaysOfMonth >> 1) & ((1UL << length) - 1)) != 0 || (fields.FromMonthEnd & ((1UL << length) - 1)) != 0;
    }

    public ref readonly DayFields Fields => ref _fields;

    /// <summary>The first day at or after <paramref name="day"/>; -1 when there is none up to the year 9999.</summary>
    public int NextAtOrAfter(int day)
    {
        if (_reach == Reach.Any)
        {
            return day;
        }

        if (_reach == Reach.Week)
        {
            var dayOfWeek = (int)((uint)(day + 1) % 7);
            return day + BitOperations.TrailingZeroCount((_fields.DaysOfWeek | (_fields.DaysOfWeek << 7)) >> dayOfWeek);
        }

        return day > DateOnly.MaxValue.DayNumber ? -1 : NextByMonth(_fields.Years is null ? day : Math.Max(day, FirstDayWithYear));
    }

    private int NextByMonth(int day)
    {
        DateOnly.FromDayNumber(day).Deconstruct(out var year, out var month, out var dayOfMonth);
        var rest = ((MonthsOf(year) >> month) & 1) == 0 ? 0 : DaysIn(year, month, day - dayOfMonth + 1) >> dayOfMonth;
        if (rest != 0)
        {
            return day + BitOperations.TrailingZeroCount(rest);
        }

        var lastYear = _leapMonths == 0 ? 0 : Math.Min(year + CalendarCycle, DateOnly.MaxValue.Year);
        while (true)
        {
            var months = MonthsOf(year) >> (month + 1);
            if (months != 0)
            {
                month += 1 + BitOperations.TrailingZeroCount(months);
                var first = FirstDay(year, month);
                var days = DaysIn(year, month, first);
                if (days != 0)
                {
                    return first + BitOperations.TrailingZeroCount(days) - 1;
                }

                continue;
            }

            // 29 February alone goes from one multiple of four to the next.
            year = _commonMonths == 0 ? (year | 3) + 1 : year + 1;
            month = 0;
            if (year > lastYear)
            {
                return -1;
            }
        }
    }

    /// <summary>The last day at or before <paramref name="day"/>; -1 when there is none from the year 1.</summary>
    public int PreviousAtOrBefore(int day)
    {
        if (day < 0 || _reach == Reach.Any)
        {
            return Math.Max(day, -1);
        }

        if (_reach == Reach.Week)
        {
            var dayOfWeek = (int)((uint)(day + 1) % 7);
            var twoWeeks = (_fields.DaysOfWeek | (_fields.DaysOfWeek << 7)) & (ulong.MaxValue >> (63 - 7 - dayOfWeek));
            return Math.Max(day - (dayOfWeek + 7 - BitOperations.Log2(twoWeeks)), -1);
        }

        return PreviousByMonth(Math.Min(day, _fields.Years is null ? DateOnly.MaxValue.DayNumber : LastDayWithYear));
    }

    private int PreviousByMonth(int day)
    {
        DateOnly.FromDayNumber(day).Deconstruct(out var year, out var month, out var dayOfMonth);
        var start = day - dayOfMonth + 1;
        var before = ((MonthsOf(year) >> month) & 1) == 0 ? 0 : DaysIn(year, month, start) & (ulong.MaxValue >> (63 - dayOfMonth));
        if (before != 0)
        {
            return start + BitOperations.Log2(before) - 1;
        }

        var firstYear = _leapMonths == 0 ? int.MaxValue : Math.Max(year - CalendarCycle, 1);
        while (true)
        {
            var months = MonthsOf(year) & ~(ulong.MaxValue << month);
            if (months != 0)
            {
                month = BitOperations.Log2(months);
                var first = FirstDay(year, month);
                var days = DaysIn(year, month, first);
                if (days != 0)
                {
                    return first + BitOperations.Log2(days) - 1;
                }

                continue;
            }

            year = _commonMonths == 0 ? (year - 1) & ~3 : year - 1;
            month = 13;
            if (year < firstYear)
            {
                return -1;
            }
        }
    }

    /// <summary>The months of a year that can hold a day: none where the year is left out.</summary>
    private ulong MonthsOf(int year) =>
        _fields.Years is not null && !Includes(year) ? 0
        : DateTime.IsLeapYear(year) ? _leapMonths
        : _commonMonths;

    private static int FirstDay(int year, int month) => new DateOnly(year, month, 1).DayNumber;

    private bool Includes(int year)
    {
        var bit = year - CronField.Year.First;
        return bit >= 0 && bit < CronField.Year.Count && ((_fields.Years![bit >> 6] >> (bit & 63)) & 1) != 0;
    }

    /// <summary>The days of one month, bits 1 to 31.</summary>
    private ulong DaysIn(int year, int month, int firstDay)
    {
        var length = DateTime.DaysInMonth(year, month);
        var existing = (2UL << length) - 2;
        if (_isByDate)
        {
            return (_fields.DaysOfMonth | DaysFromEnd(length)) & existing;
        }

        var firstDayOfWeek = (int)((uint)(firstDay + 1) % 7);
        var byDate = _fields.DaysOfMonth | DaysFromEnd(length) | DaysNearest(length, firstDayOfWeek);
        var byWeek = EachWeek(_fields.DaysOfWeek, firstDayOfWeek) | OneOfMonth(length, firstDayOfWeek);
        return (_fields.Either ? byDate | byWeek : byDate & byWeek) & existing;
    }

    private static ulong EachWeek(ulong daysOfWeek, int firstDayOfWeek) =>
        ((((daysOfWeek | (daysOfWeek << 7)) >> firstDayOfWeek) & AllDaysOfWeek) * EverySeventhBit) << 1;

    private ulong DaysFromEnd(int length)
    {
        var days = 0UL;
        for (var left = _fields.FromMonthEnd; left != 0; left &= left - 1)
        {
            var day = length - BitOperations.TrailingZeroCount(left);
            days |= day >= 1 ? 1UL << day : 0;
        }

        return days;
    }

    private ulong DaysNearest(int length, int firstDayOfWeek)
    {
        var days = 0UL;
        for (var left = _fields.NearestWeekdays; left != 0; left &= left - 1)
        {
            var wanted = BitOperations.TrailingZeroCount(left);
            if (wanted <= length)
            {
                days |= 1UL << NearestWeekday(wanted == 0 ? length : wanted, length, firstDayOfWeek);
            }
        }

        return days;
    }

    /// <summary>The Monday to Friday nearest to a day without leaving the month.</summary>
    private static int NearestWeekday(int day, int length, int firstDayOfWeek) =>
        ((firstDayOfWeek + day - 1) % 7) switch
        {
            6 => day > 1 ? day - 1 : day + 2,
            0 => day < length ? day + 1 : day - 2,
            _ => day,
        };

    private ulong OneOfMonth(int length, int firstDayOfWeek)
    {
        var days = 0UL;
        for (var left = _fields.NthDaysOfWeek; left != 0; left &= left - 1)
        {
            var bit = BitOperations.TrailingZeroCount(left);
            days |= 1UL << (FirstOf(bit / 5, firstDayOfWeek) + (bit % 5 * 7));
        }

        for (var left = _fields.LastDaysOfWeek; left != 0; left &= left - 1)
        {
            var first = FirstOf(BitOperations.TrailingZeroCount(left), firstDayOfWeek);
            days |= 1UL << (first + ((length - first) / 7 * 7));
        }

        return days;
    }

    private static int FirstOf(int dayOfWeek, int firstDayOfWeek) => 1 + ((dayOfWeek - firstDayOfWeek + 7) % 7);
}

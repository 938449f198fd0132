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
    }

    /// <summary>How much of a date decides: nothing, its day of week, or all of it.</summary>
    private enum Reach
    {
        Any,
        Week,
        Month,
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
        var lastYear = Math.Min(year + CalendarCycle, DateOnly.MaxValue.Year);
        while (year <= lastYear)
        {
            if (((_fields.Months >> month) & 1) != 0 && Includes(year))
            {
                var days = DaysIn(year, month) >> dayOfMonth;
                if (days != 0)
                {
                    return new DateOnly(year, month, dayOfMonth + BitOperations.TrailingZeroCount(days)).DayNumber;
                }
            }

            dayOfMonth = 1;
            var months = _fields.Months >> (month + 1);
            if (months == 0)
            {
                year++;
                month = BitOperations.TrailingZeroCount(_fields.Months);
            }
            else
            {
                month += 1 + BitOperations.TrailingZeroCount(months);
            }
        }

        return -1;
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
        var firstYear = Math.Max(year - CalendarCycle, 1);
        while (year >= firstYear)
        {
            if (((_fields.Months >> month) & 1) != 0 && Includes(year))
            {
                var days = DaysIn(year, month) & (ulong.MaxValue >> (63 - dayOfMonth));
                if (days != 0)
                {
                    return new DateOnly(year, month, BitOperations.Log2(days)).DayNumber;
                }
            }

            dayOfMonth = 31;
            var months = _fields.Months & ~(ulong.MaxValue << month);
            year -= months == 0 ? 1 : 0;
            month = BitOperations.Log2(months == 0 ? _fields.Months : months);
        }

        return -1;
    }

    private bool Includes(int year)
    {
        if (_fields.Years is not { } years)
        {
            return true;
        }

        var bit = year - CronField.Year.First;
        return bit >= 0 && bit < CronField.Year.Count && ((years[bit >> 6] >> (bit & 63)) & 1) != 0;
    }

    /// <summary>The days of one month, bits 1 to 31.</summary>
    private ulong DaysIn(int year, int month)
    {
        var length = DateTime.DaysInMonth(year, month);
        var existing = (2UL << length) - 2;
        if (_fields is { DaysOfWeek: AllDaysOfWeek, Either: false, FromMonthEnd: 0, NearestWeekdays: 0 })
        {
            return _fields.DaysOfMonth & existing;
        }

        var firstDayOfWeek = (new DateOnly(year, month, 1).DayNumber + 1) % 7;
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

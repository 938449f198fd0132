namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>How often.</summary>
internal enum Frequency
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A day of the week, in a month or year its n-th (negative: from the end); 0 for each.</summary>
internal readonly record struct WeekdayPlace(DayOfWeek Weekday, int Nth);

/// <summary>The days on which a repeated event begins (RFC 5545, 3.3.10), asked one day at a time: no list of them is ever made.</summary>
internal sealed record Recurrence(DateOnly Start, Frequency Frequency)
{
    private const int FarthestCount = 200 * 366;

    public int Interval { get; init; } = 1;

    public DateOnly Until { get; init; } = DateOnly.MaxValue;

    public IReadOnlyList<int> Months { get; init; } = [];

    public IReadOnlyList<int> MonthDays { get; init; } = [];

    public IReadOnlyList<WeekdayPlace> Weekdays { get; init; } = [];

    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    public IReadOnlySet<DateOnly> Except { get; init; } = new HashSet<DateOnly>();

    public bool BeginsOn(DateOnly day) => day >= Start && day <= Until && !Except.Contains(day) && (day == Start || Matches(day));

    /// <summary>The same, ending with its n-th day (days that are excepted count). One that has not come within 200 years never ends.</summary>
    public Recurrence EndingAfter(int count)
    {
        var end = Math.Min(DateOnly.MaxValue.DayNumber, Start.DayNumber + FarthestCount);
        for (var number = Start.DayNumber; number <= end; number++)
        {
            var day = DateOnly.FromDayNumber(number);
            if ((day == Start || Matches(day)) && --count == 0)
            {
                return this with { Until = day };
            }
        }

        return this;
    }

    public bool Equals(Recurrence? other) =>
        other is not null
        && (Start, Frequency, Interval, Until, WeekStart) == (other.Start, other.Frequency, other.Interval, other.Until, other.WeekStart)
        && Months.SequenceEqual(other.Months)
        && MonthDays.SequenceEqual(other.MonthDays)
        && Weekdays.SequenceEqual(other.Weekdays)
        && Except.SetEquals(other.Except);

    public override int GetHashCode() => HashCode.Combine(Start, Frequency, Interval, Until);

    private bool Matches(DateOnly day) =>
        PeriodsSince(day) % Interval == 0 && (Months.Count == 0 || Months.Contains(day.Month)) && MatchesDay(day);

    private int PeriodsSince(DateOnly day) =>
        Frequency switch
        {
            Frequency.Daily => day.DayNumber - Start.DayNumber,
            Frequency.Weekly => (FirstOfWeek(day) - FirstOfWeek(Start)) / 7,
            Frequency.Monthly => ((day.Year - Start.Year) * 12) + day.Month - Start.Month,
            _ => day.Year - Start.Year,
        };

    private int FirstOfWeek(DateOnly day) => day.DayNumber - (((int)day.DayOfWeek - (int)WeekStart + 7) % 7);

    private bool MatchesDay(DateOnly day)
    {
        if (MonthDays.Count > 0 || Weekdays.Count > 0)
        {
            return (MonthDays.Count == 0 || IsMonthDay(day)) && (Weekdays.Count == 0 || Weekdays.Any(place => IsAt(place, day)));
        }

        return Frequency switch
        {
            Frequency.Daily => true,
            Frequency.Weekly => day.DayOfWeek == Start.DayOfWeek,
            Frequency.Monthly => day.Day == Start.Day,
            _ => day.Day == Start.Day && (Months.Count > 0 || day.Month == Start.Month),
        };
    }

    private bool IsMonthDay(DateOnly day)
    {
        var fromEnd = day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1;
        return MonthDays.Contains(day.Day) || MonthDays.Contains(fromEnd);
    }

    private bool IsAt(WeekdayPlace place, DateOnly day)
    {
        if (place.Weekday != day.DayOfWeek || place.Nth == 0)
        {
            return place.Weekday == day.DayOfWeek;
        }

        // A place is one in the month, unless the rule is yearly and names no months.
        var inYear = Frequency == Frequency.Yearly && Months.Count == 0;
        var (at, length) = inYear
            ? (day.DayOfYear, DateTime.IsLeapYear(day.Year) ? 366 : 365)
            : (day.Day, DateTime.DaysInMonth(day.Year, day.Month));
        return place.Nth == (place.Nth > 0 ? ((at - 1) / 7) + 1 : -(((length - at) / 7) + 1));
    }
}

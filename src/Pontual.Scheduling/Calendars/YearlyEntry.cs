namespace Pontual.Scheduling.Calendars;

/// <summary>The same date every year. 29 February comes in leap years only.</summary>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to the length of that month in a leap year.</param>
/// <param name="Name">What people call it; null for nothing.</param>
/// <exception cref="ArgumentOutOfRangeException">No year has such a date.</exception>
public sealed record YearlyEntry(int Month, int Day, string? Name = null) : DayEntry
{
    private const int LeapYear = 2000;

    /// <summary>The day of the month.</summary>
    public int Day { get; } =
        Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(LeapYear, Month)
            ? Day
            : throw new ArgumentOutOfRangeException(nameof(Day), Day, $"No year has a day {Day} in month {Month}.");

    /// <inheritdoc/>
    public override bool Covers(DateOnly day, out string? name)
    {
        var covers = day.Month == Month && day.Day == Day;
        name = covers ? Name : null;
        return covers;
    }

    internal override (DateOnly First, DateOnly Last) SameAround(DateOnly day) =>
        Covers(day, out _)
            ? (day, day)
            : (Nearest(day, -1)?.AddDays(1) ?? DateOnly.MinValue, Nearest(day, 1)?.AddDays(-1) ?? DateOnly.MaxValue);

    private DateOnly? Nearest(DateOnly from, int direction)
    {
        for (var year = from.Year; year >= 1 && year <= DateOnly.MaxValue.Year; year += direction)
        {
            if (Day <= DateTime.DaysInMonth(year, Month) && new DateOnly(year, Month, Day) is var date && (date > from) == (direction > 0))
            {
                return date;
            }
        }

        return null;
    }
}

namespace Pontual.Scheduling.Calendars;

/// <summary>The n-th of a day of the week in a month: the second Sunday of May.</summary>
/// <param name="Month">1 to 12; null for every month.</param>
/// <param name="Weekday">Which day of the week.</param>
/// <param name="Nth">1 to 5 from the month's beginning (a month without a fifth has none), or -1 for its last.</param>
/// <param name="Name">What people call it; null for nothing.</param>
/// <exception cref="ArgumentOutOfRangeException">Month or place is out of its range.</exception>
public sealed record NthWeekdayEntry(int? Month, DayOfWeek Weekday, int Nth, string? Name = null) : DayEntry
{
    /// <summary>1 to 12; null for every month.</summary>
    public int? Month { get; } =
        Month is null or (>= 1 and <= 12) ? Month : throw new ArgumentOutOfRangeException(nameof(Month), Month, "A month is 1 to 12.");

    /// <summary>Its place in the month.</summary>
    public int Nth { get; } =
        Nth is -1 or (>= 1 and <= 5)
            ? Nth
            : throw new ArgumentOutOfRangeException(nameof(Nth), Nth, "The place is 1 to 5, or -1 for the last.");

    /// <inheritdoc/>
    public override bool Covers(DateOnly day, out string? name)
    {
        var isThere = Nth > 0 ? ((day.Day - 1) / 7) + 1 == Nth : day.Day + 7 > DateTime.DaysInMonth(day.Year, day.Month);
        var covers = isThere && day.DayOfWeek == Weekday && (Month is null || day.Month == Month);
        name = covers ? Name : null;
        return covers;
    }
}

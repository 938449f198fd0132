namespace Pontual.Scheduling.Calendars;

/// <summary>Days of the week, every week.</summary>
public sealed record WeekdayEntry : DayEntry
{
    private readonly int _days;

    /// <param name="days">Which ones.</param>
    /// <param name="name">What people call them ("weekend"); null for nothing.</param>
    public WeekdayEntry(IEnumerable<DayOfWeek> days, string? name = null)
    {
        _days = days.Aggregate(0, (bits, day) => bits | (1 << (int)day));
        Name = name;
    }

    /// <summary>What people call them; null for nothing.</summary>
    public string? Name { get; }

    /// <summary>Which ones, from Sunday.</summary>
    public IEnumerable<DayOfWeek> Days => Enum.GetValues<DayOfWeek>().Where(Includes);

    /// <inheritdoc/>
    public override bool Covers(DateOnly day, out string? name)
    {
        var covers = Includes(day.DayOfWeek);
        name = covers ? Name : null;
        return covers;
    }

    private bool Includes(DayOfWeek day) => (_days & (1 << (int)day)) != 0;
}

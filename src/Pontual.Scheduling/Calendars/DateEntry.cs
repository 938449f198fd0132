namespace Pontual.Scheduling.Calendars;

/// <summary>A date, or a stretch of dates.</summary>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day, included; the same as <paramref name="First"/> for one date.</param>
/// <param name="Name">What people call it; null for nothing.</param>
/// <exception cref="ArgumentException"><paramref name="Last"/> is before <paramref name="First"/>.</exception>
public sealed record DateEntry(DateOnly First, DateOnly Last, string? Name = null) : DayEntry
{
    /// <summary>Its last day, included.</summary>
    public DateOnly Last { get; } =
        Last >= First ? Last : throw new ArgumentException("The last day of a stretch of dates is not before its first.", nameof(Last));

    /// <summary>One date.</summary>
    public DateEntry(DateOnly date, string? name = null)
        : this(date, date, name) { }

    /// <inheritdoc/>
    public override bool Covers(DateOnly day, out string? name)
    {
        var covers = First <= day && day <= Last;
        name = covers ? Name : null;
        return covers;
    }

    internal override (DateOnly First, DateOnly Last) SameAround(DateOnly day) =>
        day < First ? (DateOnly.MinValue, First.AddDays(-1))
        : day > Last ? (Last.AddDays(1), DateOnly.MaxValue)
        : (First, Last);
}

using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>One part of a calendar.</summary>
public abstract record CalendarEntry
{
    /// <summary>A stretch of time around an instant in which this entry says the same.</summary>
    /// <param name="at">The instant; always inside the stretch.</param>
    /// <param name="zone">Whose clocks say which day and hour it is.</param>
    public abstract CalendarStretch StretchAt(DateTimeOffset at, Zone zone);
}

/// <summary>A part of a calendar that covers whole local days.</summary>
public abstract record DayEntry : CalendarEntry
{
    /// <summary>Whether it covers a day; <paramref name="name"/> is what it calls it.</summary>
    public abstract bool Covers(DateOnly day, out string? name);

    /// <inheritdoc/>
    public sealed override CalendarStretch StretchAt(DateTimeOffset at, Zone zone)
    {
        var clock = new WallClock(at, zone);
        var covered = Covers(clock.Day, out var name);
        var (first, last) = SameAround(clock.Day);
        var (since, until) = clock.Between(
            first == DateOnly.MinValue ? null : first.ToDateTime(TimeOnly.MinValue),
            last == DateOnly.MaxValue ? null : last.AddDays(1).ToDateTime(TimeOnly.MinValue)
        );
        return new CalendarStretch(covered, ExclusionKind.Day, name, since, until);
    }

    /// <summary>The first and the last of the days around one for which this entry surely says the same: a bound that lets searches jump.</summary>
    internal virtual (DateOnly First, DateOnly Last) SameAround(DateOnly day) => (day, day);
}

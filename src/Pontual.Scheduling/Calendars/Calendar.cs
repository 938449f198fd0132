using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>A named set of time: holidays, dates, hours of the week, stretches. Business hours, quiet hours and maintenance windows are calendars too.</summary>
/// <param name="Name">What definitions call it.</param>
/// <param name="Entries">What it covers: the union of these.</param>
public sealed record Calendar(string Name, IReadOnlyList<CalendarEntry> Entries)
{
    /// <summary>It covers whole days only.</summary>
    public bool IsWholeDays => Entries.All(entry => entry is DayEntry);

    /// <summary>A stretch of time around an instant in which this calendar says the same.</summary>
    public CalendarStretch StretchAt(DateTimeOffset at, Zone zone)
    {
        var outside = new CalendarStretch(false, ExclusionKind.Day, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        foreach (var entry in Entries)
        {
            var stretch = entry.StretchAt(at, zone);
            if (stretch.IsCovered)
            {
                return stretch;
            }

            outside = outside with
            {
                Since = stretch.Since > outside.Since ? stretch.Since : outside.Since,
                Until = stretch.Until < outside.Until ? stretch.Until : outside.Until,
            };
        }

        return outside;
    }

    /// <inheritdoc/>
    public bool Equals(Calendar? other) => other is not null && Name == other.Name && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Entries.Count);
}

/// <summary>A stretch of time in which a calendar says the same: it may go on beyond both ends.</summary>
/// <param name="IsCovered">Whether the calendar covers it.</param>
/// <param name="Kind">What covers it; of no meaning where nothing does.</param>
/// <param name="Name">What the calendar calls it; null for nothing.</param>
/// <param name="Since">Its beginning, inclusive.</param>
/// <param name="Until">Its end, exclusive.</param>
public readonly record struct CalendarStretch(bool IsCovered, ExclusionKind Kind, string? Name, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>One part of a calendar.</summary>
public abstract record CalendarEntry
{
    /// <summary>A stretch of time around an instant in which this entry says the same.</summary>
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
        var day = DateOnly.FromDateTime(zone.ToLocal(at).DateTime);
        var covered = Covers(day, out var name);
        return new CalendarStretch(covered, ExclusionKind.Day, name, StartOf(day, zone), StartOf(day.AddDays(1), zone));
    }

    // Where midnight does not exist the day begins after the gap; where it comes twice, with the first.
    private static DateTimeOffset StartOf(DateOnly day, Zone zone) => zone.ToInstants(day.ToDateTime(TimeOnly.MinValue)).First;
}

/// <summary>Days of the week.</summary>
/// <param name="Days">Which ones.</param>
public sealed record WeekdayEntry(IReadOnlyCollection<DayOfWeek> Days) : DayEntry
{
    /// <inheritdoc/>
    public override bool Covers(DateOnly day, out string? name)
    {
        name = null;
        return Days.Contains(day.DayOfWeek);
    }
}

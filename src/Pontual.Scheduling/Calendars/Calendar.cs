using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>A named set of time: holidays, dates, hours of the week, windows. Business hours, quiet hours and maintenance windows are calendars too.</summary>
/// <param name="Name">What definitions call it.</param>
/// <param name="Entries">What it covers: the union of these.</param>
public sealed record Calendar(string Name, IReadOnlyList<CalendarEntry> Entries)
{
    /// <summary>Whose clocks say which day and hour it is; null: those of the schedule that asks.</summary>
    public Zone? Zone { get; init; }

    /// <summary>Whether what it covers is known. A calendar that is not bound stands for a name; it covers nothing.</summary>
    public bool IsBound { get; private init; } = true;

    /// <summary>It covers whole days only.</summary>
    public bool IsWholeDays => Entries.All(entry => entry is DayEntry);

    /// <summary>A name whose calendar is to be found later: see <see cref="CalendarRules.Bind"/>.</summary>
    public static Calendar Named(string name) => new(name, []) { IsBound = false };

    /// <summary>A stretch of time around an instant in which this calendar says the same.</summary>
    /// <param name="at">The instant; always inside the stretch.</param>
    /// <param name="zone">Whose clocks, unless <see cref="Zone"/> says.</param>
    public CalendarStretch StretchAt(DateTimeOffset at, Zone zone) => StretchOf(Entries, at, Zone ?? zone);

    /// <summary>The same without what covers whole days.</summary>
    internal CalendarStretch WindowAt(DateTimeOffset at, Zone zone) =>
        StretchOf(Entries.Where(entry => entry is not DayEntry), at, Zone ?? zone);

    /// <summary>What it covers beside whole days between two instants: one stretch after the other, cut at both ends.</summary>
    /// <param name="from">Inclusive.</param>
    /// <param name="until">Exclusive.</param>
    /// <param name="zone">Whose clocks, unless <see cref="Zone"/> says.</param>
    public IEnumerable<CalendarStretch> Windows(DateTimeOffset from, DateTimeOffset until, Zone zone)
    {
        while (from < until)
        {
            var stretch = WindowAt(from, zone);
            var end = stretch.Until < until ? stretch.Until : until;
            if (stretch.IsCovered)
            {
                yield return stretch with
                {
                    Since = from,
                    Until = end,
                };
            }

            from = end;
        }
    }

    /// <summary>Whether it covers a day as a whole; <paramref name="name"/> is what it calls it.</summary>
    public bool Covers(DateOnly day, out string? name)
    {
        name = null;
        foreach (var entry in Entries)
        {
            if (entry is DayEntry days && days.Covers(day, out name))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(Calendar? other) =>
        other is not null
        && Name == other.Name
        && IsBound == other.IsBound
        && ReferenceEquals(Zone, other.Zone)
        && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Entries.Count);

    private static CalendarStretch StretchOf(IEnumerable<CalendarEntry> entries, DateTimeOffset at, Zone zone)
    {
        var outside = CalendarStretch.Nothing;
        foreach (var entry in entries)
        {
            var stretch = entry.StretchAt(at, zone);
            if (stretch.IsCovered)
            {
                return stretch;
            }

            outside = outside.And(stretch);
        }

        return outside;
    }
}

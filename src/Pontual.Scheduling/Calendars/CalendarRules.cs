using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>What becomes of a due day that calendars leave out.</summary>
public enum DayShift
{
    /// <summary>It is left out.</summary>
    None,

    /// <summary>The next business day takes its times.</summary>
    NextBusinessDay,

    /// <summary>The business day before takes its times.</summary>
    PreviousBusinessDay,
}

/// <summary>Which due times are to run: those inside one of <see cref="Only"/> (all, when it is empty) and outside all of <see cref="Except"/>.</summary>
public sealed record CalendarRules
{
    /// <summary>All are.</summary>
    public static CalendarRules None { get; } = new();

    /// <summary>Where due times must be; empty for anywhere.</summary>
    public IReadOnlyList<Calendar> Only { get; init; } = [];

    /// <summary>Where they must not be.</summary>
    public IReadOnlyList<Calendar> Except { get; init; } = [];

    /// <summary>Whether days that are left out are moved instead. Business days are those of <see cref="Only"/>, or Monday to Friday when it is empty, without <see cref="Except"/>.</summary>
    public DayShift Shift { get; init; }

    /// <summary>Nothing is left out.</summary>
    public bool IsNone => Only.Count == 0 && Except.Count == 0;

    /// <summary>Why an instant is left out; null when it is not.</summary>
    public Exclusion? LeftOut(DateTimeOffset at, Zone zone)
    {
        foreach (var calendar in Except)
        {
            if (calendar.StretchAt(at, zone) is { IsCovered: true } stretch)
            {
                return new Exclusion(stretch.Kind, calendar.Name, stretch.Name, stretch.Since, stretch.Until);
            }
        }

        return Only.Count == 0 ? null : OutsideOfAll(at, zone);
    }

    /// <inheritdoc/>
    public bool Equals(CalendarRules? other) =>
        other is not null && Shift == other.Shift && Only.SequenceEqual(other.Only) && Except.SequenceEqual(other.Except);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shift, Only.Count, Except.Count);

    private Exclusion? OutsideOfAll(DateTimeOffset at, Zone zone)
    {
        var (since, until) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        foreach (var calendar in Only)
        {
            var stretch = calendar.StretchAt(at, zone);
            if (stretch.IsCovered)
            {
                return null;
            }

            since = stretch.Since > since ? stretch.Since : since;
            until = stretch.Until < until ? stretch.Until : until;
        }

        var kind = Only.All(calendar => calendar.IsWholeDays) ? ExclusionKind.Day : ExclusionKind.Window;
        return new Exclusion(kind, string.Join(", ", Only.Select(calendar => calendar.Name)), null, since, until);
    }
}

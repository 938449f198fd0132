using Pontual.Scheduling.Cron;
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
    private ShiftedTimes? _shifted;

    /// <summary>All are.</summary>
    public CalendarRules() { }

    // Not the shifted times: they are those of the rules copied from.
    private CalendarRules(CalendarRules other) => (Only, Except, Shift) = (other.Only, other.Except, other.Shift);

    /// <summary>All are.</summary>
    public static CalendarRules None { get; } = new();

    /// <summary>Where due times must be; empty for anywhere.</summary>
    public IReadOnlyList<Calendar> Only { get; init; } = [];

    /// <summary>Where they must not be.</summary>
    public IReadOnlyList<Calendar> Except { get; init; } = [];

    /// <summary>Whether a day of a cron expression that is no business day (<see cref="IsBusinessDay"/>) gives its times to another instead of being left out.</summary>
    public DayShift Shift { get; init; }

    /// <summary>Nothing is left out.</summary>
    public bool IsNone => Only.Count == 0 && Except.Count == 0;

    /// <summary>The names whose calendars are not known yet (<see cref="Calendar.IsBound"/>).</summary>
    public IEnumerable<string> Unbound =>
        Only.Concat(Except).Where(calendar => !calendar.IsBound).Select(calendar => calendar.Name).Distinct();

    /// <summary>The same rules with calendars in the place of names.</summary>
    /// <param name="find">The calendar of a name; null leaves it a name, which covers nothing.</param>
    public CalendarRules Bind(Func<string, Calendar?> find)
    {
        return Unbound.Any() ? this with { Only = Bound(Only), Except = Bound(Except) } : this;

        IReadOnlyList<Calendar> Bound(IReadOnlyList<Calendar> calendars) =>
            [.. calendars.Select(calendar => calendar.IsBound ? calendar : find(calendar.Name) ?? calendar)];
    }

    /// <summary>Why an instant is left out; null when it is not. Under a <see cref="Shift"/> days are moved, so only hours and windows leave out.</summary>
    public Exclusion? LeftOut(DateTimeOffset at, Zone zone)
    {
        foreach (var calendar in Except)
        {
            var stretch = Shift == DayShift.None ? calendar.StretchAt(at, zone) : calendar.WindowAt(at, zone);
            if (stretch.IsCovered)
            {
                return new Exclusion(stretch.Kind, calendar.Name, stretch.Name, stretch.Since, stretch.Until);
            }
        }

        var onlyDays = Only.All(calendar => calendar.IsWholeDays && calendar.IsBound);
        return Only.Count == 0 || (onlyDays && Shift != DayShift.None) ? null : OutsideOfAll(at, zone, onlyDays);
    }

    /// <summary>
    /// Whether a day is one on which work is done: one that a calendar of <see cref="Only"/> covers or has hours on (Monday to Friday, where none of
    /// them speaks of days or hours), and that no calendar of <see cref="Except"/> covers as a whole.
    /// </summary>
    public bool IsBusinessDay(DateOnly day) => WhyNoBusinessDay(day) is null;

    /// <inheritdoc/>
    public bool Equals(CalendarRules? other) =>
        other is not null && Shift == other.Shift && Only.SequenceEqual(other.Only) && Except.SequenceEqual(other.Except);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shift, Only.Count, Except.Count);

    /// <summary>Why a day is no business day, for people: "Natal", "weekend"; null when it is one.</summary>
    internal string? WhyNoBusinessDay(DateOnly day)
    {
        foreach (var calendar in Except)
        {
            if (calendar.Covers(day, out var name))
            {
                return name ?? calendar.Name;
            }
        }

        var saysDays = false;
        foreach (var entry in Only.SelectMany(calendar => calendar.Entries))
        {
            saysDays |= entry is DayEntry or HoursEntry;
            if (entry is DayEntry days ? days.Covers(day, out _) : entry is HoursEntry hours && hours.BeginOn(day.DayOfWeek))
            {
                return null;
            }
        }

        return day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? "weekend"
            : saysDays ? $"outside of {string.Join(", ", Only.Select(calendar => calendar.Name))}"
            : null;
    }

    /// <summary>The local times of an expression after its days are moved.</summary>
    internal CronExpression Moved(CronExpression expression)
    {
        if (Shift == DayShift.None)
        {
            return expression;
        }

        if (_shifted is not { } kept || !ReferenceEquals(kept.Of, expression))
        {
            _shifted = kept = new ShiftedTimes(expression, expression.On(new ShiftedDays(expression.Days, this)));
        }

        return kept.Times;
    }

    private Exclusion? OutsideOfAll(DateTimeOffset at, Zone zone, bool onlyDays)
    {
        var outside = CalendarStretch.Nothing;
        foreach (var calendar in Only)
        {
            var stretch = calendar.StretchAt(at, zone);
            if (stretch.IsCovered)
            {
                return null;
            }

            outside = outside.And(stretch);
        }

        var names = string.Join(", ", Only.Select(calendar => calendar.Name));
        return new Exclusion(onlyDays ? ExclusionKind.Day : ExclusionKind.Window, names, null, outside.Since, outside.Until)
        {
            IsOutside = true,
        };
    }

    private sealed record ShiftedTimes(CronExpression Of, CronExpression Times);
}

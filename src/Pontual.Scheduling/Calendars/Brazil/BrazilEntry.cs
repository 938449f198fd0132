using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars.Brazil;

/// <summary>The national holidays of Brazil, and on wish those of a state, of a city and the optional points.</summary>
public sealed record BrazilEntry : DayEntry
{
    /// <param name="state">Two letters; null for the national ones only.</param>
    /// <param name="city">A city of that state (<see cref="BrazilHolidays.Cities"/>); null for none.</param>
    /// <param name="optional">Carnival (Monday and Tuesday) and Corpus Christi too.</param>
    /// <exception cref="ArgumentException">There is no such state, or the list does not know the city.</exception>
    public BrazilEntry(string? state = null, string? city = null, bool optional = false)
    {
        Optional = optional;
        State =
            state is null ? null
            : BrazilHolidays.TryState(state, out var knownState) ? knownState
            : throw new ArgumentException($"'{state}' is not a state of Brazil.", nameof(state));
        City =
            city is null ? null
            : State is not null && BrazilHolidays.TryCity(State, city, out var knownCity) ? knownCity
            : throw new ArgumentException($"The holidays of the city '{city}' are not known.", nameof(city));
        Rules =
        [
            .. NationalRules.Holidays,
            .. State is null ? [] : StateRules.ByState[State],
            .. City is null ? [] : CityRules.ByCity[(State!, City)],
            .. optional ? NationalRules.Optional : [],
        ];
    }

    /// <summary>Two capital letters; null for the national ones only.</summary>
    public string? State { get; }

    /// <summary>In its own spelling; null for none.</summary>
    public string? City { get; }

    /// <summary>Whether optional points count.</summary>
    public bool Optional { get; }

    internal HolidayRule[] Rules { get; }

    /// <inheritdoc/>
    public override bool Covers(DateOnly day, out string? name)
    {
        foreach (var rule in Rules)
        {
            if (rule.Covers(day))
            {
                name = rule.Name;
                return true;
            }
        }

        name = null;
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(BrazilEntry? other) => other is not null && (State, City, Optional) == (other.State, other.City, other.Optional);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(State, City, Optional);

    internal override (DateOnly First, DateOnly Last) SameAround(DateOnly day)
    {
        if (Covers(day, out _))
        {
            return (day, day);
        }

        var (first, last) = (new DateOnly(day.Year, 1, 1), new DateOnly(day.Year, 12, 31));
        foreach (var holiday in BrazilHolidays.Of(day.Year, this))
        {
            first = holiday.Day < day ? holiday.Day.AddDays(1) : first;
            last = holiday.Day > day && holiday.Day <= last ? holiday.Day.AddDays(-1) : last;
        }

        return (first, last);
    }
}

/// <summary>Ash Wednesday until 14:00: an optional point of half a day, by the federal ordinances of each year.</summary>
public sealed record AshWednesdayEntry : CalendarEntry
{
    private const int BeforeEaster = 46;

    /// <inheritdoc/>
    public override CalendarStretch StretchAt(DateTimeOffset at, Zone zone)
    {
        var year = new WallClock(at, zone).Local.Year;
        var outside = CalendarStretch.Nothing;
        for (var near = Math.Max(1, year - 1); near <= Math.Min(9999, year + 1); near++)
        {
            var day = Easter.Sunday(near).AddDays(-BeforeEaster);
            var window = new LocalWindowEntry(day.ToDateTime(default), day.ToDateTime(new TimeOnly(14, 0)), "Quarta-feira de Cinzas");
            var stretch = window.StretchAt(at, zone);
            if (stretch.IsCovered)
            {
                return stretch;
            }

            outside = outside.And(stretch);
        }

        // Years further off are not looked at.
        var (since, until) = new WallClock(at, zone).Between(
            year == 1 ? null : new DateTime(year, 1, 1),
            year == 9999 ? null : new DateTime(year + 1, 1, 1)
        );
        return outside.And(CalendarStretch.Nothing with { Since = since, Until = until }) with { Kind = ExclusionKind.Window };
    }
}

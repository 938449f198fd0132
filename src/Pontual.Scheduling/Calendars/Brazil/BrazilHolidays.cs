namespace Pontual.Scheduling.Calendars.Brazil;

/// <summary>A day that is a holiday.</summary>
/// <param name="Day">The day.</param>
/// <param name="Name">In Portuguese.</param>
public sealed record Holiday(DateOnly Day, string Name);

/// <summary>Holidays of Brazil, computed for any year: the national ones, and those of states and capital cities that are known to this list.</summary>
public static class BrazilHolidays
{
    private const string Accented = "áàâãéêíóôõúüç";
    private const string Unaccented = "aaaaeeiooouuc";

    /// <summary>The two letters of the 27 states.</summary>
    public static IEnumerable<string> States => StateRules.ByState.Keys;

    /// <summary>The cities whose own holidays are known, as (state, name).</summary>
    public static IEnumerable<(string State, string City)> Cities => CityRules.ByCity.Keys;

    /// <summary>The holidays of a year, in their order. A day with two names comes once, by the name of the wider rule.</summary>
    /// <param name="year">1 to 9999; a holiday is listed from the year its law first held.</param>
    /// <param name="entry">Which ones.</param>
    public static IReadOnlyList<Holiday> Of(int year, BrazilEntry entry) =>
        [
            .. entry
                .Rules.Where(rule => year >= rule.Since && year <= rule.Until)
                .Select(rule => new Holiday(rule.In(year), rule.Name))
                .DistinctBy(holiday => holiday.Day)
                .OrderBy(holiday => holiday.Day),
        ];

    /// <summary>Finds a state by its two letters, in any case.</summary>
    public static bool TryState(string text, out string state)
    {
        state = StateRules.ByState.Keys.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? "";
        return state.Length > 0;
    }

    /// <summary>Finds a city of a state by its name, in any case, with or without accents.</summary>
    public static bool TryCity(string state, string text, out string city)
    {
        var plain = Plain(text);
        city = CityRules.ByCity.Keys.FirstOrDefault(known => known.State == state && Plain(known.City) == plain).City ?? "";
        return city.Length > 0;
    }

    // Not by Unicode decomposition: programs without culture data (invariant globalization) have none.
    private static string Plain(string name) =>
        string.Concat(
            name.Trim()
                .ToLowerInvariant()
                .Select(sign => Accented.IndexOf(sign, StringComparison.Ordinal) is var at && at >= 0 ? Unaccented[at] : sign)
        );
}

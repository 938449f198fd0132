using System.Diagnostics.CodeAnalysis;
using Pontual.Scheduling.Calendars.Brazil;

namespace Pontual.Scheduling.Calendars;

/// <summary>Calendars that need no definition: <c>br</c> (national holidays of Brazil), <c>br-SP</c> and its 26 likes (with the state's own), <c>weekends</c>, <c>weekdays</c>.</summary>
public static class BuiltInCalendars
{
    private static readonly DayOfWeek[] Weekend = [DayOfWeek.Saturday, DayOfWeek.Sunday];

    private static readonly Dictionary<string, Calendar> ByName = All()
        .ToDictionary(calendar => calendar.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Finds one by its name, in any case.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Calendar? calendar) => ByName.TryGetValue(name, out calendar);

    private static IEnumerable<Calendar> All() =>
        [
            new("br", [new BrazilEntry()]),
            .. BrazilHolidays.States.Select(state => new Calendar($"br-{state}", [new BrazilEntry(state)])),
            new("weekends", [new WeekdayEntry(Weekend, "weekend")]),
            new("weekdays", [new WeekdayEntry(Enum.GetValues<DayOfWeek>().Except(Weekend), "weekday")]),
        ];
}

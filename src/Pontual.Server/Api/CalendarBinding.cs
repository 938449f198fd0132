using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;

namespace Pontual.Server.Api;

/// <summary>Gives schedules that were only asked about the calendars they name, as kept jobs have theirs.</summary>
internal static class CalendarBinding
{
    /// <param name="calendars">The kept ones.</param>
    /// <param name="tenant">Whose of them.</param>
    /// <param name="schedule">What names them.</param>
    /// <param name="path">Where it stands in the body.</param>
    /// <param name="problems">Takes names that are not known.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <param name="candidates">Calendars in place of kept ones of their names; null for none.</param>
    /// <returns>The schedule; as it was where a problem was added.</returns>
    public static async Task<Schedule> BindAsync(
        this ICalendarStore calendars,
        TenantName tenant,
        Schedule schedule,
        string path,
        List<DocumentProblem> problems,
        CancellationToken cancellation,
        IReadOnlyList<CalendarDefinition>? candidates = null
    )
    {
        var found = new Dictionary<string, Calendar>(StringComparer.Ordinal);
        foreach (var name in schedule.Terms.Calendars.Unbound)
        {
            var candidate = candidates?.FirstOrDefault(one => one.Name == name);
            if ((candidate ?? (await calendars.FindAsync(tenant, name, cancellation))?.Definition) is { } definition)
            {
                found[name] = definition.Calendar;
            }
            else
            {
                problems.Add(new(path, "unknown-calendar", $"there is no calendar '{name}'", Fix(name)));
            }
        }

        return found.Count == 0
            ? schedule
            : schedule with
            {
                Terms = schedule.Terms with { Calendars = schedule.Terms.Calendars.Bind(found.GetValueOrDefault) },
            };
    }

    /// <summary>A kept job's schedule as it would be with these calendars in place of those of their names.</summary>
    public static Schedule With(this Schedule schedule, IReadOnlyList<CalendarDefinition> candidates)
    {
        var rules = schedule.Terms.Calendars;
        return candidates.Count == 0 || rules.IsNone
            ? schedule
            : schedule with
            {
                Terms = schedule.Terms with { Calendars = rules with { Only = Of(rules.Only), Except = Of(rules.Except) } },
            };

        List<Calendar> Of(IReadOnlyList<Calendar> calendars) =>
            [.. calendars.Select(calendar => candidates.FirstOrDefault(one => one.Name == calendar.Name)?.Calendar ?? calendar)];
    }

    private static string Fix(string name) =>
        $"{DidYouMean.Hint(name, BuiltInCalendars.Names)}define it first, or name a built-in one such as br, br-SP or weekends";
}

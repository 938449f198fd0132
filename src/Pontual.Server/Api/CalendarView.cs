using System.Text.Json.Nodes;
using Pontual.Engine.Calendars;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Zones;

namespace Pontual.Server.Api;

/// <summary>A calendar as the API shows it.</summary>
internal static class CalendarView
{
    /// <summary>Keys that answers carry and that a PUT may hand back: they are ignored there.</summary>
    public static IReadOnlySet<string> ReadOnlyKeys { get; } = new HashSet<string> { "revision", "updated_at", "built_in" };

    public static JsonObject Of(StoredCalendar calendar)
    {
        var json = CalendarDocument.Write(calendar.Definition);
        json["revision"] = calendar.Revision;
        json["updated_at"] = Instants.Format(calendar.UpdatedAt);
        return json;
    }

    public static JsonObject OfBuiltIn(Calendar calendar) => new() { ["name"] = calendar.Name, ["built_in"] = true };
}

/// <summary>What a calendar covers over some days.</summary>
/// <param name="Days">Days it covers as a whole.</param>
/// <param name="Windows">Stretches of time it covers beside them.</param>
/// <param name="Truncated">There are more windows than are shown.</param>
internal sealed record CoverageView(IReadOnlyList<CoveredDay> Days, IReadOnlyList<CoveredWindow> Windows, bool Truncated)
{
    private const int MostWindows = 1_000;

    public static CoverageView Of(Calendar calendar, DateOnly from, DateOnly to)
    {
        var zone = calendar.Zone ?? Zone.Default;
        var days = new List<CoveredDay>();
        for (var number = from.DayNumber; number <= to.DayNumber; number++)
        {
            var day = DateOnly.FromDayNumber(number);
            if (calendar.Covers(day, out var name))
            {
                days.Add(new CoveredDay(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), name));
            }
        }

        var start = zone.ToInstants(from.ToDateTime(TimeOnly.MinValue)).First;
        var end = to == DateOnly.MaxValue ? DateTimeOffset.MaxValue : zone.ToInstants(to.AddDays(1).ToDateTime(TimeOnly.MinValue)).First;
        var windows = calendar
            .Windows(start, end, zone)
            .Take(MostWindows + 1)
            .Select(window => new CoveredWindow(Instants.Format(window.Since), Instants.Format(window.Until), window.Name))
            .ToList();
        return new CoverageView(days, windows.Count > MostWindows ? windows[..MostWindows] : windows, windows.Count > MostWindows);
    }
}

/// <summary>A day that is covered as a whole.</summary>
internal sealed record CoveredDay(string Date, string? Name);

/// <summary>A stretch that is covered.</summary>
internal sealed record CoveredWindow(string From, string To, string? Name);

using System.Globalization;
using Pontual.Scheduling.Calendars;

namespace Pontual.Scheduling.Schedules;

/// <summary>Says in a sentence from which day an occurrence was moved, and why.</summary>
internal static class MovedDayNote
{
    /// <returns>Null when its day is one of the expression's own.</returns>
    public static string? Of(CronSchedule schedule, long at)
    {
        var day = (int)((at + schedule.Zone.SpanAt(at).Offset) / 86_400);
        var rules = schedule.Terms.Calendars;
        var days = schedule.Expression.Days;
        var origin = rules.Shift == DayShift.NextBusinessDay ? days.PreviousAtOrBefore(day) : days.NextAtOrAfter(day);
        if (origin < 0 || origin == day)
        {
            return null;
        }

        var from = DateOnly.FromDayNumber(origin);
        var why = rules.WhyNoBusinessDay(from);
        return $"Moved from {Write(from)} to {Write(DateOnly.FromDayNumber(day))}{(why is null ? "" : $" ({why})")}.";
    }

    private static string Write(DateOnly day) => day.ToString("dddd yyyy-MM-dd", CultureInfo.InvariantCulture);
}

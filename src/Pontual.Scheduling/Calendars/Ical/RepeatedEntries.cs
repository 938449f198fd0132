using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>A repeated event of whole days.</summary>
internal sealed record RepeatedDayEntry(Recurrence Rule, int Days, string? Name) : DayEntry
{
    public override bool Covers(DateOnly day, out string? name)
    {
        for (var back = 0; back < Days && back <= day.DayNumber; back++)
        {
            if (Rule.BeginsOn(day.AddDays(-back)))
            {
                name = Name;
                return true;
            }
        }

        name = null;
        return false;
    }
}

/// <summary>A repeated event of a part of a day, or of more than one.</summary>
internal sealed record RepeatedTimeEntry(Recurrence Rule, TimeOnly At, Zone? Zone, TimeSpan Length, string? Name) : CalendarEntry
{
    // How far an answer reaches: further off, the days of the rule are not looked at.
    private const int Horizon = 31;

    public override CalendarStretch StretchAt(DateTimeOffset at, Zone zone)
    {
        var clocks = Zone ?? zone;
        var (since, until) = (Plus(at, -Horizon), Plus(at, Horizon));
        var today = new WallClock(at, clocks).Day.DayNumber;
        var last = Math.Min(DateOnly.MaxValue.DayNumber, today + Horizon + 2);
        for (var number = Math.Max(0, today - Horizon - 2 - (int)Length.TotalDays); number <= last; number++)
        {
            var day = DateOnly.FromDayNumber(number);
            if (!Rule.BeginsOn(day))
            {
                continue;
            }

            var start = clocks.ToInstants(day.ToDateTime(At)).First;
            var end = Length > DateTimeOffset.MaxValue - start ? DateTimeOffset.MaxValue : start + Length;
            if (start <= at && at < end)
            {
                return new(true, ExclusionKind.Window, Name, start, end);
            }

            since = end <= at && end > since ? end : since;
            until = start > at && start < until ? start : until;
        }

        return new(false, ExclusionKind.Window, null, since, until);
    }

    private static DateTimeOffset Plus(DateTimeOffset at, int days)
    {
        var ticks = at.UtcTicks + (days * TimeSpan.TicksPerDay);
        return ticks < 0 ? DateTimeOffset.MinValue
            : ticks > DateTime.MaxValue.Ticks ? DateTimeOffset.MaxValue
            : new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}

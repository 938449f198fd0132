using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Calendars;

/// <summary>
/// The days of an expression, each that is no business day moved to the nearest one after (or before) it:
/// <code>
///   day         Fr  Sa  Su  Mo  Tu
///   business    x           x   x
///   expression      o   o   o            three due days …
///   next                    o            … become one
///   previous    o           o            … or two
/// </code>
/// Days are counted from 0001-01-01.
/// </summary>
internal sealed class ShiftedDays(DayMask days, CalendarRules rules) : DayMap
{
    // Ten years without a business day: there is none to move to.
    private const int LongestBreak = 3_660;

    private const int None = -1;

    public override int NextAtOrAfter(int day)
    {
        var business = BusinessAtOrAfter(day);
        if (business == None)
        {
            return None;
        }

        // What business takes: itself and the break on one side of it.
        var (first, last) = rules.Shift == DayShift.NextBusinessDay ? (BreakBefore(business), business) : (business, BreakAfter(business));
        var due = days.NextAtOrAfter(first);
        return due < 0 ? None
            : due <= last ? business
            : rules.Shift == DayShift.NextBusinessDay ? BusinessAtOrAfter(due)
            : BusinessAtOrBefore(due);
    }

    public override int PreviousAtOrBefore(int day)
    {
        var business = BusinessAtOrBefore(day);
        if (business == None)
        {
            return None;
        }

        var (first, last) = rules.Shift == DayShift.NextBusinessDay ? (BreakBefore(business), business) : (business, BreakAfter(business));
        var due = days.PreviousAtOrBefore(last);
        return due < 0 ? None
            : due >= first ? business
            : rules.Shift == DayShift.NextBusinessDay ? BusinessAtOrAfter(due)
            : BusinessAtOrBefore(due);
    }

    private int BreakBefore(int business) =>
        business == 0 ? 0
        : BusinessAtOrBefore(business - 1) is var before && before == None ? Math.Max(0, business - LongestBreak)
        : before + 1;

    private int BreakAfter(int business) =>
        BusinessAtOrAfter(business + 1) is var after && after == None ? business + LongestBreak : after - 1;

    private int BusinessAtOrAfter(int day)
    {
        var end = Math.Min(DateOnly.MaxValue.DayNumber, day + LongestBreak);
        for (; day <= end; day++)
        {
            if (rules.IsBusinessDay(DateOnly.FromDayNumber(day)))
            {
                return day;
            }
        }

        return None;
    }

    private int BusinessAtOrBefore(int day)
    {
        var end = Math.Max(0, day - LongestBreak);
        for (day = Math.Min(day, DateOnly.MaxValue.DayNumber); day >= end; day--)
        {
            if (rules.IsBusinessDay(DateOnly.FromDayNumber(day)))
            {
                return day;
            }
        }

        return None;
    }
}

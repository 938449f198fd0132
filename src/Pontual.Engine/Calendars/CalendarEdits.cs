using Pontual.Engine.Clocks;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;

namespace Pontual.Engine.Calendars;

/// <summary>What people and programs may change about calendars. Wakes the planner, so that a change is seen at the next planning.</summary>
public sealed class CalendarEdits(ICalendarStore calendars, OccurrencePlanner planner, Signals signals, ScheduleClock clock)
{
    /// <summary>Puts and removes calendars, all or none.</summary>
    /// <returns>As <see cref="ICalendarStore.ApplyAsync"/>.</returns>
    public async Task<IReadOnlyList<CalendarChanged>> ApplyAsync(CalendarChanges changes, CancellationToken cancellation)
    {
        var now = clock.Now;
        var changed = await calendars.ApplyAsync(changes, due => planner.Decide(due, now), now, cancellation);
        signals.SchedulesChanged();
        signals.RunsReady();
        return changed;
    }
}

using Pontual.Engine.Calendars;
using Pontual.Engine.Planning;
using Pontual.Storage.Database;

namespace Pontual.Storage.Calendars;

/// <summary>The port of calendars: one transaction for each call.</summary>
internal sealed class CalendarStore(PontualDatabase database, CalendarRowStore calendars, CalendarChangesStore changing) : ICalendarStore
{
    public async Task<StoredCalendar?> FindAsync(string name, CancellationToken cancellation) =>
        (await database.ReadAsync(session => calendars.FindAsync(session, [name]), cancellation)).GetValueOrDefault(name);

    public async Task<IReadOnlyList<StoredCalendar>> ListAsync(CancellationToken cancellation) =>
        await database.ReadAsync(calendars.ListAsync, cancellation);

    public Task<IReadOnlyList<CalendarChanged>> ApplyAsync(
        CalendarChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.WriteAsync(session => changing.ApplyAsync(session, changes, decide, now), cancellation);
}

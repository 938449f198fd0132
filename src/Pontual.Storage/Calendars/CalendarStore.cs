using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Calendars;

/// <summary>The port of calendars: one transaction for each call.</summary>
internal sealed class CalendarStore(PontualDatabase database, CalendarRowStore calendars, CalendarChangesStore changing) : ICalendarStore
{
    public async Task<StoredCalendar?> FindAsync(TenantName tenant, string name, CancellationToken cancellation) =>
        (await database.ReadAsync(session => calendars.FindAsync(session, tenant, [name]), cancellation)).GetValueOrDefault(name);

    public async Task<IReadOnlyList<StoredCalendar>> ListAsync(TenantName tenant, CancellationToken cancellation) =>
        await database.ReadAsync(session => calendars.ListAsync(session, tenant), cancellation);

    public Task<IReadOnlyList<CalendarChanged>> ApplyAsync(
        CalendarChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteSurelyAsync(
            session => changing.ApplyAsync(session, changes, decide, now),
            (session, outcome) => StandsAsync(session, changes.Tenant, outcome),
            cancellation
        );

    /// <summary>Whether a change whose commit was not answered can be seen: one entry that wrote something tells of all.</summary>
    private async ValueTask<bool> StandsAsync(DatabaseSession session, TenantName tenant, IReadOnlyList<CalendarChanged> outcome)
    {
        var telling = outcome.FirstOrDefault(change => change.Change is JobChange.Created or JobChange.Updated or JobChange.Removed);
        if (telling is null || outcome.Any(change => change.Change is JobChange.Conflict))
        {
            return true;
        }

        var found = (await calendars.FindAsync(session, tenant, [telling.Name])).GetValueOrDefault(telling.Name);
        return telling.Change is JobChange.Removed ? found is null : found?.Revision >= telling.Revision;
    }
}

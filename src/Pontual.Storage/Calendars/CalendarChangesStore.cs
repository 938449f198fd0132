using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Calendars;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Calendars;

/// <summary>Puts and removes calendars, all or none, and brings the jobs that name them along.</summary>
internal sealed class CalendarChangesStore(
    CalendarRowStore calendars,
    KnownJobsStore jobs,
    JobPlanStore plans,
    PlannedAheadStore planned,
    ScheduleClock clock
)
{
    private static readonly RowSet<(long Job, DateTimeOffset? NextDue)> Moved = new(
        ("job_id", ValueKind.Number, row => row.Job),
        ("next_due", ValueKind.Instant, row => row.NextDue)
    );

    private static readonly Statement Move = new(
        "WITH {rows} UPDATE job_state SET next_due = rows.next_due FROM rows WHERE job_state.job_id = rows.job_id"
    );

    /// <exception cref="ArgumentException">A name appears twice.</exception>
    public async ValueTask<IReadOnlyList<CalendarChanged>> ApplyAsync(
        DatabaseSession session,
        CalendarChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now
    )
    {
        if (changes.Put.Count + changes.Remove.Count == 0)
        {
            return [];
        }

        List<string> names = [.. changes.Put.Select(put => put.Definition.Name), .. changes.Remove];
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Calendar '{twice.Key}' appears more than once in one change.", nameof(changes));
        }

        await CalendarRowStore.HoldAsync(session);
        var existing = await calendars.FindAsync(session, changes.Tenant, names);
        var outcome = changes.Put.Select(put => OutcomeOf(put, existing)).ToList();
        foreach (var name in changes.Remove)
        {
            outcome.Add(await OutcomeOfAsync(session, changes.Tenant, name, existing));
        }

        if (outcome.Exists(change => change.Change is JobChange.Conflict))
        {
            return outcome;
        }

        await RecordAsync(session, changes, existing, outcome, clock.RealOf(now));
        foreach (var (put, _) in changes.Put.Zip(outcome).Where(pair => pair.Second.Change is JobChange.Created or JobChange.Updated))
        {
            await PutAsync(session, changes.Tenant, put.Definition, decide, now);
        }

        foreach (var removed in outcome.Where(change => change.Change is JobChange.Removed))
        {
            await CalendarRowStore.DeleteAsync(session, changes.Tenant, removed.Name);
        }

        return outcome;
    }

    private static async ValueTask RecordAsync(
        DatabaseSession session,
        CalendarChanges changes,
        Dictionary<string, StoredCalendar> existing,
        List<CalendarChanged> outcome,
        DateTimeOffset now
    )
    {
        var put = changes.Put.ToDictionary(put => put.Definition.Name, put => CalendarDocument.Serialize(put.Definition));
        var changed = outcome.Where(change => change.Change is JobChange.Created or JobChange.Updated or JobChange.Removed);
        var lines = changed.Select(change => new AuditLine(
            now,
            changes.Tenant,
            changes.By,
            $"calendar.{JobAudit.Verb(change.Change)}",
            change.Name,
            existing.GetValueOrDefault(change.Name) is { } old ? CalendarDocument.Serialize(old.Definition) : null,
            put.GetValueOrDefault(change.Name)
        ));
        await AuditRowStore.AddAsync(session, [.. lines]);
    }

    private static CalendarChanged OutcomeOf(CalendarPut put, Dictionary<string, StoredCalendar> existing)
    {
        var name = put.Definition.Name;
        var kept = existing.GetValueOrDefault(name);
        var revision = kept?.Revision ?? 0;
        var change =
            put.ExpectedRevision is { } expected && expected != revision ? JobChange.Conflict
            : kept is null ? JobChange.Created
            : CalendarDocument.Serialize(kept.Definition) == CalendarDocument.Serialize(put.Definition) ? JobChange.Unchanged
            : JobChange.Updated;
        return new CalendarChanged(name, change, change is JobChange.Created or JobChange.Updated ? revision + 1 : revision, []);
    }

    private static async ValueTask<CalendarChanged> OutcomeOfAsync(
        DatabaseSession session,
        TenantName tenant,
        string removed,
        Dictionary<string, StoredCalendar> existing
    )
    {
        if (!existing.TryGetValue(removed, out var kept))
        {
            return new CalendarChanged(removed, JobChange.NotFound, 0, []);
        }

        var users = await CalendarRowStore.UserNamesAsync(session, tenant, removed);
        return new CalendarChanged(removed, users.Count > 0 ? JobChange.Conflict : JobChange.Removed, kept.Revision, users);
    }

    /// <summary>What the jobs that name it owe is decided by the old calendar; then the new one stands, and days it moves are reckoned anew.</summary>
    private async ValueTask PutAsync(
        DatabaseSession session,
        TenantName tenant,
        CalendarDefinition calendar,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now
    )
    {
        var users = await CalendarRowStore.UsersAsync(session, tenant, calendar.Name);
        await KnownJobsStore.LockAsync(session, users);
        await planned.TakeBackAsync(session, users, clock.RealOf(now));
        var owing = (await plans.ReadAsync(session, users)).Where(due => due.Job.NextDue <= now);
        await plans.WriteAsync(session, [.. owing.Select(due => new DecidedPlan(due, decide(due)))], now);
        await CalendarRowStore.PutAsync(session, tenant, calendar, now);
        var moved = (await jobs.DefinedByIdAsync(session, users))
            .Where(known => known.Job.Definition.Schedule.Terms.Calendars.Shift != DayShift.None)
            .Select(known => (known.Job.Id, known.Job.Definition.Schedule.NextDue(known.Job.Mark)));
        await session.ExecuteAsync(Move, Moved, [.. moved]);
    }
}

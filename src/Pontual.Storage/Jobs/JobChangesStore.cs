using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Calendars;
using Pontual.Storage.Database;
using Pontual.Storage.Limits;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Jobs;

/// <summary>Puts and removes jobs, all or none.</summary>
internal sealed class JobChangesStore(
    KnownJobsStore jobs,
    JobPlanStore plans,
    CalendarRowStore calendars,
    CalendarChangesStore calendarChanges,
    PlannedAheadStore planned,
    ScheduleClock clock
)
{
    private static readonly RowSet<Created> Creations = new(
        ("tenant", ValueKind.Text, created => created.Definition.Name.Tenant.ToString()),
        ("name", ValueKind.Text, created => created.Definition.Name.Text),
        ("definition", ValueKind.Text, created => created.Text)
    );

    private static readonly RowSet<Created> FirstStates = new(
        ("job_id", ValueKind.Number, created => created.Id),
        ("next_due", ValueKind.Instant, created => DueTimes.First(created.Definition.Schedule, created.At)),
        ("delay_ms", ValueKind.Number, created => DelayOf(created.Definition.Schedule)),
        ("from_start", ValueKind.Number, created => FromStart(created.Definition.Schedule)),
        ("on_start", ValueKind.Number, created => OnStart(created.Definition.Schedule))
    );

    private static readonly Statement Insert = new(
        """
        WITH {rows} INSERT INTO job (tenant, name, definition, created_at, updated_at) SELECT tenant, name, definition, @now, @now FROM rows
        RETURNING id, tenant, name
        """
    );

    private static readonly Statement InsertState = new(
        """
        WITH {rows} INSERT INTO job_state (job_id, mark, next_due, delay_ms, from_start, on_start)
        SELECT job_id, @now, next_due, delay_ms, from_start, on_start FROM rows
        """
    );

    private static readonly Statement Replace = new(
        "UPDATE job SET definition = @definition, revision = revision + 1, updated_at = @now WHERE id = @job"
    );

    private static readonly Statement Reschedule = new(
        """
        UPDATE job_state
        SET mark = @from, next_due = @next_due, delay_ms = @delay_ms, from_start = @from_start, on_start = @on_start,
            stretch_id = NULL, stretch_reason = NULL, stretch_detail = NULL
        WHERE job_id = @job
        """
    );

    // What was let overlap stays so. Several that run side by side count as active from now on, but cannot all have one slot.
    private static readonly Statement FollowJob = new(
        $"""
        UPDATE run
        SET queue = @queue, kind = @kind, slots = CASE
            WHEN CAST(@slots AS bigint) IS NULL THEN NULL
            WHEN slots = {NewRun.NoLimit} THEN slots
            WHEN state = 'running' AND @running > 1 THEN {NewRun.NoLimit}
            ELSE @slots END
        WHERE job_id = @job
        """
    );

    private static readonly Statement RunningOf = new(
        "SELECT id FROM run WHERE job_id = @job AND state = 'running' AND (attempt_started_at <= claim_at OR attempt_started_at <= @now)"
    );

    private static readonly Statement MarkRemoved = new("UPDATE job SET removed_at = @now, updated_at = @now WHERE id = @job");
    private static readonly Statement StopSchedule = new(
        "UPDATE job_state SET next_due = NULL, delay_ms = NULL, on_start = 0 WHERE job_id = @job"
    );

    private static readonly Statement HotOf = new("SELECT id FROM run WHERE job_id = @job");

    /// <exception cref="ArgumentException">A name appears twice, or jobs are of several tenants.</exception>
    public async ValueTask<IReadOnlyList<JobChanged>> ApplyAsync(
        DatabaseSession session,
        JobChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now
    )
    {
        List<JobName> names = [.. changes.Put.Select(put => put.Definition.Name), .. changes.Remove];
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Job '{twice.Key}' appears more than once in one change.", nameof(changes));
        }

        if (names.Exists(name => name.Tenant != names[0].Tenant))
        {
            throw new ArgumentException("One change is of one tenant's jobs.", nameof(changes));
        }

        var unknown = await UnknownCalendarsAsync(session, changes);
        var existing = await HoldAsync(session, names);
        List<JobChanged> outcome =
        [
            .. changes.Put.Select(put => OutcomeOf(put, existing, unknown)),
            .. changes.Remove.Select(name => OutcomeOf(name, existing)),
        ];
        if (outcome.Exists(change => change.Change is JobChange.Conflict))
        {
            return outcome;
        }

        var touched = outcome
            .Where(change => change.Change is JobChange.Updated or JobChange.Removed)
            .Select(change => existing[change.Name]);
        var armed = await AccountAsync(session, [.. touched], decide, now);
        await JobAudit.RecordAsync(session, changes, existing, outcome, clock.RealOf(now));
        var calendarsToo = changes.Calendars with { By = changes.By };
        await calendarChanges.ApplyAsync(session, calendarsToo with { Remove = [] }, decide, now);
        var definitions = await calendars.BindAsync(session, [.. changes.Put.Select(put => put.Definition)]);
        var chosen = definitions.Zip(outcome).ToList();
        var created = chosen.Where(pair => pair.Second.Change is JobChange.Created).Select(pair => pair.First);
        var ids = await CreateAsync(session, [.. created], now);
        foreach (var (definition, _) in chosen.Where(pair => pair.Second.Change is JobChange.Updated))
        {
            var old = existing[definition.Name];
            await UpdateAsync(session, old, definition, now, armed.GetValueOrDefault(old.Id, now));
        }

        foreach (var change in outcome.Where(change => change.Change is JobChange.Removed))
        {
            await RemoveAsync(session, existing[change.Name], now);
        }

        foreach (var calendar in changes.Calendars.Remove)
        {
            await calendarChanges.ApplyAsync(session, calendarsToo with { Put = [], Remove = [calendar] }, decide, now);
        }

        await LimitStatusStore.ChangeQueuesAsync(session, changes.Queues, changes.By, clock.RealOf(now));
        await JobEventsStore.ChangedAsync(
            session,
            outcome,
            name => existing.TryGetValue(name, out var job) ? job.Id : ids[name],
            clock.RealOf(now)
        );
        return outcome;
    }

    /// <summary>Takes back what was planned ahead for the jobs and writes what they owe up to now, before something about them changes.</summary>
    /// <returns>As <see cref="PlannedAheadStore.TakeBackAsync"/>.</returns>
    public async ValueTask<IReadOnlyDictionary<long, DateTimeOffset>> AccountAsync(
        DatabaseSession session,
        IReadOnlyList<Job> touched,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now
    )
    {
        var armed = await planned.TakeBackAsync(session, [.. touched.Select(job => job.Id)], clock.RealOf(now));
        var owing = (await plans.ReadAsync(session, [.. touched.Select(job => job.Id)])).Where(due => due.Job.NextDue <= now);
        await plans.WriteAsync(session, [.. owing.Select(due => new DecidedPlan(due, decide(due)))], now);
        return armed;
    }

    private async ValueTask<Dictionary<JobName, Job>> HoldAsync(DatabaseSession session, List<JobName> names)
    {
        var existing = await jobs.ByNameAsync(session, names);
        if (session.Dialect is Dialect.Sqlite || existing.Count == 0)
        {
            return existing;
        }

        await KnownJobsStore.LockAsync(session, [.. existing.Values.Select(job => job.Id).Order()]);
        return await jobs.ByNameAsync(session, names);
    }

    /// <summary>The calendars that jobs to put name and that are neither there nor to be put; holds all calendars when any is named.</summary>
    private async ValueTask<HashSet<string>> UnknownCalendarsAsync(DatabaseSession session, JobChanges changes)
    {
        var named = changes.Put.SelectMany(put => CalendarDocument.NamesIn(put.Definition)).ToHashSet(StringComparer.Ordinal);
        if (named.Count > 0)
        {
            await CalendarRowStore.HoldAsync(session);
            named.ExceptWith((await calendars.FindAsync(session, changes.Put[0].Definition.Name.Tenant, named)).Keys);
            named.ExceptWith(changes.Calendars.Put.Select(put => put.Definition.Name));
        }

        return named;
    }

    private static JobChanged OutcomeOf(JobPut put, Dictionary<JobName, Job> existing, HashSet<string> unknownCalendars)
    {
        var name = put.Definition.Name;
        var job = existing.GetValueOrDefault(name);
        var revision = job?.Revision ?? 0;
        var isBlind = unknownCalendars.Count > 0 && unknownCalendars.Overlaps(CalendarDocument.NamesIn(put.Definition));
        if (isBlind || (put.ExpectedRevision is { } expected && expected != revision))
        {
            return new JobChanged(name, JobChange.Conflict, revision);
        }

        return job is null ? new JobChanged(name, JobChange.Created, 1)
            : JobDocument.Serialize(job.Definition) == JobDocument.Serialize(put.Definition)
                ? new JobChanged(name, JobChange.Unchanged, revision)
            : new JobChanged(name, JobChange.Updated, revision + 1);
    }

    private static JobChanged OutcomeOf(JobName removed, Dictionary<JobName, Job> existing) =>
        existing.TryGetValue(removed, out var job)
            ? new JobChanged(removed, JobChange.Removed, job.Revision)
            : new JobChanged(removed, JobChange.NotFound, 0);

    private static async ValueTask<Dictionary<JobName, long>> CreateAsync(
        DatabaseSession session,
        List<JobDefinition> definitions,
        DateTimeOffset now
    )
    {
        List<Created> created = [.. definitions.Select(definition => new Created(0, definition, JobDocument.Serialize(definition), now))];
        var ids = await session.QueryAsync(
            Insert,
            Creations,
            created,
            row => KeyValuePair.Create(KnownJobsStore.NameOf(row, 1), row.Int64(0)),
            ("now", now)
        );
        var idOf = ids.ToDictionary();
        await session.ExecuteAsync(
            InsertState,
            FirstStates,
            [.. created.Select(job => job with { Id = idOf[job.Definition.Name] })],
            ("now", now)
        );
        foreach (var definition in definitions)
        {
            await CalendarRowStore.RecordUseAsync(session, idOf[definition.Name], definition, isNew: true);
        }

        return idOf;
    }

    /// <summary>A new schedule counts from <paramref name="from"/>: now, or the due time of a start that is armed and may still begin.</summary>
    private async ValueTask UpdateAsync(DatabaseSession session, Job old, JobDefinition definition, DateTimeOffset now, DateTimeOffset from)
    {
        await session.ExecuteAsync(Replace, ("definition", JobDocument.Serialize(definition)), ("now", now), ("job", old.Id));
        await CalendarRowStore.RecordUseAsync(session, old.Id, definition, isNew: false);
        if (old.Definition.Schedule != definition.Schedule)
        {
            await session.ExecuteAsync(
                Reschedule,
                ("from", from),
                ("next_due", DueTimes.AfterEdit(definition.Schedule, from)),
                ("delay_ms", DelayOf(definition.Schedule)),
                ("from_start", FromStart(definition.Schedule)),
                ("on_start", OnStart(definition.Schedule)),
                ("job", old.Id)
            );
        }

        if (
            (old.Definition.RunsIn, old.Definition.Slots) != (definition.In(old.Name.Tenant).RunsIn, definition.Slots)
            || old.Definition.Target.Kind != definition.Target.Kind
        )
        {
            await session.ExecuteAsync(
                FollowJob,
                ("job", old.Id),
                ("queue", definition.In(old.Name.Tenant).RunsIn),
                ("kind", definition.Target.Kind),
                ("slots", definition.Slots),
                ("running", (await RunningOfAsync(session, old.Id, clock.RealOf(now))).Count)
            );
            await SlotStore.FillAsync(session, old.Id, definition.Slots, clock.RealOf(now));
        }

        await LimitEditStore.FollowAsync(session, old, definition, now);
    }

    /// <summary>The runs of a job that are claimed now and not armed for later.</summary>
    public static ValueTask<List<Guid>> RunningOfAsync(DatabaseSession session, long job, DateTimeOffset now) =>
        session.QueryAsync(RunningOf, row => row.Id(0), ("job", job), ("now", now));

    private async ValueTask RemoveAsync(DatabaseSession session, Job job, DateTimeOffset now)
    {
        await session.ExecuteAsync(MarkRemoved, ("now", now), ("job", job.Id));
        await CalendarRowStore.RecordUseAsync(session, job.Id, null, isNew: false);
        await session.ExecuteAsync(StopSchedule, ("job", job.Id));
        var hot = await session.QueryAsync(HotOf, row => row.Id(0), ("job", job.Id));
        await HotRunStore.EndAsync(session, hot, RunState.Pending, RunState.Cancelled, RunReason.JobRemoved, clock.RealOf(now));
        await HotRunStore.WishCancelAsync(session, hot, RunReason.JobRemoved);
    }

    private static long? DelayOf(Schedule schedule) => schedule is DelaySchedule delay ? (long)delay.Delay.TotalMilliseconds : null;

    private static long FromStart(Schedule schedule) => schedule is DelaySchedule { FromStart: true } ? 1 : 0;

    private static long OnStart(Schedule schedule) => schedule is StartupSchedule ? 1 : 0;

    private sealed record Created(long Id, JobDefinition Definition, string Text, DateTimeOffset At);
}

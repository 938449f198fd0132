using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Calendars;
using Pontual.Storage.Database;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Jobs;

/// <summary>The port of jobs: one transaction for each call.</summary>
internal sealed class JobStore(
    PontualDatabase database,
    KnownJobsStore jobs,
    JobPlanStore plans,
    SlotStore slots,
    CalendarRowStore calendars,
    CalendarChangesStore calendarChanges,
    PlannedAheadStore planned,
    ScheduleClock clock
) : IJobStore
{
    /// <summary>Reads of jobs by name, side by side.</summary>
    private const int MostReads = 2;

    private static readonly Statement SetPause = new(
        """
        UPDATE job SET paused_since = @since, paused_reason = @reason, paused_by = @by, paused_until = @until WHERE id = @job
        """
    );

    private static readonly Statement ClearStreak = new("UPDATE job_state SET failure_streak = 0 WHERE job_id = @job");

    private readonly JobChangesStore _changes = new(jobs, plans, calendars, calendarChanges, planned, clock);

    // Each wish for a run begins with this question: callers of the same moment ask it together.
    private readonly Gathering<JobName, Job?>? _callers =
        database.Dialect is Dialect.PostgreSql
            ? new(
                names => database.ReadAsync(session => FindAsync(jobs, session, names), CancellationToken.None),
                _ => [],
                _ => 1,
                MostReads
            )
            : null;

    public Task<Job?> FindAsync(JobName name, CancellationToken cancellation) =>
        _callers?.AskAsync(name, cancellation) ?? database.ReadAsync(session => FindAsync(session, name), cancellation);

    public async Task<IReadOnlyList<Job>> ListAsync(TenantName? tenant, JobName? after, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(session => jobs.PageAsync(session, tenant, after?.Text ?? "", limit), cancellation);

    public Task<IReadOnlyList<JobChanged>> ApplyAsync(
        JobChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteSurelyAsync(
            session => _changes.ApplyAsync(session, changes, decide, now),
            (session, outcome) => StandsAsync(session, changes, outcome),
            cancellation
        );

    public Task<bool> SetPauseAsync(
        JobName name,
        Pause? pause,
        Actor by,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteSurelyAsync(
            async session =>
            {
                if (await HoldAsync(session, name) is not { } job)
                {
                    return false;
                }

                await _changes.AccountAsync(session, [job], decide, now);
                await WritePauseAsync(session, job, pause);
                await JobAudit.RecordAsync(session, job, pause, by, clock.RealOf(now));
                return true;
            },
            (_, found) => ValueTask.FromResult(!found), // to set it again does no harm
            cancellation
        );

    public Task<bool> ResetAsync(JobName name, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await HoldAsync(session, name) is not { } job)
                {
                    return false;
                }

                await planned.TakeBackAsync(session, [job.Id], now);
                var running = await JobChangesStore.RunningOfAsync(session, job.Id, now);
                await HotRunStore.EndAsync(session, running, RunState.Running, RunState.Failed, RunReason.Reset, now);
                await session.ExecuteAsync(ClearStreak, ("job", job.Id));
                await WritePauseAsync(session, job, null);
                await slots.ReleaseAsync(session, [job.Id], now);
                await AuditRowStore.AddAsync(session, new AuditLine(now, name.Tenant, by, "job.reset", name.Text));
                return true;
            },
            cancellation
        );

    /// <summary>Whether a change whose commit was not answered can be seen: one entry that wrote something tells of all.</summary>
    private async ValueTask<bool> StandsAsync(DatabaseSession session, JobChanges changes, IReadOnlyList<JobChanged> outcome)
    {
        var telling = outcome.FirstOrDefault(change => change.Change is JobChange.Created or JobChange.Updated or JobChange.Removed);
        if (telling is null || outcome.Any(change => change.Change is JobChange.Conflict))
        {
            return changes.Calendars is { Put: [], Remove: [] };
        }

        var job = await FindAsync(session, telling.Name);
        if (telling.Change is JobChange.Removed)
        {
            return job is null;
        }

        var wanted = changes.Put.First(put => put.Definition.Name == telling.Name).Definition;
        return job is not null
            && (
                job.Revision > telling.Revision
                || (job.Revision == telling.Revision && JobDocument.Serialize(job.Definition) == JobDocument.Serialize(wanted))
            );
    }

    private static ValueTask<int> WritePauseAsync(DatabaseSession session, Job job, Pause? pause) =>
        session.ExecuteAsync(
            SetPause,
            ("job", job.Id),
            ("since", pause?.Since),
            ("reason", pause?.Reason),
            ("by", pause?.By),
            ("until", pause?.Until)
        );

    private static async ValueTask<IReadOnlyList<Job?>> FindAsync(
        KnownJobsStore jobs,
        DatabaseSession session,
        IReadOnlyList<JobName> names
    )
    {
        var found = await jobs.ByNameAsync(session, [.. names.Distinct()]);
        return [.. names.Select(name => found.GetValueOrDefault(name))];
    }

    private async ValueTask<Job?> FindAsync(DatabaseSession session, JobName name) =>
        (await jobs.ByNameAsync(session, [name])).GetValueOrDefault(name);

    /// <summary>The job as it stands once nobody else decides about it.</summary>
    private async ValueTask<Job?> HoldAsync(DatabaseSession session, JobName name)
    {
        if (await FindAsync(session, name) is not { } job)
        {
            return null;
        }

        await KnownJobsStore.LockAsync(session, [job.Id]);
        return session.Dialect is Dialect.Sqlite ? job : await FindAsync(session, name);
    }
}

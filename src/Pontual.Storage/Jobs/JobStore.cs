using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Jobs;

/// <summary>The port of jobs: one transaction for each call.</summary>
internal sealed class JobStore(
    PontualDatabase database,
    KnownJobsStore jobs,
    JobChangesStore edits,
    JobStateStore states,
    ScheduleClock clock
) : IJobStore
{
    /// <summary>Reads of jobs by name, side by side.</summary>
    private const int MostReads = 2;

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

    public async Task<IReadOnlyList<Job>> ListTroubledAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(session => jobs.TroubledAsync(session, now, limit), cancellation);

    public async Task<IReadOnlyList<JobChanged>> ApplyAsync(
        JobChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        try
        {
            return await ApplyOnceAsync(changes, decide, now, cancellation);
        }
        catch (DatabaseException race) when (race.Fault is DatabaseFault.Constraint)
        {
            // Two made one name at the same moment, which nothing can hold before it is there: the second finds it when it looks again.
            return await ApplyOnceAsync(changes, decide, now, cancellation);
        }
    }

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
                if (await jobs.HoldAsync(session, name) is not { } job)
                {
                    return false;
                }

                await edits.AccountAsync(session, [job], decide, now);
                await JobStateStore.WritePauseAsync(session, job, pause);
                await JobAudit.RecordAsync(session, job, pause, by, clock.RealOf(now));
                if (pause is not null || job.Paused is not null)
                {
                    await JobEventsStore.PausedAsync(session, job, pause, clock.RealOf(now));
                }

                return true;
            },
            (_, found) => ValueTask.FromResult(!found), // to set it again does no harm
            cancellation
        );

    public Task<bool> ResetAsync(JobName name, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await jobs.HoldAsync(session, name) is not { } job)
                {
                    return false;
                }

                await states.ResetAsync(session, job, now);
                await JobStateStore.WritePauseAsync(session, job, null);
                await AuditRowStore.AddAsync(session, new AuditLine(now, name.Tenant, by, "job.reset", name.Text));
                await JobEventsStore.ResetAsync(session, job, now);
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

    private Task<IReadOnlyList<JobChanged>> ApplyOnceAsync(
        JobChanges changes,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteSurelyAsync(
            session => edits.ApplyAsync(session, changes, decide, now),
            (session, outcome) => StandsAsync(session, changes, outcome),
            cancellation
        );
}

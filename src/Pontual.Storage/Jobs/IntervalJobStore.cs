using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Jobs;

/// <summary>The port of jobs that run every so many hours.</summary>
internal sealed class IntervalJobStore(
    PontualDatabase database,
    KnownJobsStore jobs,
    JobChangesStore changes,
    JobStateStore states,
    ScheduleClock clock
) : IIntervalJobStore
{
    private static readonly RowSet<long> Ids = new(("job_id", ValueKind.Number, id => id));

    private static readonly Statement Hot = new(
        """
        WITH {rows}
        SELECT run.job_id, min(CASE WHEN run.started_at <= @now THEN run.started_at END),
            min(CASE WHEN (run.started_at IS NULL OR run.started_at > @now) AND run.trigger = 'schedule' THEN run.due_at END)
        FROM rows JOIN run ON run.job_id = rows.job_id AND run.slots IS NOT NULL AND run.not_before IS NOT NULL
        GROUP BY run.job_id
        """
    );

    public Task<IReadOnlyList<IntervalJob>> ListAsync(TenantName tenant, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<IntervalJob>>(
            async session =>
            {
                var all = await jobs.PageAsync(session, tenant, "", int.MaxValue);
                var periodic = all.Select(job => (Job: job, Hours: IntervalJob.HoursOf(job.Definition.Schedule)))
                    .Where(found => found.Hours is not null)
                    .ToList();
                var hot = await session.QueryAsync(
                    Hot,
                    Ids,
                    [.. periodic.Select(found => found.Job.Id)],
                    row => (Job: row.Int64(0), Open: row.InstantOrNull(1), Waiting: row.InstantOrNull(2)),
                    ("now", now)
                );
                var byJob = hot.ToDictionary(run => run.Job);
                return
                [
                    .. periodic.Select(found => new IntervalJob(
                        found.Job,
                        found.Hours!.Value,
                        byJob.GetValueOrDefault(found.Job.Id).Open,
                        byJob.GetValueOrDefault(found.Job.Id).Waiting
                    )),
                ];
            },
            cancellation
        );

    public Task<bool> EditAsync(
        JobName name,
        IntervalEdit edit,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteSurelyAsync(
            session => EditAsync(session, name, edit, decide, now),
            (_, found) => ValueTask.FromResult(!found), // to do it again does no harm
            cancellation
        );

    /// <summary>As <see cref="EditAsync(JobName, IntervalEdit, Func{DueJob, JobPlan}, DateTimeOffset, CancellationToken)"/>, in a transaction of the caller's.</summary>
    /// <remarks>The job is not read again afterwards: what is not committed must not be remembered.</remarks>
    public async ValueTask<bool> EditAsync(
        DatabaseSession session,
        JobName name,
        IntervalEdit edit,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now
    )
    {
        if (await jobs.HoldAsync(session, name) is not { } job || IntervalJob.HoursOf(job.Definition.Schedule) is not { } hours)
        {
            return false;
        }

        if (edit.Remove)
        {
            await changes.ApplyAsync(session, new JobChanges([], [name]) { By = edit.By }, decide, now);
            return true;
        }

        var armed = await changes.AccountAsync(session, [job], decide, now);
        if (edit.Reset)
        {
            await states.ResetAsync(session, job, clock.RealOf(now));
            await AuditRowStore.AddAsync(session, new AuditLine(clock.RealOf(now), name.Tenant, edit.By, "job.reset", name.Text));
            if (job.Paused is { By: null })
            {
                await JobStateStore.WritePauseAsync(session, job, pause: null);
            }
        }

        await DefineAsync(session, job, edit, edit.Hours ?? hours, decide, now);
        if (edit.NextDue is { } next)
        {
            var least = armed.GetValueOrDefault(job.Id, now);
            next = next > least ? next : least;
            await JobStateStore.WriteNextDueAsync(session, job, next);
            await JobAudit.RecordNextDueAsync(session, job, next, edit.By, clock.RealOf(now));
        }

        await SetActiveAsync(session, job, edit, now);
        return true;
    }

    private async ValueTask DefineAsync(
        DatabaseSession session,
        Job job,
        IntervalEdit edit,
        int hours,
        Func<DueJob, JobPlan> decide,
        DateTimeOffset now
    )
    {
        var definition = job.Definition;
        if (edit.Description is { } description)
        {
            definition = definition with { Description = description.Length == 0 ? null : description };
        }

        if (edit.Hours is not null || edit.NextDue is not null)
        {
            definition = Counted(definition, hours);
        }

        await changes.ApplyAsync(session, new JobChanges([new JobPut(definition)], []) { By = edit.By }, decide, now);
        var isSame = edit.Hours is not null && definition.Schedule == job.Definition.Schedule;
        if (isSame && edit.NextDue is null)
        {
            await JobStateStore.WriteNextDueAsync(session, job, now + TimeSpan.FromHours(hours));
        }
    }

    private async ValueTask SetActiveAsync(DatabaseSession session, Job job, IntervalEdit edit, DateTimeOffset now)
    {
        var isPaused = job.Paused?.HoldsAt(now) is true;
        if (edit.IsActive is not { } active || active == !isPaused)
        {
            return;
        }

        var pause = active ? null : new Pause(now, null, edit.By.Name, null);
        await JobStateStore.WritePauseAsync(session, job, pause);
        await JobAudit.RecordAsync(session, job, pause, edit.By, clock.RealOf(now));
        var neverRan = job.Totals.LastRunId is null && job.Definition.Schedule is DelaySchedule;
        if (active && neverRan && edit.NextDue is null && job.NextDue > now)
        {
            await JobStateStore.WriteNextDueAsync(session, job, now);
        }
    }

    /// <summary>The same job every so many hours from the start of its runs on.</summary>
    private static JobDefinition Counted(JobDefinition definition, int hours)
    {
        var document = JsonObject.Create(definition.ScheduleDocument ?? JsonSerializer.SerializeToElement(new JsonObject()))!;
        document["every"] = string.Create(CultureInfo.InvariantCulture, $"{hours}h");
        document["from"] = "last-start";
        document.Remove("jitter");
        return definition with
        {
            Schedule = new DelaySchedule(TimeSpan.FromHours(hours))
            {
                FromStart = true,
                Terms = definition.Schedule.Terms is { Jitter: not null } terms ? terms with { Jitter = null } : definition.Schedule.Terms,
                Zone = definition.Schedule.Zone,
            },
            ScheduleDocument = JsonSerializer.SerializeToElement(document),
        };
    }
}

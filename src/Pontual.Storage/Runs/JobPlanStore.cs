using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>What was decided for a job, beside what it was decided from.</summary>
internal sealed record DecidedPlan(DueJob Due, JobPlan Plan);

/// <summary>Reads what a decision about jobs needs, and writes what was decided. The caller holds the jobs.</summary>
internal sealed class JobPlanStore(KnownJobsStore jobs, ScheduleClock clock)
{
    private static readonly RowSet<DecidedPlan> Marks = new(
        ("job_id", ValueKind.Number, decided => decided.Due.Job.Id),
        ("old_mark", ValueKind.Instant, decided => decided.Due.Job.Mark),
        ("mark", ValueKind.Instant, decided => decided.Plan.Mark),
        ("next_due", ValueKind.Instant, decided => decided.Plan.NextDue),
        ("stretch_id", ValueKind.Id, decided => decided.Plan.Stretch?.Id),
        ("stretch_reason", ValueKind.Text, decided => decided.Plan.Stretch?.Reason),
        ("stretch_detail", ValueKind.Text, decided => decided.Plan.Stretch?.Detail)
    );

    private static readonly RowSet<(Job Job, SkippedStretch Skip)> Stretches = new(
        ("id", ValueKind.Id, row => row.Skip.Id),
        ("job_id", ValueKind.Number, row => row.Job.Id),
        ("first_due", ValueKind.Instant, row => row.Skip.First),
        ("last_due", ValueKind.Instant, row => row.Skip.Last),
        ("more", ValueKind.Number, row => row.Skip.Count),
        ("reason", ValueKind.Text, row => row.Skip.Reason),
        ("detail", ValueKind.Text, row => row.Skip.Detail),
        ("queue", ValueKind.Text, row => row.Job.Definition.RunsIn),
        ("priority", ValueKind.Number, row => row.Job.Definition.Priority)
    );

    private static readonly Statement Advance = new(
        """
        WITH {rows}
        UPDATE job_state
        SET mark = rows.mark, next_due = rows.next_due, stretch_id = rows.stretch_id, stretch_reason = rows.stretch_reason,
            stretch_detail = rows.stretch_detail
        FROM rows WHERE job_state.job_id = rows.job_id AND job_state.mark = rows.old_mark
        RETURNING job_state.job_id
        """
    );

    private static readonly Statement Extend = new(
        """
        WITH {rows}
        UPDATE run_history SET count = run_history.count + rows.more, due_until = rows.last_due, finished_at = @now
        FROM rows WHERE run_history.id = rows.id
        RETURNING run_history.id
        """
    );

    private static readonly Statement Skip = new(
        """
        WITH {rows}
        INSERT INTO run_history (id, job_id, trigger, due_at, due_until, count, state, reason, error, queue, priority, finished_at)
        SELECT id, job_id, 'schedule', first_due, CASE WHEN last_due > first_due THEN last_due END, more, 'skipped', reason, detail, queue, priority,
            @now
        FROM rows
        """
    );

    /// <summary>Those of the jobs that are defined now, with their hot runs and open stretches. A job that may run any number at once has no hot runs here: nothing depends on them.</summary>
    public async ValueTask<List<DueJob>> ReadAsync(DatabaseSession session, IReadOnlyList<long> ids) =>
        await ReadAsync(session, await jobs.DefinedByIdAsync(session, ids));

    /// <summary>As <see cref="ReadAsync(DatabaseSession, IReadOnlyList{long})"/>, of jobs that nobody holds yet: from here on the caller does.</summary>
    public async ValueTask<List<DueJob>> HoldAsync(DatabaseSession session, IReadOnlyList<long> ids) =>
        await ReadAsync(session, await jobs.HoldDefinedByIdAsync(session, ids));

    private static async ValueTask<List<DueJob>> ReadAsync(DatabaseSession session, List<(Job Job, OpenStretch? Stretch)> found)
    {
        var limited = found.Where(known => known.Job.Definition.Slots is not null).Select(known => known.Job.Id).ToList();
        var hot = await HotRunStore.OfJobsAsync(session, limited);
        return found.ConvertAll(known => new DueJob(known.Job, [.. hot[known.Job.Id]], known.Stretch));
    }

    /// <summary>Writes plans whose job still has the mark they were made from.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="plans">What was decided.</param>
    /// <param name="scheduled">The instant of the decision, by the schedules.</param>
    /// <returns>The plans that were written.</returns>
    public async ValueTask<List<DecidedPlan>> WriteAsync(
        DatabaseSession session,
        IReadOnlyList<DecidedPlan> plans,
        DateTimeOffset scheduled
    )
    {
        var now = clock.RealOf(scheduled);
        var advanced = (await session.QueryAsync(Advance, Marks, plans, row => row.Int64(0))).ToHashSet();
        var written = plans.Where(decided => advanced.Contains(decided.Due.Job.Id)).ToList();
        List<NewRun> runs = [.. written.SelectMany(Runs)];
        await HotRunStore.InsertAsync(session, await LimitStore.EnterAsync(session, runs, now), now);
        await LimitStore.LetGoAsync(session, runs.Select(run => run.LimitKey), now);
        await WriteSkipsAsync(session, [.. written.SelectMany(Skips)], now);

        var superseded = written.SelectMany(decided => decided.Plan.Supersede).ToList();
        await HotRunStore.EndAsync(session, superseded, RunState.Pending, RunState.Skipped, RunReason.Superseded, now);
        var cancelled = written.SelectMany(decided => decided.Plan.Cancel).ToList();
        await HotRunStore.WishCancelAsync(session, cancelled, RunReason.Superseded);
        return written;
    }

    /// <summary>Records stretches of skipped occurrences, or extends them.</summary>
    public static async ValueTask WriteSkipsAsync(DatabaseSession session, List<(Job Job, SkippedStretch Skip)> skips, DateTimeOffset now)
    {
        var extending = skips.Where(row => row.Skip.Extends).ToList();
        var extended = (await session.QueryAsync(Extend, Stretches, extending, row => row.Id(0), ("now", now))).ToHashSet();

        // A row to extend may have been pruned since: it then begins anew.
        await session.ExecuteAsync(Skip, Stretches, [.. skips.Where(row => !extended.Contains(row.Skip.Id))], ("now", now));
        await RunEventsStore.SkippedAsync(session, skips, now);
    }

    private IEnumerable<NewRun> Runs(DecidedPlan decided)
    {
        var job = decided.Due.Job;
        return decided.Plan.Runs.Select(run => new NewRun(
            run.Id,
            job,
            RunTrigger.Schedule,
            run.DueAt,
            run.Held ? null : clock.RealOf(run.DueAt),
            job.Definition.Slots,
            job.Definition.Priority
        )
        {
            PlanEnds = run.MissedAt is { } missed ? clock.RealOf(missed) : null,
        });
    }

    private static IEnumerable<(Job Job, SkippedStretch Skip)> Skips(DecidedPlan decided) =>
        decided.Plan.Skips.Select(skip => (decided.Due.Job, skip));
}

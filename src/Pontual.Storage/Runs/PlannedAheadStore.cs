using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>Runs that were planned ahead of their time and have not begun: what they were decided from may change, and then they are taken back.</summary>
/// <remarks>
/// A pending run whose <c>lease_ends</c> stands was planned ahead; from that instant on nobody may claim it. Taking it back deletes it and sets its job's mark back
/// to just before its due time, so that this is decided anew when it comes. Where a node holds it armed, the node is asked to let it go, and only a settlement
/// can say that it did: until then the mark stays at or after its due time, so that nothing else stands for it.
/// </remarks>
internal sealed class PlannedAheadStore(KnownJobsStore jobs, ScheduleClock clock)
{
    private static readonly RowSet<long> JobIds = new(("job_id", ValueKind.Number, id => id));
    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly RowSet<Removed> Earliest = new(
        ("job_id", ValueKind.Number, removed => removed.JobId),
        ("due_at", ValueKind.Instant, removed => removed.DueAt),
        ("lowest", ValueKind.Id, removed => RunId.Lowest(removed.DueAt)),
        ("before", ValueKind.Instant, removed => removed.DueAt.AddMicroseconds(-1))
    );

    private static readonly Statement Remove = new(
        """
        WITH {rows}
        DELETE FROM run
        WHERE job_id IN (SELECT job_id FROM rows) AND trigger = 'schedule' AND state = 'pending' AND lease_ends IS NOT NULL
        RETURNING id, job_id, due_at
        """
    );

    private static readonly Statement LaterOnes = new(
        """
        WITH {rows}
        SELECT rows.job_id,
            (SELECT max(run.due_at) FROM run WHERE run.job_id = rows.job_id AND run.trigger = 'schedule' AND run.due_at > rows.due_at),
            (SELECT max(coalesce(ended.due_until, ended.due_at)) FROM run_history AS ended
                WHERE ended.job_id = rows.job_id AND ended.id > rows.lowest AND ended.trigger = 'schedule' AND ended.due_at > rows.due_at)
        FROM rows
        """
    );

    // A job that was given another schedule since counts from there on; a removed one has no due times any more.
    private static readonly Statement SetBack = new(
        """
        WITH {rows}
        UPDATE job_state
        SET mark = rows.before, next_due = CASE WHEN delay_ms IS NULL AND on_start = 0 THEN rows.due_at ELSE next_due END,
            stretch_id = NULL, stretch_reason = NULL, stretch_detail = NULL
        FROM rows
        WHERE job_state.job_id = rows.job_id AND job_state.mark >= rows.due_at
            AND EXISTS (SELECT 1 FROM job WHERE job.id = rows.job_id AND job.removed_at IS NULL)
        """
    );

    private static readonly Statement AskBack = new(
        """
        WITH {rows}
        UPDATE run SET cancel_reason = coalesce(cancel_reason, @reason)
        WHERE job_id IN (SELECT job_id FROM rows) AND state = 'running' AND attempt_started_at > claim_at AND attempt_started_at > @now
        RETURNING job_id, due_at
        """
    );

    private const string DueAhead = """
        SELECT id, job_id, lease_ends FROM run WHERE lease_ends IS NOT NULL AND state = 'pending' AND not_before <= @now
        """;

    private static readonly Statement Due = new(postgreSql: $"{DueAhead} FOR UPDATE SKIP LOCKED", sqlite: DueAhead);
    private static readonly Statement Confirm = new("WITH {rows} UPDATE run SET lease_ends = NULL WHERE id IN (SELECT id FROM rows)");

    /// <summary>Takes back what was planned ahead for jobs, and asks for what is armed. The caller holds the jobs.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="of">The jobs.</param>
    /// <param name="now">The instant, in real time.</param>
    /// <returns>Of jobs with an armed start that may still begin, its due time: until then they are spoken for.</returns>
    public async ValueTask<IReadOnlyDictionary<long, DateTimeOffset>> TakeBackAsync(
        DatabaseSession session,
        IReadOnlyList<long> of,
        DateTimeOffset now
    )
    {
        var removed = await session.QueryAsync(Remove, JobIds, of, row => new Removed(row.Id(0), row.Int64(1), row.Instant(2)));
        if (removed.Count > 0)
        {
            await RunEventsStore.WithdrawnAsync(session, removed.Select(run => (run.Id, run.JobId)), now);
            await SetBackAsync(session, removed, now);
        }

        var armed = await session.QueryAsync(
            AskBack,
            JobIds,
            of,
            row => (Job: row.Int64(0), Due: row.Instant(1)),
            ("reason", RunReason.TakenBack),
            ("now", now)
        );
        return armed
            .Where(start => clock.RealOf(start.Due) > now)
            .GroupBy(start => start.Job)
            .ToDictionary(of => of.Key, of => of.Max(start => start.Due));
    }

    /// <summary>Goes over what was planned ahead and has come due unclaimed: with a planner there in time it waits like any other run, without one it was missed.</summary>
    public async ValueTask LookBackAsync(DatabaseSession session, DateTimeOffset now)
    {
        var real = clock.RealOf(now);
        var due = await session.QueryAsync(Due, row => (Id: row.Id(0), Job: row.Int64(1), Ends: row.Instant(2)), ("now", real));
        await session.ExecuteAsync(Confirm, Ids, [.. due.Where(run => run.Ends > real).Select(run => run.Id)]);
        long[] missed = [.. due.Where(run => run.Ends <= real).Select(run => run.Job).Distinct().Order()];
        if (missed.Length > 0)
        {
            await KnownJobsStore.LockAsync(session, missed);
            await TakeBackAsync(session, missed, real);
        }
    }

    /// <summary>Marks go back to before the earliest due time that was taken back, but never over one that something else stands for.</summary>
    private async ValueTask SetBackAsync(DatabaseSession session, List<Removed> removed, DateTimeOffset now)
    {
        List<Removed> earliest = [.. removed.GroupBy(run => run.JobId, (_, of) => of.MinBy(run => run.DueAt)!)];
        var later = await session.QueryAsync(
            LaterOnes,
            Earliest,
            earliest,
            row => (Job: row.Int64(0), At: Later(row.InstantOrNull(1), row.InstantOrNull(2)))
        );
        var barriers = later.Where(found => found.At is not null).ToDictionary(found => found.Job, found => found.At!.Value);
        var free = removed.Where(run => run.DueAt > barriers.GetValueOrDefault(run.JobId));
        await session.ExecuteAsync(SetBack, Earliest, [.. free.GroupBy(run => run.JobId, (_, of) => of.MinBy(run => run.DueAt)!)]);
        var passed = removed.Where(run => run.DueAt <= barriers.GetValueOrDefault(run.JobId)).ToList();
        if (passed.Count > 0)
        {
            await DecideAsync(session, passed, now);
        }
    }

    /// <summary>The due times before others that are decided already: they run as planned, or are skipped where their job is paused.</summary>
    private async ValueTask DecideAsync(DatabaseSession session, List<Removed> passed, DateTimeOffset now)
    {
        var known = await jobs.ByIdAsync(session, [.. passed.Select(run => run.JobId).Distinct()]);
        var paused = passed.Where(run => known[run.JobId].Paused?.HoldsAt(run.DueAt) is true).ToList();
        var skips = paused.ConvertAll(run =>
            (known[run.JobId], new SkippedStretch(run.Id, Extends: false, RunReason.Paused, run.DueAt, run.DueAt, Count: 1))
        );
        await JobPlanStore.WriteSkipsAsync(session, skips, passed.Max(run => run.DueAt));
        await HotRunStore.InsertAsync(session, [.. passed.Except(paused).Select(run => Again(run, known[run.JobId]))], now);
    }

    private NewRun Again(Removed run, Job job) =>
        new(run.Id, job, RunTrigger.Schedule, run.DueAt, clock.RealOf(run.DueAt), job.Definition.Slots, job.Definition.Priority);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;

    private sealed record Removed(Guid Id, long JobId, DateTimeOffset DueAt);
}

using Microsoft.Extensions.Logging;
using Pontual.Engine.Planning;
using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>Room 2's tables: due jobs in, runs and skipped stretches out, one transaction.</summary>
internal sealed class PlanStore(PontualDatabase database, JobPlanStore plans, PlannedAheadStore planned, ILogger<PlanStore> logger)
    : IPlanStore
{
    /// <summary>A job that cannot be planned is left alone for this long, so that it does not stand in the way of the others.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(60);

    private static readonly Statement DueJobs = new(
        postgreSql: """
        SELECT job_id FROM job_state WHERE next_due IS NOT NULL AND next_due <= @until
        ORDER BY next_due, job_id LIMIT @limit FOR UPDATE SKIP LOCKED
        """,
        sqlite: "SELECT job_id FROM job_state WHERE next_due IS NOT NULL AND next_due <= @until ORDER BY next_due, job_id LIMIT @limit"
    );

    private static readonly Statement Postpone = new("UPDATE job_state SET next_due = @until WHERE job_id = @job");

    private static readonly Statement EarliestDue = new(
        "SELECT next_due FROM job_state WHERE next_due IS NOT NULL ORDER BY next_due LIMIT 1"
    );

    public Task<PlanResult> PlanAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        Func<DueJob, JobPlan?> decide,
        CancellationToken cancellation
    ) => database.WriteAsync(session => PlanAsync(session, now, until, limit, decide), cancellation);

    private async ValueTask<PlanResult> PlanAsync(
        DatabaseSession session,
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        Func<DueJob, JobPlan?> decide
    )
    {
        await planned.LookBackAsync(session, now);
        var ids = await session.QueryAsync(DueJobs, row => row.Int64(0), ("until", until), ("limit", limit));
        var decided = new List<DecidedPlan>(ids.Count);
        foreach (var due in await plans.ReadAsync(session, ids))
        {
            try
            {
                if (decide(due) is { } plan)
                {
                    decided.Add(new DecidedPlan(due, plan));
                }
            }
            catch (Exception exception)
            {
                await PostponeAsync(session, due, now, exception);
            }
        }

        var written = await WriteAsync(session, decided, now);
        var next = await session.QueryAsync(EarliestDue, row => row.Instant(0));
        return new PlanResult(
            written.Count,
            written.Sum(plan => plan.Plan.Runs.Count),
            written.Exists(plan => plan.Plan.Cancel.Count > 0),
            next.Count == 0 ? null : next[0]
        )
        {
            More = ids.Count == limit && written.Count > 0,
            AheadUntil = written
                .SelectMany(plan => plan.Plan.Runs)
                .Where(run => run.MissedAt is not null)
                .Max(run => (DateTimeOffset?)run.DueAt),
        };
    }

    /// <summary>All at once, or, when a constraint refuses a row of one, each by itself.</summary>
    private async ValueTask<List<DecidedPlan>> WriteAsync(DatabaseSession session, List<DecidedPlan> decided, DateTimeOffset now)
    {
        try
        {
            return await session.PartAsync(() => plans.WriteAsync(session, decided, now));
        }
        catch (DatabaseException exception) when (exception.Fault is DatabaseFault.Constraint)
        {
            var written = new List<DecidedPlan>();
            foreach (var plan in decided)
            {
                try
                {
                    written.AddRange(await session.PartAsync(() => plans.WriteAsync(session, [plan], now)));
                }
                catch (DatabaseException refused) when (refused.Fault is DatabaseFault.Constraint)
                {
                    await PostponeAsync(session, plan.Due, now, refused);
                }
            }

            return written;
        }
    }

    private async ValueTask PostponeAsync(DatabaseSession session, DueJob due, DateTimeOffset now, Exception exception)
    {
        var until = now + RetryAfter;
        logger.JobNotPlanned(due.Job.Name, until, exception);
        await session.ExecuteAsync(Postpone, ("until", until), ("job", due.Job.Id));
    }
}

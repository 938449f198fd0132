using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;
using Pontual.Engine.Upkeep;

namespace Pontual.Engine.Explaining;

/// <summary>Reads what an explanation needs, and gives it.</summary>
public sealed class JobWhy(IJobStore jobs, IRunViews runs, IAuditLog audit, INodeStore nodes, ScheduleClock clock, UpkeepOptions upkeep)
{
    private const int MostRuns = 100;

    /// <summary>Why a job ran, did not run, or waits.</summary>
    /// <param name="name">Which.</param>
    /// <param name="at">The instant that is asked about, by the schedules; null for now.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Null when nobody knows such a job, now or before.</returns>
    public async Task<Explanation?> ExplainAsync(JobName name, DateTimeOffset? at, CancellationToken cancellation)
    {
        var job = await jobs.FindAsync(name, cancellation);
        var changes = await ChangesAsync(name, cancellation);
        if (job is null && changes.Count == 0)
        {
            return null;
        }

        var found = await RunsAsync(name, at, cancellation);
        var now = clock.Now;
        var cancelled = found.FirstOrDefault(run => at is not null && run.State is RunState.Cancelled && run.Reason is RunReason.Requested);
        return Explainer.Explain(
            new WhyFacts
            {
                Name = name,
                Job = job,
                Now = now,
                At = at,
                Runs = found,
                Next = at is { } instant ? await NextAsync(name, instant, cancellation) : null,
                Changes = cancelled is null ? changes : [.. changes, .. await OfRunAsync(cancelled, cancellation)],
                Nodes = await nodes.ListAsync(cancellation),
                Queue = job is null ? null : await QueueAsync(job, found, clock.RealOf(now), cancellation),
                KeepHistory = upkeep.KeepHistory,
                RealOf = clock.RealOf,
            }
        );
    }

    private async Task<List<Run>> RunsAsync(JobName name, DateTimeOffset? at, CancellationToken cancellation)
    {
        var found = new List<Run>();
        foreach (var state in new[] { RunState.Running, RunState.Pending })
        {
            found.AddRange(await runs.ListAsync(new RunQuery(name, state, Limit: MostRuns), cancellation));
        }

        if (at is { } instant)
        {
            // An hour on, for times that are spread; long stretches stand at their first time, however far back that is.
            var before = RunId.Lowest(instant.AddHours(1));
            found.AddRange(await runs.ListAsync(new RunQuery(name, Before: before, Limit: MostRuns), cancellation));
            found.AddRange(await runs.ListAsync(new RunQuery(name, RunState.Skipped, before, Limit: MostRuns), cancellation));
        }

        return [.. found.DistinctBy(run => run.Id).OrderByDescending(run => run.Id)];
    }

    /// <summary>How full the job's queue is, where that may be why a run of it has not begun.</summary>
    private async Task<QueueDepth?> QueueAsync(Job job, List<Run> found, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!found.Exists(run => run.State is RunState.Pending && run.NotBefore <= now))
        {
            return null;
        }

        var depths = await runs.DepthsAsync(now, cancellation);
        return depths.FirstOrDefault(depth => depth.Queue == job.Definition.RunsIn);
    }

    private async Task<Run?> NextAsync(JobName name, DateTimeOffset at, CancellationToken cancellation)
    {
        var later = await runs.ListAsync(new RunQuery(name, Before: RunId.Lowest(at.AddDays(2)), From: at, Limit: 500), cancellation);
        return later.LastOrDefault(run => run is { Trigger: RunTrigger.Schedule, StartedAt: not null } && run.DueAt > at);
    }

    private Task<IReadOnlyList<AuditEntry>> ChangesAsync(JobName name, CancellationToken cancellation) =>
        audit.ListAsync(new AuditQuery(name.Tenant, 500) { Action = "job", Subject = name.Text }, cancellation);

    private Task<IReadOnlyList<AuditEntry>> OfRunAsync(Run run, CancellationToken cancellation) =>
        audit.ListAsync(new AuditQuery(run.Job.Tenant, 10) { Action = "run", Subject = run.Id.ToString() }, cancellation);
}

using Microsoft.Extensions.Logging;
using Pontual.Engine.Events;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Planning;

/// <summary>Room 2's loop: turns due times into runs. Sleeps until the next due time of all jobs.</summary>
internal sealed class Planner(
    IPlanStore store,
    OccurrencePlanner occurrences,
    PlannerOptions options,
    RunFeed feed,
    Signals signals,
    TimeProvider time,
    ILogger<Planner> logger
)
{
    // A job whose schedule throws is tried again after this, so that it stops neither the others nor the loop.
    private static readonly TimeSpan DefectPause = TimeSpan.FromMinutes(1);

    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var news = feed.HasListeners ? new List<RunEvent>() : null;
        var result = await store.PlanDueAsync(now, options.BatchSize, due => Decide(due, now, news), cancellation);
        if (result.Runs > 0)
        {
            signals.Claiming.Set();
        }

        if (result.Cancelled)
        {
            signals.Renewing.Set();
        }

        news?.ForEach(feed.Publish);
        if (result.Jobs > 0)
        {
            logger.Planned(result.Jobs, result.Runs);
        }

        return result.Jobs >= options.BatchSize ? TimeSpan.Zero : result.NextDue - time.GetUtcNow();
    }

    private JobPlan Decide(DueJob due, DateTimeOffset now, List<RunEvent>? news)
    {
        try
        {
            var plan = occurrences.Decide(due, now);
            news?.AddRange(plan.Skips.Select(skip => new RunEvent(RunEventKind.Skipped, now, AsRun(due, skip))));
            return plan;
        }
        catch (Exception problem)
        {
            logger.ScheduleDefect(problem, due.Job.Name, DefectPause);
            return new JobPlan
            {
                Mark = due.Job.Mark,
                NextDue = now + DefectPause,
                Stretch = due.Stretch,
            };
        }
    }

    private static Run AsRun(DueJob due, SkippedStretch skip) =>
        new()
        {
            Id = skip.Id,
            JobId = due.Job.Id,
            Job = due.Job.Name,
            Trigger = RunTrigger.Schedule,
            DueAt = skip.First,
            DueUntil = skip.Count > 1 ? skip.Last : null,
            Count = skip.Count,
            State = RunState.Skipped,
            Reason = skip.Reason,
            Queue = due.Job.Definition.Queue,
        };
}

using Microsoft.Extensions.Logging;
using Pontual.Engine.Clocks;
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
    ScheduleClock clock,
    ILogger<Planner> logger
)
{
    // What is due but not planned is being planned by another node: no need to ask again and again meanwhile.
    private static readonly TimeSpan OtherNodePause = TimeSpan.FromMilliseconds(20);

    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var now = clock.Now;
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

        TimeSpan? rest = result.NextDue is { } next ? clock.Until(next) : null;
        return result.Jobs == 0 && rest < OtherNodePause ? OtherNodePause : rest;
    }

    private JobPlan Decide(DueJob due, DateTimeOffset now, List<RunEvent>? news)
    {
        var plan = occurrences.Decide(due, now);
        news?.AddRange(plan.Skips.Select(skip => new RunEvent(RunEventKind.Skipped, now, AsRun(due, skip))));
        return plan;
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
            Error = skip.Detail,
            Queue = due.Job.Definition.Queue,
        };
}

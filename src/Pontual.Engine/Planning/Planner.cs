using Microsoft.Extensions.Logging;
using Pontual.Engine.Clocks;
using Pontual.Engine.Events;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Planning;

/// <summary>Room 2's loop: turns due times into runs, ahead of time where it can.</summary>
/// <remarks>It looks ahead at 0.3 and 0.8 of a second, for due times lie on whole seconds: at those, nothing but what could not be planned ahead is written.</remarks>
internal sealed class Planner(
    IPlanStore store,
    OccurrencePlanner occurrences,
    PlannerOptions options,
    RunFeed feed,
    Signals signals,
    ScheduleClock clock,
    TimeProvider time,
    ILogger<Planner> logger
)
{
    // What is due but not planned is being planned by another node: no need to ask again and again meanwhile.
    private static readonly TimeSpan OtherNodePause = TimeSpan.FromMilliseconds(20);

    // The store holds the jobs meanwhile, in a transaction that its server ends when nothing is said for too long. The rest follows in the next round.
    private static readonly TimeSpan LongestDeciding = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAt = TimeSpan.FromMilliseconds(300);

    private DateTimeOffset? _nextDue;
    private DateTimeOffset? _plannedUntil;

    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var now = clock.Now;
        var until = _nextDue <= now ? now : now + clock.Scheduled(options.LookAhead);
        var (decidingSince, isCutShort) = ((long?)null, false);
        var news = feed.HasListeners ? new List<RunEvent>() : null;
        var result = await store.PlanAsync(now, until, options.BatchSize, DecideInTime, cancellation);
        Tell(result, news);
        _nextDue = result.NextDue;
        _plannedUntil =
            result.AheadUntil > _plannedUntil ? result.AheadUntil
            : _plannedUntil > now ? _plannedUntil
            : result.AheadUntil;
        return result.More || isCutShort ? TimeSpan.Zero : Rest(result);

        JobPlan? DecideInTime(DueJob due)
        {
            decidingSince ??= time.GetTimestamp();
            isCutShort = time.GetElapsedTime(decidingSince.Value) > LongestDeciding;
            return isCutShort ? null : Decide(due, now, until, news);
        }
    }

    private TimeSpan? Rest(PlanResult result)
    {
        var now = time.GetUtcNow();

        // What was planned ahead and nobody took is looked at once more when it has come due.
        DateTimeOffset? lookBack = _plannedUntil is { } planned ? NextLook(now, clock.RealOf(planned)) : null;
        if (result.NextDue is not { } next)
        {
            return lookBack - now;
        }

        var due = clock.RealOf(next);
        if (result.Jobs == 0 && due - now < OtherNodePause)
        {
            return OtherNodePause;
        }

        var wake = options.LookAhead > TimeSpan.Zero ? Earlier(due, NextLook(now, due - options.LookAhead)) : due;
        return Earlier(wake, lookBack ?? wake) - now;
    }

    private static DateTimeOffset NextLook(DateTimeOffset now, DateTimeOffset from)
    {
        var after = from > now ? from : now;
        var since = (after.UtcTicks - LookAt.Ticks) % LookEvery.Ticks;
        return after.AddTicks(LookEvery.Ticks - since);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private void Tell(PlanResult result, List<RunEvent>? news)
    {
        if (result.Runs > 0)
        {
            signals.RunsReady();
        }

        if (result.Cancelled)
        {
            signals.CancelWished();
        }

        news?.ForEach(feed.Publish);
        if (result.Jobs > 0)
        {
            logger.Planned(result.Jobs, result.Runs);
        }
    }

    private JobPlan? Decide(DueJob due, DateTimeOffset now, DateTimeOffset until, List<RunEvent>? news)
    {
        var plan = occurrences.Decide(due, now, until);
        news?.AddRange((plan?.Skips ?? []).Select(skip => new RunEvent(RunEventKind.Skipped, now, AsRun(due, skip))));
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
            Queue = due.Job.Definition.RunsIn,
        };
}

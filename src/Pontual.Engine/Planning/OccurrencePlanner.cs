using Pontual.Engine.Clocks;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Planning;

/// <summary>Decides what a job's owed occurrences become: the heart of room 2. Pure but for the random bits of ids.</summary>
/// <remarks>
/// Every occurrence in (mark, now] gets exactly one fate, judged in this order:
/// <code>
///   paused at that instant ................................ skipped, paused
///   a calendar leaves it out .............................. skipped, excluded-day or window
///   missed, and the catch-up policy leaves it out ......... skipped, catch-up
///   a newer one of this round takes its place ............. skipped, superseded
///   the overlap policy refuses it ......................... skipped, overlap
///   else .................................................. a run, ready or held
/// </code>
/// Skipped neighbours with the same reason are one stretch, and the first of them extends the stretch that is already open.
/// </remarks>
public sealed class OccurrencePlanner(PlannerOptions options, IRandomBytes random, ScheduleClock clock)
{
    // How late a plan may be is a matter of real time, however fast the schedules go.
    private TimeSpan MissedAfter => clock.Scheduled(options.MissedAfter);

    /// <summary>Decides. The mark never moves back, whatever the clock does.</summary>
    /// <param name="due">The job, its runs that have not ended and its open stretch.</param>
    /// <param name="now">The instant of the decision.</param>
    public JobPlan Decide(DueJob due, DateTimeOffset now)
    {
        var job = due.Job;
        var owed = Owed.Of(job, now, MissedAfter, options.MostOccurrences);
        if (owed.Last is not { } last)
        {
            var mark = now > job.Mark ? now : job.Mark;
            return new JobPlan
            {
                Mark = mark,
                NextDue = DueTimes.AreOneByOne(job.Definition.Schedule)
                    ? job.NextDue > now
                        ? job.NextDue
                        : null
                    : job.Definition.Schedule.NextDue(mark),
                Stretch = due.Stretch,
            };
        }

        var round = new PlanRound(due, owed, now, MissedAfter, options.MostRuns, random);
        foreach (var at in DueTimes.After(job))
        {
            if (at > last || !round.TryAdd(at))
            {
                break;
            }
        }

        return round.ToPlan();
    }

    /// <summary>Decides about a job that is due, or ahead of time about one that will be.</summary>
    /// <param name="due">The job, its runs that have not ended and its open stretch.</param>
    /// <param name="now">The instant of the decision.</param>
    /// <param name="until">How far to look ahead.</param>
    /// <returns>Null when the job is not due and what happens until then may still change the decision.</returns>
    public JobPlan? Decide(DueJob due, DateTimeOffset now, DateTimeOffset until) =>
        due.Job.NextDue > now ? Ahead(due, now, until) : Decide(due, now);

    /// <summary>Runs for the next due times, where nothing can change them but what takes them back: any number of a job that nothing limits, one of a
    /// job that is idle. Skips are never decided ahead: they would say what has not happened.</summary>
    private JobPlan? Ahead(DueJob due, DateTimeOffset now, DateTimeOffset until)
    {
        var (job, definition) = (due.Job, due.Job.Definition);
        if (DueTimes.AreOneByOne(definition.Schedule) || definition.Limit is not null || due.Hot.Count > 0)
        {
            return null;
        }

        var most = definition.Slots is null ? options.MostRuns : 1;
        var runs = new List<PlannedRun>();
        foreach (var at in DueTimes.After(job))
        {
            var isCertain = job.Paused?.HoldsAt(at) is not true && definition.Schedule.LeftOut(at) is null;
            if (at <= now || at > until || runs.Count == most || !isCertain)
            {
                break;
            }

            runs.Add(new PlannedRun(RunId.New(at, random), at, Held: false) { MissedAt = at + MissedAfter });
        }

        return runs is not [.., var last]
            ? null
            : new JobPlan
            {
                Mark = last.DueAt,
                NextDue = definition.Schedule.NextDue(last.DueAt),
                Runs = runs,
            };
    }

    /// <summary>Decides whether a run that somebody wishes may be made, and whether it must wait for another.</summary>
    /// <param name="wish">The wish.</param>
    /// <param name="due">Its job and the runs that have not ended.</param>
    /// <param name="now">The instant of the decision.</param>
    public static EnqueueDecision Decide(EnqueueRequest wish, DueJob due, DateTimeOffset now)
    {
        // What is planned ahead or armed has not begun: it steps back, and its due time is decided when it comes.
        var begun = due.Hot.Where(run =>
            run.State is RunState.Running && (run.Trigger is not RunTrigger.Schedule || run.DueAt <= wish.DueAt)
        );
        var active = begun.Select(run => run.Id).ToList();
        var definition = due.Job.Definition;
        if (wish.AllowOverlap || wish.NotBefore > now || active.Count == 0)
        {
            return new(Accepted: true, Held: false, Blocking: null, Cancel: []);
        }

        return definition.Overlap switch
        {
            Overlap.Skip => Refused(),
            Overlap.BufferOne when due.Hot.Any(run => run.Held) => Refused(),
            Overlap.BufferOne or Overlap.BufferAll => Held(),
            Overlap.CancelRunning => Held() with { Cancel = active },
            _ when active.Count >= (definition.Slots ?? int.MaxValue) => Held(),
            _ => new(Accepted: true, Held: false, Blocking: null, Cancel: []),
        };

        EnqueueDecision Refused() => new(Accepted: false, Held: false, Blocking: active[0], Cancel: []);
        EnqueueDecision Held() => new(Accepted: true, Held: true, Blocking: null, Cancel: []);
    }
}

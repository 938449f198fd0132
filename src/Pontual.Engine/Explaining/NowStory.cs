using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Texts;

namespace Pontual.Engine.Explaining;

/// <summary>Why a job runs, waits or rests now.</summary>
internal sealed class NowStory(WhyFacts facts, Teller teller)
{
    private readonly Staffing _staffing = new(facts.Nodes, facts.RealOf(facts.Now));

    public Explanation Tell()
    {
        if (facts.Job is not { } job)
        {
            return new AbsenceStory(facts, teller).Tell(facts.Now);
        }

        teller.Fact("schedule", ScheduleText.InEnglish(job.Definition.Schedule)).Fact("accounted for until", job.Mark);
        if (facts.Runs.FirstOrDefault(run => run.State is RunState.Running) is { } running)
        {
            teller.Run(running);
            var since = running.StartedAt is { } start ? $" since {teller.Time(start)}" : "";
            var attempt = running.Attempt > 1 ? $" (attempt {running.Attempt})" : "";
            return teller.Tell(Verdicts.Running, $"It runs now: run {running.Id} on {running.Node}{since}{attempt}.", running);
        }

        // What is due goes before what is planned for later.
        return facts.Runs.Where(run => run.State is RunState.Pending).MinBy(run => run.NotBefore ?? run.DueAt) is { } waiting
            ? Waiting(waiting)
            : Resting(job);
    }

    /// <summary>Why a run has not begun.</summary>
    public Explanation Waiting(Run run)
    {
        teller.Run(run).Fact("not before", run.NotBefore).Fact("queue", run.Queue);
        return teller.Tell(Verdicts.Waiting, $"The run due {teller.Time(run.DueAt)} has not begun: {WhyWaiting(run)}.", run);
    }

    private string WhyWaiting(Run run)
    {
        var now = facts.RealOf(facts.Now);
        if (run.NotBefore is null && run.WaitsFor is null)
        {
            return WhyHeld(run);
        }

        if (WhyLimited(run.WaitsFor, now) is { } limited)
        {
            return limited;
        }

        if (run.NotBefore is { } later && later > now)
        {
            return run.Attempt == 0
                ? $"it is planned for {teller.Clock(run.DueAt)}"
                : $"it is tried again at {teller.Clock(later)}, after attempt {run.Attempt}: {RunStory.Failure(run)}";
        }

        return WhyNotClaimed(run, now);
    }

    private string WhyHeld(Run run)
    {
        if (facts.Runs.FirstOrDefault(other => other.State is RunState.Running) is { } active)
        {
            teller.Run(active, "active run");
            return $"it waits for run {active.Id} of the same job to end (overlap: {Overlap()})";
        }

        if (
            facts.Runs.LastOrDefault(other => other.State is RunState.Pending && other.Id != run.Id && other.DueAt < run.DueAt) is
            { } before
        )
        {
            return $"it waits behind run {before.Id} of the same job, which waits too (overlap: {Overlap()})";
        }

        return run.LimitKey is { } key
            ? $"it waits in the line of the limit '{key}'"
            : "it waits for an earlier run of the same job to end";
    }

    private string? WhyLimited(LimitWait? wait, DateTimeOffset now)
    {
        if (wait is null)
        {
            return null;
        }

        teller.Fact("limit", $"{wait.Name}: {wait.Bound}").Fact("limit opens", wait.Opens);
        var what = wait.Scope is LimitScope.Queue ? $"the limit of the queue '{wait.Name}'" : $"the limit of '{wait.Name}'";
        return wait.Opens > now ? $"{what} ({wait.Bound}) lets the next start at {teller.Clock(wait.Opens.Value)}"
            : wait is { Scope: LimitScope.Queue, Bound.AtOnce: null } ? null
            : $"{what} ({wait.Bound}) is used up until another run ends";
    }

    private string WhyNotClaimed(Run run, DateTimeOffset now)
    {
        var since = run.NotBefore is { } ready ? $" since {teller.Clock(ready)}" : "";
        var kind = facts.Job?.Definition.Target.Kind ?? "http";
        teller.Fact("ready since", run.NotBefore).Fact("kind", kind);
        if (kind == "worker")
        {
            return $"it is ready{since}, and no program outside has claimed it from '{run.Queue}'";
        }

        if (!_staffing.AnyFor(kind))
        {
            return $"it is ready{since}, and no node is there with the role {Staffing.RoleFor(kind)}, which runs '{kind}'";
        }

        if (facts.Queue is { } queue)
        {
            teller.Fact("running in the queue", queue.Running.ToString(System.Globalization.CultureInfo.InvariantCulture));
            teller.Fact("due in the queue", queue.Due.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return now - run.NotBefore < TimeSpan.FromSeconds(2)
            ? "it is ready, and a node takes it in a moment"
            : $"it is ready{since}, and no node has a place free: {facts.Queue?.Running ?? 0} runs of the queue '{run.Queue}' run, {facts.Queue?.Due ?? 0} are due";
    }

    private Explanation Resting(Job job)
    {
        if (job.Paused is { } pause && pause.HoldsAt(facts.Now))
        {
            return teller.Tell(Verdicts.Paused, $"It does not run: {new RunStory(facts, teller).PauseWords(pause)}.");
        }

        var last = Last(job);
        if (Next(job) is not { } next)
        {
            return teller.Tell(Verdicts.NotDue, $"It is not due: {WhyNever(job.Definition.Schedule)}{last}.");
        }

        teller.Fact("next due", next);
        if (!_staffing.AnyScheduler)
        {
            teller.Fact("scheduler last seen", _staffing.LastScheduler);
            var since = _staffing.LastScheduler is { } seen ? $" since {teller.Clock(seen)}" : "";
            var overdue = next <= facts.Now ? "was due" : "is due next";
            return teller.Tell(
                Verdicts.Owed,
                $"It {overdue} at {teller.Time(next)}, and no scheduler is there{since}: nothing will start it{last}."
            );
        }

        return teller.Tell(Verdicts.Waiting, $"It waits for its next time, {teller.Time(next)}, in {Teller.Span(next - facts.Now)}{last}.");
    }

    private DateTimeOffset? Next(Job job) =>
        job.NextDue is null && !Planning.DueTimes.AreOneByOne(job.Definition.Schedule) ? null
        : Planning.DueTimes.AreOneByOne(job.Definition.Schedule) ? job.NextDue
        : job.Definition.Schedule.Next(job.NextDue > facts.Now ? facts.Now : job.NextDue!.Value.AddTicks(-1));

    private string Last(Job job)
    {
        if (job.Totals is not { LastState: { } state, LastFinishedAt: { } ended })
        {
            return "; it has not run yet";
        }

        teller.Fact("last run", job.Totals.LastRunId?.ToString());
        var how = state switch
        {
            RunState.Succeeded => "ended well",
            RunState.Failed => "failed",
            _ => "was cancelled",
        };
        return $"; its last run {how} at {teller.Clock(ended)}";
    }

    private static string WhyNever(Schedule schedule) =>
        schedule switch
        {
            ManualSchedule => "it has no schedule, and runs when somebody asks",
            StartupSchedule => "it runs at each start of the system",
            DelaySchedule => "the end of its run says when it is due next",
            { Terms.End: not null } => "its schedule has ended",
            OnceSchedule => "it was due once, and that has passed",
            _ => "its schedule has no further time",
        };

    private string Overlap() => facts.Job is { } job ? JobWords.Of(JobWords.Overlaps, job.Definition.Overlap) : "";
}

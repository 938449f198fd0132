using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Texts;

namespace Pontual.Engine.Explaining;

/// <summary>Why there is no row of the ledger for an instant.</summary>
internal sealed class AbsenceStory(WhyFacts facts, Teller teller)
{
    private readonly ChangeLog _changes = new(facts.Changes);

    public Explanation Tell(DateTimeOffset at)
    {
        teller.Fact("asked about", at);
        if (facts.Job is not { } job)
        {
            return Removed(at);
        }

        teller.Fact("schedule", ScheduleText.InEnglish(job.Definition.Schedule)).Fact("accounted for until", job.Mark);
        if (at < job.CreatedAt)
        {
            var by = _changes.Created is { } made ? $" by {made.By.Name}" : "";
            teller.Fact("defined", job.CreatedAt);
            return teller.Tell(
                Verdicts.NotDefined,
                $"There was no job '{facts.Name.Text}' at {teller.Time(at)}: it was defined at {teller.Clock(job.CreatedAt)}{by}."
            );
        }

        return at > facts.Now ? ToCome(job, at) : Past(job, at);
    }

    private Explanation Removed(DateTimeOffset at)
    {
        var removed = _changes.Removed;
        teller.Fact("removed", removed?.At).Fact("removed by", removed?.By.Name);
        return teller.Tell(
            Verdicts.NotDefined,
            removed is null || removed.At > at
                ? $"The job '{facts.Name.Text}' is removed, and nothing is on record for {teller.Time(at)}."
                : $"There was no job '{facts.Name.Text}' at {teller.Time(at)}: {removed.By.Name} removed it at {teller.Clock(removed.At)}."
        );
    }

    private Explanation ToCome(Job job, DateTimeOffset at)
    {
        var schedule = job.Definition.Schedule;
        if (Explainer.DueAt(schedule, at) is not { } due)
        {
            return NotDue(schedule, at, "The job is not due");
        }

        if (schedule.LeftOut(due) is { } exclusion)
        {
            teller.Fact("left out by", exclusion.Detail);
            return teller.Tell(
                Verdicts.Skipped,
                $"It will not run at {teller.Time(due)}: its calendars leave it out ({exclusion.Detail})."
            );
        }

        if (job.Paused is { } pause && pause.HoldsAt(due))
        {
            return teller.Tell(
                Verdicts.Paused,
                $"It will not run at {teller.Time(due)} unless it is resumed: {new RunStory(facts, teller).PauseWords(pause)}."
            );
        }

        return teller.Tell(
            Verdicts.Waiting,
            $"It will run at {teller.Time(due)}, in {Teller.Span(due - facts.Now)}: that is still to come."
        );
    }

    private Explanation Past(Job job, DateTimeOffset at)
    {
        var then = _changes.DefinitionAt(facts.RealOf(at), facts.Name)?.Schedule;
        var schedule = then ?? job.Definition.Schedule;
        if (Explainer.DueAt(schedule, at) is not { } due)
        {
            var changed = _changes.FirstAfter(facts.RealOf(at));
            if (then is null || Explainer.DueAt(job.Definition.Schedule, at) is null || changed is null)
            {
                return NotDue(schedule, at, "The job was not due");
            }

            teller.Fact("schedule then", ScheduleText.InEnglish(then)).Fact("changed", changed.At).Fact("changed by", changed.By.Name);
            return NotDue(
                then,
                at,
                $"By the schedule it had before {changed.By.Name} changed it at {teller.Clock(changed.At)} the job was not due"
            );
        }

        if (due > job.Mark && !DueTimesAreKnownLater(job))
        {
            return Owed(due);
        }

        return due < facts.Now - facts.KeepHistory
            ? teller.Tell(
                Verdicts.Forgotten,
                $"It was due at {teller.Time(due)}, and what came of it is not on record any more: runs are kept for {Duration.Format(facts.KeepHistory)}."
            )
            : NoRecord(job, due);
    }

    private Explanation NoRecord(Job job, DateTimeOffset due)
    {
        teller.Fact("changed", job.UpdatedAt);
        return teller.Tell(
            Verdicts.NotDue,
            due <= job.UpdatedAt
                ? $"It is due at {teller.Time(due)} by the schedule it has since {teller.Clock(job.UpdatedAt)}; by the one before it was not."
                : $"It was due at {teller.Time(due)}, it is accounted for, and its record is gone: somebody removed it from the database."
        );
    }

    private Explanation Owed(DateTimeOffset due)
    {
        var staffing = new Staffing(facts.Nodes, facts.RealOf(facts.Now));
        teller.Fact("due", due).Fact("scheduler last seen", staffing.LastScheduler);
        var why =
            staffing.AnyScheduler ? "the scheduler has not come to it yet"
            : staffing.LastScheduler is { } last ? $"no scheduler is there since {teller.Clock(last)}"
            : "no scheduler was there within the last day";
        return teller.Tell(Verdicts.Owed, $"It was due at {teller.Time(due)}, and nothing is decided about it: {why}.");
    }

    private Explanation NotDue(Schedule schedule, DateTimeOffset at, string what)
    {
        var (before, after) = (schedule.Previous(at), schedule.Next(at));
        teller.Fact("due before", before).Fact("due after", after);
        var neighbours = (before, after) switch
        {
            ({ } earlier, { } later) => $": its due times around it are {teller.Clock(earlier)} and {teller.Clock(later)}",
            ({ } earlier, null) => $": it was due at {teller.Clock(earlier)}, and is not due any more after that",
            (null, { } later) => $": it is due from {teller.Clock(later)} on",
            _ when schedule is ManualSchedule => ": it has no schedule, and runs when somebody asks",
            _ => ": its due times depend on its runs, and none is on record here",
        };
        return teller.Tell(Verdicts.NotDue, $"{what} at {teller.Time(at)}{neighbours}.");
    }

    /// <summary>Of a delay the end of a run decides when it is due next: nothing is owed before.</summary>
    private static bool DueTimesAreKnownLater(Job job) => Planning.DueTimes.AreOneByOne(job.Definition.Schedule);
}

using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Explaining;

/// <summary>Answers "why" from the ledger. Pure: the same facts give the same answer.</summary>
public static class Explainer
{
    /// <summary>Why the job ran, did not run or waits: at the instant that the facts ask about, or now.</summary>
    public static Explanation Explain(WhyFacts facts)
    {
        var zone = facts.Job?.Definition.Schedule.Zone ?? Zone.Default;
        var teller = new Teller(zone);
        if (facts.At is not { } at)
        {
            return new NowStory(facts, teller).Tell();
        }

        return Match(facts, at) is { } run ? new RunStory(facts, teller).Tell(run) : new AbsenceStory(facts, teller).Tell(at);
    }

    /// <summary>How far behind a time that people write its due time may be: they write minutes, or seconds.</summary>
    internal static TimeSpan Precision(DateTimeOffset at) => at.Second == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);

    /// <summary>The first due time at what people wrote, before it was spread; null when a schedule has none there.</summary>
    internal static DateTimeOffset? DueAt(Schedule schedule, DateTimeOffset at)
    {
        var spread = schedule.Terms.Jitter?.Most ?? TimeSpan.Zero;
        return schedule
            .DueTimes(at.AddTicks(-1))
            .TakeWhile(due => due < at + Precision(at) + spread)
            .Select(due => (DateTimeOffset?)due)
            .FirstOrDefault(due => schedule.NominalOf(due!.Value) is { } nominal && nominal >= at && nominal < at + Precision(at));
    }

    /// <summary>The row that stands for an instant: a run due then, or a stretch that holds it. The schedule's own goes before what somebody asked for.</summary>
    private static Run? Match(WhyFacts facts, DateTimeOffset at)
    {
        var due = facts.Job is { } job ? DueAt(job.Definition.Schedule, at) : null;
        var matching = facts.Runs.Where(run => IsAt(run, at) || (due is { } spread && run.DueAt == spread) || Holds(run, due ?? at));
        return matching.OrderBy(run => run.Trigger is RunTrigger.Schedule ? 0 : 1).ThenBy(run => run.DueAt).FirstOrDefault();
    }

    private static bool IsAt(Run run, DateTimeOffset at) => run.DueAt >= at && run.DueAt < at + Precision(at);

    private static bool Holds(Run run, DateTimeOffset at) => run.DueUntil is { } until && run.DueAt <= at && at <= until;
}

using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Planning;

/// <summary>The due times of a job. Most schedules know them by themselves; two kinds depend on what happened: a fixed delay on the end of the run before,
/// a start on the start. Of those the next one stands in the job.</summary>
public static class DueTimes
{
    /// <summary>Whether due times of this schedule come one by one: each exists only because of what happened before it.</summary>
    public static bool AreOneByOne(Schedule schedule) => schedule is DelaySchedule or StartupSchedule;

    /// <summary>The first due time of a job that is new at an instant: a fixed delay begins at once, or with its start; null when there is none (yet).</summary>
    public static DateTimeOffset? First(Schedule schedule, DateTimeOffset now) =>
        schedule is DelaySchedule ? Within(schedule.Terms, schedule.Terms.Start > now ? schedule.Terms.Start.Value : now)
        : schedule is StartupSchedule ? null
        : schedule.NextDue(now);

    /// <summary>The first due time of a job whose schedule was changed at an instant. A delay counts from the change: a run that is active then is not lost sight of.</summary>
    public static DateTimeOffset? AfterEdit(Schedule schedule, DateTimeOffset now) =>
        schedule is DelaySchedule delay && !(delay.Terms.Start > now)
            ? now + delay.Delay is var due && Within(delay.Terms, due) is null
                ? null
                : due
            : First(schedule, now);

    /// <summary>The next occurrence as people expect it: the next time at which the job is to run; null when none is known. What is planned ahead of its
    /// time is still to come.</summary>
    public static DateTimeOffset? NextRun(Job job, ScheduleClock clock)
    {
        var schedule = job.Definition.Schedule;
        var now = clock.Now;
        if (!AreOneByOne(schedule) && job.Mark > now && job.Mark - now <= clock.Scheduled(PlannerOptions.MostLookAhead))
        {
            return schedule.Next(now);
        }

        return job.NextDue is not { } next || schedule.Terms.Calendars.IsNone ? job.NextDue
            : !AreOneByOne(schedule) ? schedule.Next(next.AddTicks(-1))
            : After(job)
                .Take(MostPassedOver)
                .Where(due => schedule.LeftOut(due) is null)
                .Select(due => (DateTimeOffset?)due)
                .FirstOrDefault();
    }

    private const int MostPassedOver = 10_000;

    /// <summary>The due times after a job's mark, rising, computed as they are read; of a delay as if no run took any time.</summary>
    internal static IEnumerable<DateTimeOffset> After(Job job) =>
        job.Definition.Schedule switch
        {
            DelaySchedule delay => Chain(delay, job.NextDue),
            StartupSchedule start => job.NextDue is { } due && Within(start.Terms, due) is not null ? [due] : [],
            var schedule => schedule.DueTimes(job.Mark),
        };

    private static IEnumerable<DateTimeOffset> Chain(DelaySchedule delay, DateTimeOffset? first)
    {
        for (var due = first; due is { } at && Within(delay.Terms, at) is not null; )
        {
            yield return at;
            due = DateTimeOffset.MaxValue - at > delay.Delay ? at + delay.Delay : null;
        }
    }

    private static DateTimeOffset? Within(Terms terms, DateTimeOffset due) => due < terms.Start || due > terms.End ? null : due;
}

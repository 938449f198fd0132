using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>A job that runs every so many whole hours, and where it stands.</summary>
/// <param name="Job">The job.</param>
/// <param name="Hours">Its period.</param>
/// <param name="OpenSince">When the run that has begun and not ended did begin; null when there is none.</param>
/// <param name="WaitingSince">When the run was due that waits to begin; null when there is none.</param>
public sealed record IntervalJob(Job Job, int Hours, DateTimeOffset? OpenSince, DateTimeOffset? WaitingSince)
{
    /// <summary>The longest period, in hours.</summary>
    public const int LongestHours = 8784;

    /// <summary>An open run is taken for stuck after so long.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromHours(2);

    /// <summary>The start of its latest run; null when it never ran.</summary>
    public DateTimeOffset? LastRun => OpenSince ?? Job.Totals.LastStartedAt;

    /// <summary>When it is next due; null when it is not.</summary>
    public DateTimeOffset? NextRun =>
        WaitingSince
        ?? (OpenSince is { } open && Job.Definition.Schedule is DelaySchedule ? open + TimeSpan.FromHours(Hours) : Job.NextDue);

    /// <summary>How its latest run ended; null while one is open, before the first, and since a reset.</summary>
    public RunState? LastState => OpenSince is null && !(Job.ResetAt >= Job.Totals.LastFinishedAt) ? Job.Totals.LastState : null;

    /// <summary>How long its latest ended run took; null before the first.</summary>
    public TimeSpan? LastDuration => Job.Totals.LastFinishedAt - Job.Totals.LastStartedAt;

    /// <summary>Whether it is not paused.</summary>
    public bool IsActive(DateTimeOffset now) => Job.Paused?.HoldsAt(now) is not true;

    /// <summary>Whether it is to run now: active, and due, or with a run that is stuck.</summary>
    public bool IsDue(DateTimeOffset now) => IsActive(now) && (OpenSince is { } open ? now - open >= StuckAfter : NextRun <= now);

    /// <summary>The period of a schedule in hours; null when that is not a whole number of them.</summary>
    public static int? HoursOf(Schedule schedule)
    {
        var period = schedule switch
        {
            EverySchedule every => every.Period,
            DelaySchedule { FromStart: true } delay => delay.Delay,
            _ => TimeSpan.Zero,
        };
        return period >= TimeSpan.FromHours(1) && period.Ticks % TimeSpan.TicksPerHour == 0 ? (int)period.TotalHours : null;
    }
}

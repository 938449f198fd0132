using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Freshness;

/// <summary>Whether a schedule is being kept, judged by the clock alone: whether or not a job ever starts, a due time that passes counts.</summary>
public enum Punctuality
{
    /// <summary>Every due time so far has a start at or after it.</summary>
    Fresh,

    /// <summary>A due time has passed without a start, still within the slack.</summary>
    Late,

    /// <summary>A due time has passed by more than the slack without a start.</summary>
    Stale,
}

/// <summary>Judges punctuality. Pure.</summary>
public static class PunctualityRule
{
    /// <summary>Starting takes moments: below this nothing is called late.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Judges a schedule.</summary>
    /// <param name="schedule">When it is due. Hours outside of it do not age it.</param>
    /// <param name="since">The last start; or, for a job that never started or was not to run, from when on it owes anything.</param>
    /// <param name="slack">How long after its due time a run may start.</param>
    /// <param name="now">The instant of judgement.</param>
    public static Punctuality Of(Schedule schedule, DateTimeOffset since, TimeSpan slack, DateTimeOffset now)
    {
        if (schedule.Next(since) is not { } due)
        {
            return Punctuality.Fresh;
        }

        return now - due > slack ? Punctuality.Stale
            : now - due >= Grace ? Punctuality.Late
            : Punctuality.Fresh;
    }
}

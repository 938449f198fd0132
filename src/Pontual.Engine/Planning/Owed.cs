using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Planning;

/// <summary>What a job owes at one moment: a first look over its occurrences since the mark, before any is decided.</summary>
/// <param name="Last">The last occurrence looked at; null when nothing is owed.</param>
/// <param name="LastWanted">The last one that no pause covers and no calendar leaves out; null when there is none, or when more are owed than were looked at.</param>
/// <param name="AnyMissed">Whether one of those was missed.</param>
internal readonly record struct Owed(DateTimeOffset? Last, DateTimeOffset? LastWanted, bool AnyMissed)
{
    /// <summary>Looks at the occurrences in (mark, now], at most <paramref name="most"/>.</summary>
    public static Owed Of(Job job, DateTimeOffset now, TimeSpan missedAfter, int most)
    {
        DateTimeOffset? last = null;
        DateTimeOffset? wanted = null;
        var anyMissed = false;
        foreach (var at in DueTimes.After(job))
        {
            if (at > now)
            {
                break;
            }

            if (most-- == 0)
            {
                return new(last, null, anyMissed);
            }

            last = at;
            if (job.Paused?.HoldsAt(at) is not true && job.Definition.Schedule.LeftOut(at) is null)
            {
                wanted = at;
                anyMissed |= now - at > missedAfter;
            }
        }

        return new(last, wanted, anyMissed);
    }
}

/// <summary>The job's other runs, as far as the overlap policy asks.</summary>
/// <param name="Active">Running.</param>
/// <param name="Held">Waiting for another run to end.</param>
/// <param name="Ready">Never started, though it could: no worker was free.</param>
internal record struct Others(int Active, int Held, int Ready)
{
    /// <summary>Counts them. A run that waits for a retry is none of the three.</summary>
    public static Others Of(IReadOnlyList<HotRun> hot)
    {
        var others = default(Others);
        foreach (var run in hot)
        {
            if (run.State is RunState.Running)
            {
                others.Active++;
            }
            else if (run.Held)
            {
                others.Held++;
            }
            else if (run is { Attempt: 0, Trigger: RunTrigger.Schedule })
            {
                others.Ready++;
            }
        }

        return others;
    }

    /// <summary>Whether only the newest of the owed occurrences is worth a run, in the place of older ones that never started.</summary>
    public readonly bool OnlyNewestCounts(JobDefinition job) =>
        job.Overlap switch
        {
            Overlap.BufferAll or Overlap.Allow => false,
            Overlap.CancelRunning when Active > 0 => true,
            _ => Active == 0 && job.CatchUp is not CatchUp.All,
        };
}

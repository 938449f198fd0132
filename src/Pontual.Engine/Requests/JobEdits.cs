using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;

namespace Pontual.Engine.Requests;

/// <summary>What people and programs may change about jobs. Each call accounts for what the job owes before it changes it, and wakes the planner.</summary>
public sealed class JobEdits(IJobStore jobs, OccurrencePlanner planner, Signals signals, ScheduleClock clock, TimeProvider time)
{
    /// <summary>Puts and removes jobs, all or none.</summary>
    /// <returns>One entry for each change, in their order; when any is <see cref="JobChange.Conflict"/>, nothing was changed.</returns>
    public async Task<IReadOnlyList<JobChanged>> ApplyAsync(JobChanges changes, CancellationToken cancellation)
    {
        var now = clock.Now;
        var changed = await jobs.ApplyAsync(changes, due => planner.Decide(due, now), now, cancellation);
        Wake();
        return changed;
    }

    /// <summary>Pauses a job from now on: its occurrences are recorded as skipped (paused).</summary>
    /// <param name="job">Which job.</param>
    /// <param name="reason">For people; null for none.</param>
    /// <param name="by">Who pauses it.</param>
    /// <param name="until">When it goes on by itself; null for when it is resumed.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when there is no such job.</returns>
    public Task<bool> PauseAsync(JobName job, string? reason, Actor by, DateTimeOffset? until, CancellationToken cancellation)
    {
        var now = clock.Now;
        return SetAsync(job, new Pause(now, reason, by.Name, until), by with { Reason = by.Reason ?? reason }, now, cancellation);
    }

    /// <summary>Ends a pause.</summary>
    /// <returns>False when there is no such job.</returns>
    public Task<bool> ResumeAsync(JobName job, Actor by, CancellationToken cancellation) =>
        SetAsync(job, pause: null, by, clock.Now, cancellation);

    /// <summary>Gives a job back its first state: see <see cref="IJobStore.ResetAsync"/>.</summary>
    /// <returns>False when there is no such job.</returns>
    public async Task<bool> ResetAsync(JobName job, Actor by, CancellationToken cancellation)
    {
        var found = await jobs.ResetAsync(job, by, time.GetUtcNow(), cancellation);
        Wake();
        return found;
    }

    private async Task<bool> SetAsync(JobName job, Pause? pause, Actor by, DateTimeOffset now, CancellationToken cancellation)
    {
        var found = await jobs.SetPauseAsync(job, pause, by, due => planner.Decide(due, now), now, cancellation);
        Wake();
        return found;
    }

    private void Wake()
    {
        signals.SchedulesChanged();
        signals.RunsReady();
        signals.CancelWished();
    }
}

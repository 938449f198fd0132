using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;

namespace Pontual.Engine.Requests;

/// <summary>Changes jobs that run every so many whole hours, and wakes whoever goes by them.</summary>
public sealed class IntervalEdits(IIntervalJobStore jobs, OccurrencePlanner planner, Signals signals, ScheduleClock clock)
{
    /// <summary>As <see cref="IIntervalJobStore.EditAsync"/>, from now on.</summary>
    /// <returns>False when there is no such job of this kind.</returns>
    public async Task<bool> EditAsync(JobName job, IntervalEdit edit, CancellationToken cancellation)
    {
        var now = clock.Now;
        var found = await jobs.EditAsync(job, edit, due => planner.Decide(due, now), now, cancellation);
        signals.SchedulesChanged();
        signals.RunsReady();
        signals.CancelWished();
        return found;
    }
}

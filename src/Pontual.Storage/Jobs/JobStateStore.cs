using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Jobs;

/// <summary>Changes of where a job stands that leave its definition alone. The caller holds the job.</summary>
internal sealed class JobStateStore(PlannedAheadStore planned, SlotStore slots)
{
    private static readonly Statement SetPause = new(
        """
        UPDATE job SET paused_since = @since, paused_reason = @reason, paused_by = @by, paused_until = @until WHERE id = @job
        """
    );

    private static readonly Statement Clear = new(
        "UPDATE job_state SET failure_streak = 0, failing_since = NULL, slow_streak = 0, reset_at = @now WHERE job_id = @job"
    );

    private static readonly Statement SetNextDue = new("UPDATE job_state SET next_due = @next_due WHERE job_id = @job");

    /// <summary>Fences out the run that is active and clears the failure streak; totals, history, pause and next due time stay.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="job">Which job.</param>
    /// <param name="now">The instant, in real time.</param>
    public async ValueTask ResetAsync(DatabaseSession session, Job job, DateTimeOffset now)
    {
        await planned.TakeBackAsync(session, [job.Id], now);
        var running = await JobChangesStore.RunningOfAsync(session, job.Id, now);
        await HotRunStore.EndAsync(session, running, RunState.Running, RunState.Failed, RunReason.Reset, now);
        await session.ExecuteAsync(Clear, ("job", job.Id), ("now", now));
        await slots.ReleaseAsync(session, [job.Id], now);
    }

    /// <summary>Pauses it, or resumes it with null.</summary>
    public static ValueTask<int> WritePauseAsync(DatabaseSession session, Job job, Pause? pause) =>
        session.ExecuteAsync(
            SetPause,
            ("job", job.Id),
            ("since", pause?.Since),
            ("reason", pause?.Reason),
            ("by", pause?.By),
            ("until", pause?.Until)
        );

    /// <summary>Sets the one due time that a job has whose due times come one by one.</summary>
    public static ValueTask<int> WriteNextDueAsync(DatabaseSession session, Job job, DateTimeOffset nextDue) =>
        session.ExecuteAsync(SetNextDue, ("job", job.Id), ("next_due", nextDue));
}

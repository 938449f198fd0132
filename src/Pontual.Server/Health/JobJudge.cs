using System.Collections.Concurrent;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Freshness;
using Pontual.Scheduling.Schedules;

namespace Pontual.Server.Health;

/// <summary>Judges one job by the clock (S5-06): a due time that passes counts whether or not the job ever starts.</summary>
internal sealed class JobJudge(IRunViews runs, ScheduleClock clock)
{
    private const int MostKnown = 200_000;

    private readonly ConcurrentDictionary<long, (int Revision, TimeSpan Slack)> _slacks = new();

    /// <summary>How long after its due time a run of the job may start.</summary>
    public TimeSpan SlackOf(Job job, DateTimeOffset now)
    {
        if (job.Definition.Sla is { } agreed)
        {
            return agreed;
        }

        if (_slacks.TryGetValue(job.Id, out var known) && known.Revision == job.Revision)
        {
            return known.Slack;
        }

        if (_slacks.Count > MostKnown)
        {
            _slacks.Clear();
        }

        var slack = Slack.Of(job.Definition.Schedule, now);
        _slacks[job.Id] = (job.Revision, slack);
        return slack;
    }

    /// <summary>How the job is at an instant of the schedules' clock.</summary>
    public async Task<JobCondition> JudgeAsync(Job job, DateTimeOffset now, CancellationToken cancellation)
    {
        var slack = SlackOf(job, now);
        return await JudgeAsync(job, slack, now, cancellation) with { Slack = slack };
    }

    private async Task<JobCondition> JudgeAsync(Job job, TimeSpan slack, DateTimeOffset now, CancellationToken cancellation)
    {
        var history = new JobHistory(job.Totals.LastStartedAt, null);
        if (job.Paused is { } pause && pause.HoldsAt(now))
        {
            return new JobCondition(job, JobStatus.Paused, history.LastStart);
        }

        if (DueTimes.AreOneByOne(job.Definition.Schedule))
        {
            return new JobCondition(job, Status(job, history, await KeptAsync(job, slack, now, cancellation)), history.LastStart);
        }

        // The totals know ended runs only: before a job is called late, its latest runs are read.
        var kept = PunctualityRule.Of(job.Definition.Schedule, Since(job, history), slack, now);
        if (kept is not Punctuality.Fresh)
        {
            history = await ReadAsync(job, history, cancellation);
            kept = PunctualityRule.Of(job.Definition.Schedule, Since(job, history), slack, now);
        }

        return new JobCondition(job, Status(job, history, kept), history.LastStart);
    }

    /// <summary>Where one run brings about the next, the only due time there is stands in the job, or in a run that has not started yet.</summary>
    private async Task<Punctuality> KeptAsync(Job job, TimeSpan slack, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = job.NextDue;
        if (due is null)
        {
            var waiting = await runs.ListAsync(new RunQuery(job.Name, RunState.Pending, Limit: 20), cancellation);
            due = waiting.Where(run => run is { Attempt: 0, Trigger: RunTrigger.Schedule }).Min(run => (DateTimeOffset?)run.DueAt);
        }

        return due is { } at && job.Definition.Schedule.LeftOut(at) is null
            ? PunctualityRule.Of(new OnceSchedule(at), at.AddTicks(-1), slack, now)
            : Punctuality.Fresh;
    }

    private static string Status(Job job, JobHistory history, Punctuality kept) =>
        kept is Punctuality.Stale ? JobStatus.Stale
        : job.Totals is { FailureStreak: > 0, LastState: RunState.Failed } ? JobStatus.Failing
        : kept is Punctuality.Late ? JobStatus.Late
        : history.LastStart is null ? JobStatus.NeverRan
        : JobStatus.Fresh;

    /// <summary>From when on the job owes a start: its last one, its last edit, or the end of its last pause.</summary>
    private DateTimeOffset Since(Job job, JobHistory history)
    {
        DateTimeOffset?[] candidates =
        [
            job.UpdatedAt,
            job.Paused?.Until,
            history.LastStart is { } start ? clock.Of(start) : null,
            history.PausedUntil,
        ];
        return candidates.Max()!.Value;
    }

    private async Task<JobHistory> ReadAsync(Job job, JobHistory known, CancellationToken cancellation)
    {
        var latest = await runs.ListAsync(new RunQuery(job.Name, Limit: 20), cancellation);
        var running = await runs.ListAsync(new RunQuery(job.Name, RunState.Running, Limit: 20), cancellation);
        var starts = latest.Concat(running).Select(run => run.StartedAt).Append(known.LastStart);
        var pauses = latest
            .Where(run => run is { State: RunState.Skipped, Reason: RunReason.Paused })
            .Select(run => run.DueUntil ?? run.DueAt);
        return new JobHistory(starts.Max(), pauses.Select(end => (DateTimeOffset?)end).Max());
    }

    private sealed record JobHistory(DateTimeOffset? LastStart, DateTimeOffset? PausedUntil);
}

using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Freshness;
using Pontual.Scheduling.Schedules;

namespace Pontual.Server.Health;

/// <summary>How one job is.</summary>
/// <param name="Job">The job.</param>
/// <param name="Status"><c>fresh</c>, <c>late</c>, <c>stale</c>, <c>failing</c>, <c>never-ran</c> or <c>paused</c>.</param>
/// <param name="LastStart">When a run of it last started; null for never.</param>
internal sealed record JobCondition(Job Job, string Status, DateTimeOffset? LastStart)
{
    /// <summary>When it is to run next; null when that is not known.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>Whether something is wrong with it.</summary>
    public bool IsBad => Status is JobStatus.Stale or JobStatus.Failing;
}

/// <summary>The words for how a job is.</summary>
internal static class JobStatus
{
    public const string Fresh = "fresh";
    public const string Late = "late";
    public const string Stale = "stale";
    public const string Failing = "failing";
    public const string NeverRan = "never-ran";
    public const string Paused = "paused";
}

/// <summary>How all jobs were at one instant.</summary>
internal sealed record JobsCondition(DateTimeOffset At, IReadOnlyList<JobCondition> Jobs)
{
    /// <summary>What of it a caller may see.</summary>
    public JobsCondition Of(TenantName tenant) => this with { Jobs = [.. Jobs.Where(job => job.Job.Name.Tenant == tenant)] };

    /// <summary><c>critical</c> when a critical job is stale or failing, <c>degraded</c> when another is, else <c>ok</c>.</summary>
    public string Status =>
        Jobs.Any(job => job.IsBad && job.Job.Definition.Critical) ? "critical"
        : Jobs.Any(job => job.IsBad) ? "degraded"
        : "ok";
}

/// <summary>Judges jobs by the clock (S5-06): a due time that passes counts whether or not the job ever starts.</summary>
internal sealed class JobHealth(IJobStore jobs, IRunViews runs, ScheduleClock clock, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ShortestReuse = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private Dictionary<long, (int Revision, TimeSpan Slack)> _slacks = [];
    private JobsCondition? _last;
    private long _madeAt;
    private TimeSpan _reuse;

    /// <summary>How all jobs are. An answer is reused for a second, and for twenty times what it took: asking often costs little.</summary>
    public async Task<JobsCondition> JudgeAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_last is null || time.GetElapsedTime(_madeAt) >= _reuse)
            {
                var began = time.GetTimestamp();
                _last = await MakeAsync(cancellation);
                _madeAt = time.GetTimestamp();
                var cost = 20 * time.GetElapsedTime(began, _madeAt);
                _reuse = cost > ShortestReuse ? cost : ShortestReuse;
            }

            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<JobsCondition> MakeAsync(CancellationToken cancellation)
    {
        var now = clock.Now;
        var slacks = new Dictionary<long, (int, TimeSpan)>();
        var conditions = new List<JobCondition>();
        foreach (var job in await jobs.ListAsync(tenant: null, after: null, int.MaxValue, cancellation))
        {
            var slack = _slacks.TryGetValue(job.Id, out var known) && known.Revision == job.Revision ? known.Slack : SlackOf(job, now);
            slacks[job.Id] = (job.Revision, slack);
            conditions.Add(await JudgeAsync(job, slack, now, cancellation) with { NextRun = DueTimes.NextRun(job, clock) });
        }

        _slacks = slacks;
        return new JobsCondition(now, conditions);
    }

    private static TimeSpan SlackOf(Job job, DateTimeOffset now) => job.Definition.Sla ?? Slack.Of(job.Definition.Schedule, now);

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

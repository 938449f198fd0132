using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Health;

/// <summary>How one job is.</summary>
/// <param name="Job">The job.</param>
/// <param name="Status"><c>fresh</c>, <c>late</c>, <c>stale</c>, <c>failing</c>, <c>never-ran</c> or <c>paused</c>.</param>
/// <param name="LastStart">When a run of it last started; null for never.</param>
internal sealed record JobCondition(Job Job, string Status, DateTimeOffset? LastStart)
{
    /// <summary>When it is to run next; null when that is not known.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>How long after its due time a run of it may start.</summary>
    public TimeSpan Slack { get; init; }

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
internal sealed class JobHealth(IJobStore jobs, JobJudge judge, ScheduleClock clock, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ShortestReuse = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
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
        var conditions = new List<JobCondition>();
        foreach (var job in await jobs.ListAsync(tenant: null, after: null, int.MaxValue, cancellation))
        {
            conditions.Add(await judge.JudgeAsync(job, now, cancellation) with { NextRun = DueTimes.NextRun(job, clock) });
        }

        return new JobsCondition(now, conditions);
    }
}

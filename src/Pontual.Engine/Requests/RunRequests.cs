using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Engine.Settling;

namespace Pontual.Engine.Requests;

/// <summary>What people and programs may ask of runs: now, again, not any more, done. API, CLI and handlers enter here.</summary>
public sealed class RunRequests
{
    private readonly IJobStore _jobs;
    private readonly IRunStore _runs;
    private readonly IRunViews _views;
    private readonly Executor _executor;
    private readonly Settler _settler;
    private readonly Signals _signals;
    private readonly IRandomBytes _random;
    private readonly ScheduleClock _clock;
    private readonly TimeProvider _time;

    internal RunRequests(
        IJobStore jobs,
        IRunStore runs,
        IRunViews views,
        Executor executor,
        Settler settler,
        Signals signals,
        IRandomBytes random,
        ScheduleClock clock,
        TimeProvider time
    )
    {
        _jobs = jobs;
        _runs = runs;
        _views = views;
        _executor = executor;
        _settler = settler;
        _signals = signals;
        _random = random;
        _clock = clock;
        _time = time;
    }

    /// <summary>Runs a job now, whatever its schedule says and even while it is paused. Its overlap policy holds.</summary>
    /// <param name="job">Which job.</param>
    /// <param name="parameters">JSON object for the target; null for none.</param>
    /// <param name="allowOverlap">Run beside an active run, whatever the job's policy and slots.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Stops waiting; the run may still be made.</param>
    public Task<RunNowResult> RunNowAsync(JobName job, string? parameters, bool allowOverlap, Actor by, CancellationToken cancellation) =>
        EnqueueAsync(job, new RunWish(parameters, AllowOverlap: allowOverlap, By: by), cancellation);

    /// <summary>As <see cref="RunNowAsync"/>, with an earliest start and a priority.</summary>
    public async Task<RunNowResult> EnqueueAsync(JobName job, RunWish wish, CancellationToken cancellation) =>
        wish.Id is { } id && await _views.FindAsync(id, cancellation) is not null
            ? new RunNowResult.Queued(id)
            : (await EnqueueAsync(job, [wish], cancellation))[0];

    /// <summary>Asks for many runs of one job in one transaction.</summary>
    /// <returns>One answer for each wish, in their order.</returns>
    public async Task<IReadOnlyList<RunNowResult>> EnqueueAsync(JobName job, IReadOnlyList<RunWish> wishes, CancellationToken cancellation)
    {
        if (await _jobs.FindAsync(job, cancellation) is not { } found)
        {
            return [.. wishes.Select(_ => new RunNowResult.JobNotFound())];
        }

        if (wishes.Select(wish => found.Definition.Limit?.Missing(wish.Parameters)).FirstOrDefault(name => name is not null) is { } missing)
        {
            return [.. wishes.Select(_ => new RunNowResult.ParameterMissing(missing))];
        }

        var now = _time.GetUtcNow();
        var requests = wishes.Select(wish => AsRequest(wish, found.Id, now)).ToList();
        var results = await _runs.EnqueueAsync(requests, (wish, due) => OccurrencePlanner.Decide(wish, due, now), now, cancellation);
        _signals.RunsReady();
        if (found.Definition.Overlap is Scheduling.Schedules.Overlap.CancelRunning || results.Any(result => result.TakesBack))
        {
            _signals.CancelWished();
        }

        return [.. results.Select(Answer)];
    }

    /// <summary>Cancels a waiting run, or asks for a running one to be stopped, within moments where this process runs it.</summary>
    public async Task<CancelResult> CancelAsync(Guid run, Actor by, CancellationToken cancellation)
    {
        var result = await _runs.RequestCancelAsync(run, RunReason.Requested, by, _time.GetUtcNow(), cancellation);
        if (result is CancelResult.Requested)
        {
            _signals.CancelWished();
        }
        else if (result is CancelResult.Cancelled)
        {
            _signals.SchedulesChanged();
            _signals.RunsReady();
        }

        return result;
    }

    /// <summary>Runs an ended run's job again with the same parameters, as a new run.</summary>
    /// <param name="run">The run that ended.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Stops waiting; the run may still be made.</param>
    /// <param name="id">As in <see cref="RunWish"/>.</param>
    public async Task<RetryResult> RetryAsync(Guid run, Actor by, CancellationToken cancellation, Guid? id = null)
    {
        if (await _views.FindAsync(run, cancellation) is not { } found)
        {
            return new RetryResult.RunNotFound();
        }

        if (found.Run.State is RunState.Pending or RunState.Running)
        {
            return new RetryResult.NotEnded(found.Run.State);
        }

        return await EnqueueAsync(found.Run.Job, new RunWish(found.Run.Parameters, By: by, Id: id), cancellation) switch
        {
            RunNowResult.Queued queued => new RetryResult.Queued(queued.RunId),
            RunNowResult.AlreadyActive active => new RetryResult.AlreadyActive(active.RunId),
            RunNowResult.ParameterMissing missing => new RetryResult.ParameterMissing(found.Run.Job, missing.Parameter),
            _ => new RetryResult.JobNotFound(found.Run.Job),
        };
    }

    /// <summary>Records what a target that answered 202 came to in the end, whichever node holds its run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="leaseToken">The attempt's token, as its callback token carries it.</param>
    /// <param name="outcome">A success or a failure.</param>
    /// <param name="cancellation">Stops looking; a result that was handed in is recorded.</param>
    /// <returns>False when that attempt is no longer open: it ended, timed out, or was lost.</returns>
    public async Task<bool> CompleteAsync(Guid run, long leaseToken, Outcome outcome, CancellationToken cancellation)
    {
        if (await _executor.CompleteAsync(run, leaseToken, outcome) is { } here)
        {
            return here;
        }

        return await _runs.FindLeasedAsync(run, cancellation) is { } leased
            && leased.LeaseToken == leaseToken
            && await _settler.SettleAsync(leased, outcome, leased.ClaimedAt, lease: null);
    }

    private EnqueueRequest AsRequest(RunWish wish, long job, DateTimeOffset now)
    {
        var at = wish.NotBefore is { } later && later > now ? later : now;
        var due = _clock.Of(at);
        return new EnqueueRequest(
            wish.Id ?? RunId.New(due, _random),
            job,
            wish.Trigger,
            due,
            at,
            wish.Parameters,
            wish.AllowOverlap,
            wish.Priority,
            wish.By
        );
    }

    private static RunNowResult Answer(EnqueueResult result) =>
        result switch
        {
            { JobFound: false } => new RunNowResult.JobNotFound(),
            { RunId: { } run } => new RunNowResult.Queued(run),
            _ => new RunNowResult.AlreadyActive(result.Blocking ?? Guid.Empty),
        };
}

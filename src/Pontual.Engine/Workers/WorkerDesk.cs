using Microsoft.Extensions.Options;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Output;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;
using Pontual.Engine.Settling;

namespace Pontual.Engine.Workers;

/// <summary>Where programs outside take runs and say what came of them: rooms 3 to 5 for whoever is no node of ours.</summary>
/// <remarks>
/// It keeps nothing in memory: a worker may talk to another process at each call.
/// <code>
///   claim ── lease of this run ── heartbeat names it ── … ── complete or fail: settled, if its token is the run's
///                   └ silence, or the timeout: the rescuer settles it, and the retry policy decides what follows
/// </code>
/// Each run has a lease of its own, so that one that a worker does not know it has (an answer that was lost, a worker that was started anew under the same
/// name) ends by itself while the worker goes on with others.
/// </remarks>
public sealed class WorkerDesk
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndingLease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(5);

    private readonly IRunStore _runs;
    private readonly IWorkerStore _workers;
    private readonly Settler _settler;
    private readonly Signals _signals;
    private readonly RunFeed _feed;
    private readonly int _keptBytes;
    private readonly TimeProvider _time;

    internal WorkerDesk(
        IRunStore runs,
        IWorkerStore workers,
        Settler settler,
        Signals signals,
        RunFeed feed,
        IOptions<OutputOptions> output,
        TimeProvider time
    )
    {
        _runs = runs;
        _workers = workers;
        _settler = settler;
        _signals = signals;
        _feed = feed;
        _keptBytes = output.Value.KeptBytes;
        _time = time;
    }

    /// <summary>Takes runs for a worker, as soon as there is one.</summary>
    /// <param name="wish">What it wants.</param>
    /// <param name="stop">Ends the waiting; what was taken by then is returned.</param>
    /// <returns>The runs, most urgent first within each task; none when none came in time.</returns>
    public async Task<IReadOnlyList<LeasedRun>> ClaimAsync(WorkerWish wish, CancellationToken stop)
    {
        var (began, now) = (_time.GetTimestamp(), _time.GetUtcNow());
        await _workers.EnterAsync(wish.Worker, now, now + wish.Wait + (2 * wish.Lease), stop);
        while (true)
        {
            var next = _signals.NextRuns;
            var (runs, ready) = await TakeAsync(wish);
            var left = wish.Wait - _time.GetElapsedTime(began);
            if (runs.Count > 0 || left <= TimeSpan.Zero || stop.IsCancellationRequested)
            {
                Tell(runs);
                return runs;
            }

            await Task.WhenAny(next, Task.Delay(Rest(left, ready), _time, stop));
        }
    }

    /// <summary>Says for runs that they go on, and what they printed.</summary>
    /// <returns>As <see cref="IWorkerStore.HoldAsync"/>.</returns>
    public Task<IReadOnlyList<bool>> HoldAsync(
        WorkerName worker,
        IReadOnlyList<HeldRun> runs,
        TimeSpan lease,
        CancellationToken cancellation
    ) => _workers.HoldAsync(worker, runs, new HoldTerms(_time.GetUtcNow(), lease, _keptBytes), cancellation);

    /// <summary>Records what a run came to.</summary>
    /// <param name="worker">Who did it.</param>
    /// <param name="run">The run, with the last of what it printed.</param>
    /// <param name="outcome">A success or a failure.</param>
    /// <param name="cancellation">Stops looking; a result that was handed in is recorded.</param>
    /// <returns>False when nothing was recorded: the run is no longer held by that token, or its time was over.</returns>
    public async Task<bool> EndAsync(WorkerName worker, HeldRun run, Outcome outcome, CancellationToken cancellation)
    {
        if (await FindAsync(worker, run, cancellation) is not { } leased)
        {
            return false;
        }

        if (run.Output is not null)
        {
            await _workers.HoldAsync(worker, [run], new HoldTerms(_time.GetUtcNow(), EndingLease, _keptBytes), cancellation);
        }

        if (_time.GetUtcNow() - leased.ClaimedAt >= leased.Job.Definition.Timeout)
        {
            await SettleAsync(leased, TimedOut(leased));
            return false;
        }

        return await SettleAsync(leased, Judge(leased, outcome));
    }

    /// <summary>Gives back runs that were taken for a worker which did not get to know: they count as never claimed.</summary>
    public async Task GiveBackAsync(IReadOnlyList<LeasedRun> runs)
    {
        foreach (var leased in runs)
        {
            await SettleAsync(leased, new Outcome.Interrupted());
        }
    }

    /// <summary>What becomes of a run whose time is over, whatever its worker says of it.</summary>
    internal static Outcome TimedOut(LeasedRun leased) =>
        new Outcome.Failure(
            FailureKinds.Timeout,
            $"It took longer than its timeout of {leased.Job.Definition.Timeout.TotalSeconds:0.###} s."
        );

    private async Task<(List<LeasedRun> Runs, DateTimeOffset? Ready)> TakeAsync(WorkerWish wish)
    {
        var now = _time.GetUtcNow();
        var (taken, ready) = (new List<LeasedRun>(), (DateTimeOffset?)null);
        foreach (var task in wish.Tasks)
        {
            var lane = new ClaimLane(WorkerTask.QueueOf(wish.Worker.Tenant, task), wish.Limit - taken.Count);
            var request = new ClaimRequest(wish.Worker.Node, [lane], Kinds: null, now) { LeaseUntil = now + wish.Lease };

            // Not cancelled when the caller leaves: what a claim took must be given back, and who else would know of it?
            var claim = await _runs.ClaimAsync(request, CancellationToken.None);
            taken.AddRange(claim.Runs);
            ready = ready < claim.NextReady ? ready : claim.NextReady ?? ready;
            if (taken.Count >= wish.Limit)
            {
                break;
            }
        }

        // A claim gives one lease to all it takes; of these the job's timeout is shorter.
        var shorter = taken.Where(leased => leased.Job.Definition.Timeout < wish.Lease).ToList();
        if (shorter.Count > 0)
        {
            var held = shorter.ConvertAll(leased => new HeldRun(leased.Run.Id, leased.LeaseToken));
            await HoldAsync(wish.Worker, held, wish.Lease, CancellationToken.None);
        }

        return (taken, ready);
    }

    private TimeSpan Rest(TimeSpan left, DateTimeOffset? ready)
    {
        var rest = left < LongestRest ? left : LongestRest;
        rest = ready - _time.GetUtcNow() is { } untilReady && untilReady < rest ? untilReady : rest;
        return rest > ShortestRest ? rest : ShortestRest;
    }

    private async Task<LeasedRun?> FindAsync(WorkerName worker, HeldRun run, CancellationToken cancellation) =>
        await _runs.FindLeasedAsync(run.RunId, cancellation) is { } leased
        && leased.LeaseToken == run.LeaseToken
        && leased.Run.Node == worker.Node
            ? leased
            : null;

    private Task<bool> SettleAsync(LeasedRun leased, Outcome outcome) =>
        _settler.SettleAsync(leased, outcome, leased.ClaimedAt, lease: null);

    // As with our own attempts: work that was done in spite of a wish is done.
    private static Outcome Judge(LeasedRun leased, Outcome outcome) =>
        leased.CancelReason is { } wish and not RunReason.TakenBack && outcome is not Outcome.Success
            ? new Outcome.Cancelled(wish)
            : outcome;

    private void Tell(List<LeasedRun> runs)
    {
        if (_feed.HasListeners)
        {
            runs.ForEach(leased => _feed.Publish(new RunEvent(RunEventKind.Started, leased.ClaimedAt, leased.Run)));
        }
    }
}

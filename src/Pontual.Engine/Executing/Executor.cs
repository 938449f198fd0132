using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Metrics;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;
using Pontual.Engine.Settling;

namespace Pontual.Engine.Executing;

/// <summary>Room 4: runs attempts and hands what they came to on to room 5.</summary>
/// <remarks>Each attempt costs one cancellation source, whose timer is the timeout; it starts on the thread pool, so that a target that
/// computes before it first waits holds up nobody.</remarks>
internal sealed partial class Executor : ILeaseWatcher, IDisposable
{
    // A run that cannot start yet is given back after this, so that it does not go round in circles.
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, IRunner> _runners;
    private readonly IAttemptOutputs _outputs;
    private readonly Settler _settler;
    private readonly RunFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<Executor> _logger;
    private readonly EngineMeter? _meter;
    private readonly RunTraces? _traces;
    private readonly ConcurrentDictionary<Guid, Attempt> _attempts = new();
    private readonly StartTimer _starts;

    public Executor(
        IEnumerable<IRunner> runners,
        IAttemptOutputs outputs,
        Settler settler,
        RunFeed feed,
        TimeProvider time,
        ILogger<Executor> logger,
        ArmingTerms? arming = null,
        EngineMeter? meter = null,
        RunTraces? traces = null
    )
    {
        (_meter, _traces) = (meter, traces);
        arming ??= new ArmingTerms();
        StartsInline = arming.Inline;
        _starts = new StartTimer(time, arming, BeginArmed, TakeBack);
        _runners = runners.ToDictionary(runner => runner.Kind);
        _outputs = outputs;
        _settler = settler;
        _feed = feed;
        _time = time;
        _logger = logger;
    }

    /// <summary>Starts attempts in the caller's own thread, up to their first wait: a simulation repeats only so.</summary>
    public bool StartsInline { get; }

    /// <summary>Attempts that are armed, run or are deferred.</summary>
    public int Count => _attempts.Count;

    /// <inheritdoc/>
    int ILeaseWatcher.Active => _attempts.Count;

    /// <inheritdoc/>
    long ILeaseWatcher.RefusedWrites => _settler.Refused;

    /// <summary>Starts an attempt and returns at once.</summary>
    /// <param name="leased">The run.</param>
    /// <param name="lease">The stay it was claimed under.</param>
    /// <param name="room">What it takes room of: told once, when it no longer does.</param>
    public void Start(LeasedRun leased, HeldLease lease, IAttemptRoom room)
    {
        var attempt = new Attempt(this, leased, lease, room);
        attempt.TryBegin(_time.GetUtcNow(), _time);
        if (!TryAdmit(attempt))
        {
            return;
        }

        if (lease.Lost)
        {
            attempt.Stop(StopReason.LeaseLost);
        }

        Run(attempt);
    }

    /// <summary>Holds an attempt ready and starts it at its run's earliest start, by this node's clock. Until then it can be taken back as if it had never been claimed.</summary>
    /// <param name="leased">The run.</param>
    /// <param name="lease">The stay it was claimed under.</param>
    /// <param name="room">Asked for room when it begins, told when it takes none any more.</param>
    public void Arm(LeasedRun leased, HeldLease lease, IAttemptRoom room)
    {
        var attempt = new Attempt(this, leased, lease, room);
        if (TryAdmit(attempt))
        {
            _starts.Add(attempt, leased.ClaimedAt);
        }
    }

    /// <summary>Looks at the clock again: somebody may have set it.</summary>
    public void LookAtClock() => _starts.LookAgain();

    /// <inheritdoc/>
    public void Dispose() => _starts.Dispose();

    /// <summary>Ends a run from outside: its target calls back.</summary>
    /// <returns>Null when this node does not hold the run under that token; else whether the result was recorded.</returns>
    public async Task<bool?> CompleteAsync(Guid run, long leaseToken, Outcome outcome)
    {
        if (!_attempts.TryGetValue(run, out var attempt) || attempt.Leased.LeaseToken != leaseToken)
        {
            return null;
        }

        if (!attempt.TryFinish())
        {
            return false;
        }

        _attempts.TryRemove(new(run, attempt));
        attempt.FreeSlot();
        if (attempt.Deferred)
        {
            attempt.Dispose();
        }

        return await _settler.SettleAsync(attempt.Leased, outcome, attempt.StartedAt, attempt.Lease);
    }

    internal async Task RunAsync(Attempt attempt)
    {
        var outcome = Judge(attempt, await TryAsync(attempt));
        if (outcome is Outcome.Deferred && attempt.TryDefer())
        {
            Defer(attempt);
            return;
        }

        if (attempt.TryFinish())
        {
            await EndAsync(attempt, outcome);
        }

        attempt.Dispose();
    }

    private async Task<Outcome> TryAsync(Attempt attempt)
    {
        var kind = attempt.Leased.Job.Definition.Target.Kind;
        if (!_runners.TryGetValue(kind, out var runner))
        {
            return new Outcome.Failure(FailureKinds.Target, $"This node has no runner for target kind '{kind}'.");
        }

        // By its own time, for the timer that ends the lease may come later: after the process was held up, others have the run by now.
        if (attempt.StopReason is not StopReason.None || !attempt.Lease.MayBegin())
        {
            return new Outcome.Interrupted();
        }

        try
        {
            await using var output = _outputs.Open(attempt.Leased);
            var context = new AttemptContext
            {
                Leased = attempt.Leased,
                Output = output,
                StartedAt = attempt.StartedAt!.Value,
                Time = _time,
                Cancellation = attempt.Stopping,
                MayGoOn = attempt.Lease.MayBegin,
            };
            attempt.Context = context;
            using var span = _traces?.Begin(attempt.Leased, context.StartedAt);
            var outcome = await runner.RunAsync(context, attempt.Stopping);
            RunTraces.End(span, outcome);
            return outcome;
        }
        catch (Exception problem)
        {
            _logger.AttemptThrew(problem, attempt.Leased.Run.Id, attempt.Leased.Job.Name);
            return new Outcome.Failure(FailureKinds.Error, $"{problem.GetType().Name}: {problem.Message}");
        }
    }

    // The reason to stop makes the outcome, whatever the runner made of being stopped; but work that was done in spite of a wish is done.
    private static Outcome Judge(Attempt attempt, Outcome outcome) =>
        attempt.StopReason switch
        {
            StopReason.Timeout => new Outcome.Failure(
                FailureKinds.Timeout,
                $"It took longer than its timeout of {attempt.Leased.Job.Definition.Timeout.TotalSeconds:0.###} s."
            ),
            StopReason.Cancelled when outcome is not Outcome.Success => new Outcome.Cancelled(attempt.CancelReason),
            StopReason.NodeStopping when outcome is not Outcome.Success => new Outcome.Interrupted(),
            _ => outcome,
        };

    private void Defer(Attempt attempt)
    {
        attempt.FreeSlot();
        attempt.Stopping.UnsafeRegister(
            static state =>
            {
                var (executor, attempt) = ((Executor, Attempt))state!;
                if (attempt.TryFinish())
                {
                    _ = executor.EndAsync(attempt, Judge(attempt, new Outcome.Interrupted()));
                }
            },
            (this, attempt)
        );
    }

    private async Task EndAsync(Attempt attempt, Outcome outcome)
    {
        // Before it is settled: a run that waits again at once may come back here at once.
        _attempts.TryRemove(new(attempt.Leased.Run.Id, attempt));
        if (attempt.StopReason is StopReason.LeaseLost)
        {
            _logger.ResultDropped(attempt.Leased.Run.Id, attempt.Leased.Job.Name);
            _settler.Refuse();
        }
        else
        {
            await _settler.PostAsync(attempt.Leased, outcome, attempt.StartedAt, attempt.Lease);
        }

        attempt.FreeSlot();
    }

    private bool TryAdmit(Attempt attempt)
    {
        if (_attempts.TryAdd(attempt.Leased.Run.Id, attempt))
        {
            return true;
        }

        // The run was lost and claimed again while its old attempt is still stopping: that one must go first.
        _logger.StillStopping(attempt.Leased.Run.Id, attempt.Leased.Job.Name);
        _ = RefuseAsync(attempt);
        return false;
    }

    private void Run(Attempt attempt)
    {
        _meter?.Started(attempt.Leased, attempt.StartedAt!.Value);
        if (_feed.HasListeners)
        {
            _feed.Publish(new RunEvent(RunEventKind.Started, attempt.StartedAt!.Value, attempt.Leased.Run));
        }

        if (StartsInline)
        {
            attempt.Execute();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(attempt, preferLocal: false);
        }
    }

    // Its lease may have ended in silence, while this process was stopped: then others may have taken it over, and nothing begins any more.
    private void BeginArmed(Attempt attempt, DateTimeOffset now)
    {
        if (!attempt.Lease.Holds)
        {
            if (attempt.TryTakeBack())
            {
                Forget(attempt);
            }
        }
        else if (!attempt.Lease.MayBegin())
        {
            // It may have ended too while this machine was suspended. If it has not, somebody takes the run once the lease is confirmed.
            TakeBack(attempt);
        }
        else if (attempt.TryBegin(now, _time))
        {
            if (attempt.TryTakeRoom())
            {
                Run(attempt);
            }
            else
            {
                attempt.Unbegin();
                _ = GiveBackAsync(
                    attempt,
                    attempt.StopReason is StopReason.Cancelled ? new Outcome.Cancelled(attempt.CancelReason) : new Outcome.NotBegun()
                );
            }
        }
    }

    private async Task RefuseAsync(Attempt attempt)
    {
        await Task.Delay(RefusalPause, _time);
        Outcome outcome = attempt.IsArmed ? new Outcome.NotBegun() : new Outcome.Interrupted();
        await _settler.PostAsync(attempt.Leased, outcome, attempt.StartedAt, attempt.Lease);
        attempt.FreeSlot();
        attempt.Dispose();
    }
}

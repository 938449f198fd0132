using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.TestKit;
using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>The outside world of the simulation: every attempt's start and end, noted by a clock that nobody sets. Attempts take no time, or some; a few fail.</summary>
internal sealed class SimulatedTarget(ManualTime time, DateTimeOffset start, Random random)
{
    private static readonly TimeSpan[] Durations =
    [
        default,
        default,
        default,
        default,
        default,
        default,
        default,
        default,
        Seconds(5),
        Seconds(30),
        Seconds(200),
    ];

    private readonly PriorityQueue<OpenAttempt, long> _ending = new();

    public List<SinkStart> Starts { get; } = [];

    public List<SinkEnd> Ends { get; } = [];

    /// <summary>The sink's own clock: elapsed time only.</summary>
    public DateTimeOffset Now => start + TimeSpan.FromTicks(time.GetTimestamp());

    /// <summary>When the next attempt ends, as a timestamp of the clock.</summary>
    public long? NextEnd
    {
        get
        {
            while (_ending.TryPeek(out var attempt, out var at))
            {
                if (!attempt.Ended)
                {
                    return at;
                }

                _ending.Dequeue();
            }

            return null;
        }
    }

    /// <summary>Ends what is due, on nodes that are not frozen.</summary>
    public void EndDue()
    {
        while (NextEnd <= time.GetTimestamp())
        {
            _ending.Dequeue().Finish();
        }
    }

    public IRunner RunnerOf(SimulatedNode node) => new Runner(this, node);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private Task<Outcome> Begin(SimulatedNode node, LeasedRun leased, CancellationToken cancellation)
    {
        Starts.Add(
            new SinkStart(leased.Job.Name.ToString(), leased.Run.DueAt, leased.Run.Id, leased.LeaseToken, Now, time.GetUtcNow() - Now)
        );
        var duration = Durations[random.Next(Durations.Length)];
        var attempt = new OpenAttempt(this, leased, fails: random.Next(40) == 0);
        if (duration == default)
        {
            attempt.Finish();
            return attempt.Result;
        }

        node.Attempts.Add(attempt);
        _ending.Enqueue(attempt, time.GetTimestamp() + duration.Ticks);
        cancellation.Register(attempt.Stop);
        return attempt.Result;
    }

    /// <summary>An attempt while its target works.</summary>
    internal sealed class OpenAttempt(SimulatedTarget target, LeasedRun leased, bool fails)
    {
        private readonly TaskCompletionSource<Outcome> _result = new();

        public Task<Outcome> Result => _result.Task;

        public bool Ended { get; private set; }

        /// <summary>The node is frozen: the target ends, but the node learns of it only when it thaws.</summary>
        public bool NodeFrozen { get; set; }

        private Outcome? _unheard;

        public void Finish()
        {
            if (!TryEnd(succeeded: !fails))
            {
                return;
            }

            Outcome outcome = fails ? new Outcome.Failure(FailureKinds.Error, "a simulated failure") : new Outcome.Success();
            if (NodeFrozen)
            {
                _unheard = outcome;
            }
            else
            {
                _result.TrySetResult(outcome);
            }
        }

        /// <summary>The node stopped it.</summary>
        public void Stop()
        {
            TryEnd(succeeded: false);
            _result.TrySetCanceled();
        }

        /// <summary>Its node died, or the node's supervisor killed it: the target stops, and nobody hears of it.</summary>
        public void Die() => TryEnd(succeeded: false);

        /// <summary>The frozen node goes on and hears what it missed.</summary>
        public void Hear()
        {
            NodeFrozen = false;
            if (_unheard is { } outcome)
            {
                _result.TrySetResult(outcome);
            }
        }

        private bool TryEnd(bool succeeded)
        {
            if (Ended)
            {
                return false;
            }

            Ended = true;
            target.Ends.Add(new SinkEnd(leased.Run.Id, leased.LeaseToken, target.Now, succeeded));
            return true;
        }
    }

    private sealed class Runner(SimulatedTarget target, SimulatedNode node) : IRunner
    {
        public string Kind => "simulated";

        public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant) => [];

        public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation) =>
            target.Begin(node, attempt.Leased, cancellation);
    }
}

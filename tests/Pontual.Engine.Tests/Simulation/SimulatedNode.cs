using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Claiming;
using Pontual.Engine.Clocks;
using Pontual.Engine.Events;
using Pontual.Engine.Executing;
using Pontual.Engine.Nodes;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Engine.Settling;
using Pontual.Engine.Upkeep;
using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>The real rooms of one process, stepped by the simulation in the place of their loops: no threads, so that a seed repeats everything.</summary>
internal sealed class SimulatedNode : IDisposable
{
    // Longer than in the product, so that ten idle years are not made of heartbeats; the proportions are the product's.
    private static readonly LeaseOptions Lease = new()
    {
        Duration = TimeSpan.FromMinutes(10),
        RenewEvery = TimeSpan.FromMinutes(3),
        StopAfter = TimeSpan.FromMinutes(7),
    };

    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(2);

    private readonly GatedTime _time;
    private readonly Signals _signals;
    private readonly NodeLease _lease;
    private readonly Planner _planner;
    private readonly Claimer _claimer;
    private readonly Settler _settler;
    private readonly Rescuer _rescuer;
    private readonly Alarm _renew;
    private readonly Alarm _plan;
    private readonly Alarm _claim;
    private readonly Alarm _settle;
    private readonly Alarm _rescue;

    public SimulatedNode(SimulatedWorld world, int number)
    {
        _time = new GatedTime(world.Time);
        _signals = new Signals(_time);
        var random = new SeededBytes(world.Random);
        var feed = new RunFeed();
        var identity = new NodeIdentity($"sim{number}", ["all"], world.Time.GetUtcNow(), random);
        _settler = new Settler(world.Runs, feed, _signals, random, _time, NullLogger<Settler>.Instance);
        var executor = new Executor(
            [world.Target.RunnerOf(this)],
            NoOutput.Instance,
            _settler,
            feed,
            _time,
            NullLogger<Executor>.Instance,
            new ArmingTerms { Inline = true }
        );
        var clock = new ClockWatch(Lease, _time, NullLogger<ClockWatch>.Instance);
        _lease = new NodeLease(world.Nodes, executor, identity, Lease, clock, [], _time, NullLogger<NodeLease>.Instance);
        var options = new PlannerOptions();
        var schedules = new ScheduleClock(_time);
        var occurrences = new OccurrencePlanner(options, random, schedules);
        _planner = new Planner(world.Plans, occurrences, options, feed, _signals, schedules, _time, NullLogger<Planner>.Instance);
        _claimer = new Claimer(world.Runs, executor, _lease, new ClaimingOptions(), _signals, _time, NullLogger<Claimer>.Instance);
        _rescuer = new Rescuer(world.Runs, clock, new UpkeepOptions(), _signals, random, _time, NullLogger<Rescuer>.Instance);
        _renew = new Alarm(this, _lease.StepAsync, Lease.RenewEvery);
        _plan = new Alarm(this, _planner.StepAsync, TimeSpan.FromHours(6));
        _claim = new Alarm(this, _claimer.StepAsync, TimeSpan.FromHours(6));
        _settle = new Alarm(this, SettleAsync, TimeSpan.FromDays(3650));
        _rescue = new Alarm(this, _rescuer.StepAsync, TimeSpan.FromMinutes(3)) { Least = TimeSpan.FromMinutes(3) };
    }

    /// <summary>What it runs now.</summary>
    public List<SimulatedTarget.OpenAttempt> Attempts { get; } = [];

    public bool Frozen { get; private set; }

    /// <summary>When this node wants to do something next, as a timestamp of the clock.</summary>
    public long Next => Frozen ? long.MaxValue : Alarms.Min(alarm => alarm.At);

    /// <summary>When the watchdog of a frozen node kills what it runs.</summary>
    public static TimeSpan WatchdogAfter => Lease.StopAfter;

    /// <summary>How long a fault may have an effect: until its runs are taken over and their retries waited for.</summary>
    public static TimeSpan Takeover => Lease.Duration + TimeSpan.FromMinutes(20);

    private Alarm[] Alarms => [_renew, _plan, _claim, _settle, _rescue];

    /// <summary>Does all that is due now.</summary>
    public void Step()
    {
        Attempts.RemoveAll(attempt => attempt.Ended);
        while (Next <= _time.GetTimestamp())
        {
            foreach (var alarm in Alarms)
            {
                alarm.RingIfDue();
            }

            Follow(_signals.Renewing, _renew);
            Follow(_signals.Planning, _plan);
            Follow(_signals.Claiming, _claim);
            if (!_settler.IsIdle)
            {
                _settle.Bring();
            }
        }
    }

    /// <summary>Hears at once of what was changed by a process beside it.</summary>
    public void Hear()
    {
        _renew.Bring();
        _plan.Bring();
        _claim.Bring();
    }

    /// <summary>Outcomes that came in by themselves wait to be settled; a set clock is found by the loops' polls.</summary>
    public void LookAgain()
    {
        foreach (var alarm in Alarms)
        {
            alarm.Bring();
        }
    }

    /// <summary>Outcomes that came in by themselves wait to be settled.</summary>
    public void LookAtOutcomes()
    {
        if (!_settler.IsIdle)
        {
            _settle.Bring();
        }
    }

    public void Freeze()
    {
        Frozen = true;
        _time.Freeze();
        Attempts.ForEach(attempt => attempt.NodeFrozen = true);
    }

    /// <summary>It goes on as if nothing had been: late results first or late timers first, as chance has it.</summary>
    public void Thaw(bool resultsFirst)
    {
        Frozen = false;
        if (resultsFirst)
        {
            Attempts.ForEach(attempt => attempt.Hear());
            _time.Thaw();
        }
        else
        {
            _time.Thaw();
            Attempts.ForEach(attempt => attempt.Hear());
        }

        LookAgain();
    }

    /// <summary>kill -9: it is gone, and so is what it ran.</summary>
    public void Kill()
    {
        _time.Kill();
        Attempts.ForEach(attempt => attempt.Die());
        Attempts.Clear();
    }

    public void Dispose()
    {
        _lease.Dispose();
        _signals.Dispose();
    }

    private static void Follow(Wake wake, Alarm alarm)
    {
        if (wake.TryTake())
        {
            alarm.Bring();
        }
    }

    private async Task<TimeSpan?> SettleAsync(CancellationToken cancellation)
    {
        await _settler.StepAsync(cancellation);
        return _settler.IsIdle ? null : TimeSpan.Zero;
    }

    /// <summary>One room's loop: when it steps next.</summary>
    private sealed class Alarm(SimulatedNode node, Func<CancellationToken, Task<TimeSpan?>> step, TimeSpan poll)
    {
        public long At { get; private set; }

        public TimeSpan Least { get; init; }

        public void Bring() => At = Math.Min(At, node._time.GetTimestamp());

        public void RingIfDue()
        {
            if (At > node._time.GetTimestamp())
            {
                return;
            }

            TimeSpan rest;
            try
            {
                var task = step(CancellationToken.None);
                if (!task.IsCompleted)
                {
                    throw new InvalidOperationException("A step of the simulation waited for something: it would not repeat.");
                }

                rest = task.GetAwaiter().GetResult() is { } said && said < poll ? said : poll;
            }
            catch (IOException)
            {
                rest = Backoff;
            }

            At = node._time.GetTimestamp() + Math.Max(Math.Max(rest.Ticks, 0), Least.Ticks);
        }
    }

    private sealed class NoOutput : IAttemptOutputs, IOpenAttemptOutput
    {
        public static NoOutput Instance { get; } = new();

        public IOpenAttemptOutput Open(LeasedRun leased) => this;

        public void Write(ReadOnlySpan<byte> bytes) { }

        public void WriteLine(string line) { }

        public void Progress(double fraction, string? note = null) { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

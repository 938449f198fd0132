using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>Makes faults at seeded times and mends them: a killed process, a frozen one with a successor, a set clock, a failing store.</summary>
internal sealed class FaultMaker
{
    private static readonly TimeSpan LongestSkew = TimeSpan.FromHours(1);

    private readonly SimulatedWorld _world;
    private readonly StoreWeather _weather;
    private readonly TimeSpan? _every;
    private readonly PriorityQueue<Action, long> _planned = new();
    private TimeSpan _skew;

    public FaultMaker(SimulatedWorld world, StoreWeather weather, TimeSpan? every)
    {
        (_world, _weather, _every) = (world, weather, every);
        if (every is not null)
        {
            PlanNext();
        }
    }

    public List<Fault> Made { get; } = [];

    public long Next => _planned.TryPeek(out _, out var at) ? at : long.MaxValue;

    private Random Random => _world.Random;

    public void MakeDue()
    {
        while (Next <= _world.Time.GetTimestamp())
        {
            _planned.Dequeue()();
        }
    }

    /// <summary>Ends all faults now: the store works, the clock is right, one process lives, nothing is frozen.</summary>
    public void Mend()
    {
        while (_planned.TryDequeue(out var mending, out _))
        {
            if (mending != MakeOne)
            {
                mending();
            }
        }

        _weather.Bad = false;
        if (_skew != TimeSpan.Zero)
        {
            Note("clock", TimeSpan.Zero);
            SetClock(-_skew);
        }

        if (_world.Processes.Count == 0)
        {
            _world.StartNode();
        }

        if (_every is not null)
        {
            PlanNext();
        }
    }

    private void PlanNext() => Plan(_every!.Value * (-Math.Log(1 - Random.NextDouble())), MakeOne);

    private void Plan(TimeSpan after, Action action) => _planned.Enqueue(action, _world.Time.GetTimestamp() + after.Ticks);

    private void MakeOne()
    {
        var lasts = TimeSpan.FromMinutes(1 + Random.Next(40));
        switch (Random.Next(4))
        {
            case 0:
                Note("kill", lasts);
                Kill(lasts);
                break;
            case 1:
                Note("freeze", lasts);
                Freeze(lasts);
                break;
            case 2:
                Note("clock", TimeSpan.Zero);
                SetClock(TimeSpan.FromSeconds((Random.NextDouble() - 0.5) * 2 * LongestSkew.TotalSeconds) - _skew);
                break;
            default:
                Note("store", lasts);
                _weather.Bad = true;
                Plan(lasts, () => _weather.Bad = false);
                break;
        }

        PlanNext();
    }

    private void Kill(TimeSpan outage)
    {
        if (_world.Processes.FirstOrDefault(node => !node.Frozen) is { } node)
        {
            _world.KillNode(node);
            Plan(outage, StartIfNone);
        }
    }

    private void Freeze(TimeSpan lasts)
    {
        if (_world.Processes.FirstOrDefault(node => !node.Frozen) is not { } node)
        {
            return;
        }

        node.Freeze();
        Plan(SimulatedNode.WatchdogAfter, () => KillTargetsIfStillFrozen(node));
        if (Random.Next(2) == 0)
        {
            Plan(lasts / 2, StartIfNone);
        }

        Plan(
            lasts,
            () =>
            {
                node.Thaw(resultsFirst: Random.Next(2) == 0);
                Plan(TimeSpan.FromMinutes(5), KillAllButOne);
            }
        );
    }

    private static void KillTargetsIfStillFrozen(SimulatedNode node)
    {
        if (node.Frozen)
        {
            node.Attempts.ForEach(attempt => attempt.Die());
        }
    }

    private void StartIfNone()
    {
        if (!_world.Processes.Any(node => !node.Frozen))
        {
            _world.StartNode();
        }
    }

    private void KillAllButOne()
    {
        foreach (var node in _world.Processes.Where(node => !node.Frozen).Skip(1).ToList())
        {
            Note("kill", TimeSpan.Zero);
            _world.KillNode(node);
        }
    }

    private void SetClock(TimeSpan by)
    {
        _skew += by;
        _world.Time.Jump(by);
        foreach (var node in _world.Processes.Where(node => !node.Frozen))
        {
            node.LookAgain();
        }
    }

    private void Note(string what, TimeSpan lasts)
    {
        var now = _world.Target.Now;
        var reach = LongestSkew + SimulatedNode.Takeover;
        Made.Add(new Fault(what, now - reach, now + lasts + reach));
    }
}

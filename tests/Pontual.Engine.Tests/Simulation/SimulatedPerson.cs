using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.TestKit;
using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>Pauses, resumes and edits jobs at seeded times, mostly within the seconds before a due time, where runs are planned ahead and armed.</summary>
internal sealed class SimulatedPerson
{
    private readonly SimulatedWorld _world;
    private readonly TestDatabase _database;
    private readonly HistoryAuditor _auditor;
    private readonly OccurrencePlanner _planner;
    private readonly Random _random;
    private readonly PriorityQueue<Action, long> _intended = new();
    private readonly Dictionary<string, PausedJob> _paused = [];
    private int _edits;

    public SimulatedPerson(SimulatedWorld world, TestDatabase database, HistoryAuditor auditor)
    {
        (_world, _database, _auditor) = (world, database, auditor);
        _random = new Random(world.Plan.Seed);
        _planner = new OccurrencePlanner(new PlannerOptions(), new SeededBytes(_random), new Engine.Clocks.ScheduleClock(world.Time));
        IntendNext();
    }

    /// <summary>When the next act is due, as a timestamp of the clock.</summary>
    public long Next => _intended.TryPeek(out _, out var at) ? at : long.MaxValue;

    public void ActDue()
    {
        while (Next <= _world.Time.GetTimestamp())
        {
            _intended.Dequeue()();
        }
    }

    /// <summary>Ends all pauses: what was paused is accounted for.</summary>
    public void ResumeAll()
    {
        foreach (var job in _paused.Keys.ToList())
        {
            SetPause(job, pause: false);
        }
    }

    private void IntendNext()
    {
        if (_world.Plan.EditEvery is { } every)
        {
            Intend(every * -Math.Log(1 - _random.NextDouble()), Choose);
        }
    }

    private void Intend(TimeSpan after, Action act) => _intended.Enqueue(act, _world.Time.GetTimestamp() + Math.Max(0, after.Ticks));

    private void Choose()
    {
        var job = _auditor.Scheduled.ElementAt(_random.Next(_auditor.Scheduled.Count));
        var due = Done(_database.Jobs.FindAsync(JobName.Parse(job), default))?.NextDue;
        var before = TimeSpan.FromMilliseconds(_random.Next(-100, 2_500));
        var wait = due - _world.Time.GetUtcNow() - before;
        if (wait > TimeSpan.FromDays(3))
        {
            wait = null;
        }

        Intend(wait ?? TimeSpan.Zero, () => Act(job));
        IntendNext();
    }

    private void Act(string job)
    {
        if (_paused.ContainsKey(job) || _random.Next(3) > 0)
        {
            SetPause(job, !_paused.ContainsKey(job));
        }
        else
        {
            Edit(job);
        }

        foreach (var node in _world.Processes.Where(node => !node.Frozen))
        {
            node.Hear();
        }
    }

    private void SetPause(string job, bool pause)
    {
        var now = _world.Time.GetUtcNow();
        var wanted = pause ? new Pause(now, "because", "me", null) : null;
        Done(_database.Jobs.SetPauseAsync(JobName.Parse(job), wanted, Actor.Product, due => _planner.Decide(due, now), now, default));
        if (pause)
        {
            _paused[job] = new PausedJob(job, now, DateTimeOffset.MaxValue, _world.Target.Now);
        }
        else if (_paused.Remove(job, out var ended))
        {
            _auditor.Pauses.Add(ended with { Until = now });
        }
    }

    private void Edit(string job)
    {
        var now = _world.Time.GetUtcNow();
        var found = Done(_database.Jobs.FindAsync(JobName.Parse(job), default))!;
        var edited = found.Definition with { Description = $"edit {++_edits}" };
        Done(_database.Jobs.ApplyAsync(new JobChanges([new JobPut(edited)], []), due => _planner.Decide(due, now), now, default));
    }

    // In memory nothing is waited for: the simulation has one thread.
    private static T Done<T>(Task<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("A person's call waited for something.");
}

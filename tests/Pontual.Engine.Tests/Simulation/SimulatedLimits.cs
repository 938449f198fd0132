using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.TestKit;
using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>Limits by key and of queues, which some of the simulated jobs share: tight enough to be reached, wide enough that what an outage heaped up has
/// gone within a day.</summary>
internal sealed class SimulatedLimits
{
    private readonly Random _random;
    private readonly List<Shared> _all = [];

    public SimulatedLimits(int jobs, Random random)
    {
        _random = random;
        for (var i = 0; i < 2 + (jobs / 100); i++)
        {
            _all.Add(new Shared($"key-{i}", IsQueue: false, DrawBound()));
        }

        for (var i = 0; i < 1 + (jobs / 200); i++)
        {
            _all.Add(new Shared($"queue-{i}", IsQueue: true, DrawBound()));
        }
    }

    /// <summary>What the checker holds starts against.</summary>
    public IReadOnlyList<ExpectedLimit> Expected => [.. _all.Select(limit => limit.Expected)];

    /// <summary>Every fourth job gets a key, a queue, or both.</summary>
    public JobDefinition Draw(JobDefinition job)
    {
        if (_random.Next(4) > 0)
        {
            return job;
        }

        var kinds = _random.Next(3);
        if (kinds != 0)
        {
            var key = Join(job, isQueue: false);
            job = job with { Limit = new JobLimit(key.Name, key.Bound) };
        }

        return kinds != 1 ? job with { Queue = Join(job, isQueue: true).Name } : job;
    }

    public async Task SetQueuesAsync(TestDatabase database, DateTimeOffset now)
    {
        foreach (var queue in _all.Where(limit => limit.IsQueue))
        {
            await database.Limits.SetQueueAsync(queue.Name, queue.Bound, Actor.Product, now, CancellationToken.None);
        }
    }

    private Shared Join(JobDefinition job, bool isQueue)
    {
        var fitting = _all.FindAll(limit => limit.IsQueue == isQueue);
        var chosen = fitting[_random.Next(fitting.Count)];
        chosen.Jobs.Add(job.Name.ToString());
        return chosen;
    }

    // The whole of a day's retries fits into a few hours of these.
    private Limit DrawBound()
    {
        var rate = new Rate(60 + _random.Next(60), TimeSpan.FromHours(1));
        return _random.Next(3) switch
        {
            0 => new Limit(1 + _random.Next(3), null),
            1 => new Limit(null, rate, 1 + _random.Next(5)),
            _ => new Limit(1 + _random.Next(3), rate, 1 + _random.Next(5)),
        };
    }

    private sealed record Shared(string Name, bool IsQueue, Limit Bound)
    {
        public HashSet<string> Jobs { get; } = [];

        public ExpectedLimit Expected =>
            new(Name, Jobs, Bound.AtOnce, Bound.Rate is { } rate ? new ExpectedRate(rate.Count, rate.Period, Bound.Burst) : null);
    }
}

using System.Globalization;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Limits;

/// <summary>Random worlds of limited jobs on a manual clock: two nodes claim, settle, retry and cancel; no limit may be exceeded, and all must end
/// without the sweep's help, so that nobody depends on it.</summary>
public class LimitWorldTests
{
    [Theory]
    [InlineData(Dialect.Sqlite, 25)]
    [InlineData(Dialect.PostgreSql, 3)]
    public async Task In_random_worlds_no_limit_is_exceeded_and_everything_runs_in_the_end(Dialect dialect, int worlds)
    {
        for (var seed = 1; seed <= worlds; seed++)
        {
            await using var rig = await StorageRig.StartAsync(dialect);
            await rig.RegisterAsync("b");
            var world = new World(rig, new Random(seed));

            await world.DefineAsync();
            for (var step = 0; step < 150; step++)
            {
                await world.StepAsync();
            }

            await world.DrainAsync();
            world.Check($"seed {seed} on {dialect}");
        }
    }

    private sealed class World(StorageRig rig, Random random)
    {
        private const string Queue = "paced";
        private readonly List<Job> _jobs = [];
        private readonly Dictionary<string, Limit> _bounds = [];
        private readonly Dictionary<string, List<DateTimeOffset>> _starts = [];
        private readonly Dictionary<string, int> _most = [];
        private readonly List<LeasedRun> _running = [];
        private readonly HashSet<Guid> _pending = [];

        public async Task DefineAsync()
        {
            for (var i = 0; i < 4; i++)
            {
                var bound = Draw();
                var job = StorageRig.Define($"job-{i}", Overlap.Allow) with
                {
                    Limit = i == 3 ? null : new JobLimit($"key-{i}-{{{{parameters.chip}}}}", bound),
                    Concurrency = random.Next(3) == 0 ? 2 : null,
                    Queue = i is 2 or 3 ? Queue : JobDefinition.DefaultQueue,
                };
                _jobs.Add(await rig.PutAsync(job));
                for (var chip = 0; chip < 3; chip++)
                {
                    _bounds[$"key-{i}-{chip}"] = bound;
                }
            }

            _bounds[Queue] = Draw();
            await rig.Database.Limits.SetQueueAsync(Queue, _bounds[Queue], Actor.Product, rig.Now, StorageRig.None);
        }

        public async Task StepAsync()
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(5_000) : 1));
            switch (random.Next(10))
            {
                case < 4:
                    await EnqueueAsync(random.Next(1, 5));
                    break;
                case < 7:
                    await ClaimAsync(random.Next(1, 8));
                    break;
                case < 9 when _running.Count > 0:
                    await SettleAsync(_running[random.Next(_running.Count)], retries: random.Next(4) == 0);
                    break;
                case 9 when _pending.Count > 0:
                    await CancelAsync(_pending.ElementAt(random.Next(_pending.Count)));
                    break;
            }
        }

        public async Task DrainAsync()
        {
            for (var rounds = 0; _pending.Count + _running.Count > 0; rounds++)
            {
                rounds.ShouldBeLessThan(5_000);
                var next = await ClaimAsync(100);
                if (_running.Count > 0)
                {
                    await SettleAsync(_running[random.Next(_running.Count)], retries: false);
                }
                else if (_pending.Count > 0)
                {
                    next.ShouldNotBeNull($"{_pending.Count} runs wait and nothing would ever let them go");
                    rig.Time.AdvanceTo(next.Value);
                }
            }
        }

        public void Check(string world)
        {
            foreach (var (name, most) in _most)
            {
                most.ShouldBeLessThanOrEqualTo(_bounds[name].AtOnce ?? int.MaxValue, $"{world}: {name} {_bounds[name]}");
            }

            foreach (var (name, starts) in _starts.Where(starts => _bounds[starts.Key].Rate is not null))
            {
                var (rate, burst) = (_bounds[name].Rate!.Value, _bounds[name].Burst);
                var most = starts.Select((first, index) => starts.Skip(index).TakeWhile(at => at < first + rate.Period).Count()).Max();
                most.ShouldBeLessThanOrEqualTo(rate.Count + burst - 1, $"{world}: {name} {_bounds[name]}");
            }
        }

        private Limit Draw()
        {
            var rate = new Rate(random.Next(1, 12), TimeSpan.FromSeconds(random.Next(5, 40)));
            return random.Next(3) switch
            {
                0 => new Limit(random.Next(1, 4), null),
                1 => new Limit(null, rate, random.Next(1, rate.Count + 1)),
                _ => new Limit(random.Next(1, 4), rate, random.Next(1, rate.Count + 1)),
            };
        }

        private async Task EnqueueAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var later = random.Next(3) == 0 ? rig.Now.AddSeconds(random.Next(1, 20)) : rig.Now;
                var parameters = string.Create(CultureInfo.InvariantCulture, $$"""{"chip": {{random.Next(3)}}}""");
                var job = _jobs[random.Next(_jobs.Count)];
                _pending.Add(await rig.EnqueueAsync(job, later, priority: random.Next(-2, 3), parameters: parameters));
            }
        }

        private async Task<DateTimeOffset?> ClaimAsync(int limit)
        {
            var claim = await rig.ClaimResultAsync(limit, node: random.Next(2) == 0 ? "a" : "b");
            foreach (var leased in claim.Runs)
            {
                _pending.Remove(leased.Run.Id).ShouldBeTrue();
                _running.Add(leased);
                foreach (var name in NamesOf(leased))
                {
                    (_starts.TryGetValue(name, out var starts) ? starts : _starts[name] = []).Add(leased.ClaimedAt);
                    _most[name] = Math.Max(_most.GetValueOrDefault(name), _running.Count(run => NamesOf(run).Contains(name)));
                }
            }

            return claim.NextReady;
        }

        private async Task SettleAsync(LeasedRun leased, bool retries)
        {
            _running.Remove(leased);
            var later = rig.Now.AddSeconds(random.Next(10));
            var done = retries
                ? await rig.SettleAsync(leased, RunState.Pending, settled => settled with { NotBefore = later })
                : await rig.SettleAsync(leased, RunState.Succeeded);
            done.ShouldBeTrue();
            if (retries)
            {
                _pending.Add(leased.Run.Id);
            }
        }

        private async Task CancelAsync(Guid run)
        {
            var cancelled = await rig.Database.Runs.RequestCancelAsync(run, RunReason.Requested, null, rig.Now, StorageRig.None);
            cancelled.ShouldBe(CancelResult.Cancelled);
            _pending.Remove(run);
        }

        private static IEnumerable<string> NamesOf(LeasedRun leased) =>
            ((string?[])[leased.Run.LimitKey, leased.Run.Queue == Queue ? Queue : null]).OfType<string>();
    }
}

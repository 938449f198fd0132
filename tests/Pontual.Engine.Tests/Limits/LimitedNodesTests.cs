using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Executing;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Storage;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.Limits;

/// <summary>Two whole nodes on one PostgreSQL, each with loops and stores of its own.</summary>
public class LimitedNodesTests
{
    private const int Runs = 500;
    private const int Keys = 5;
    private const int AtOnce = 3;

    // Less than all keys let go at once, so that what one node cannot take is left for the other.
    private const int AtOnceANode = 8;
    private static readonly JobName Name = JobName.Parse("send");
    private static readonly Rate Pace = new(120, TimeSpan.FromSeconds(4));

    [Fact]
    public async Task Two_nodes_keep_to_the_limits_of_five_keys_and_run_everything()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        var target = new CountingTarget();
        await using var one = Node(database, target.Of("one"));
        await using var two = Node(database, target.Of("two"));
        await DefineAsync(one, new Limit(AtOnce, Pace, Burst: 10));
        await one.GetRequiredService<PontualNode>().StartAsync(default);
        await two.GetRequiredService<PontualNode>().StartAsync(default);

        var wishes = Enumerable.Range(0, Runs).Select(number => new RunWish($$"""{"chip": {{number % Keys}}}"""));
        await one.GetRequiredService<RunRequests>().EnqueueAsync(Name, [.. wishes], default);
        await Poll.UntilAsync(() => target.Done == Runs, TimeSpan.FromSeconds(60));
        await one.GetRequiredService<PontualNode>().StopAsync(default);
        await two.GetRequiredService<PontualNode>().StopAsync(default);

        var ended = await EndedAsync(database);
        target.Most.Keys.Count.ShouldBe(Keys);
        target.Most.ShouldAllBe(key => key.Value <= AtOnce);
        ended.Count.ShouldBe(Runs);
        ended.ShouldAllBe(run => run.State == RunState.Succeeded && run.Attempt == 1);
        ended.Select(run => run.Node).Distinct().Count().ShouldBe(2);
        foreach (var starts in ended.GroupBy(run => run.Parameters, run => run.StartedAt!.Value).Select(of => of.Order().ToList()))
        {
            starts.Count.ShouldBe(Runs / Keys);
            var most = starts.Select((first, index) => starts.Skip(index).TakeWhile(at => at < first + Pace.Period).Count()).Max();
            most.ShouldBeLessThanOrEqualTo(Pace.Count + 10 - 1);
        }
    }

    private static async Task<List<Run>> EndedAsync(TestDatabase database)
    {
        var all = new List<Run>();
        while (await database.Views.ListAsync(new RunQuery(Before: all.LastOrDefault()?.Id, Limit: 500), default) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
    }

    private static Task DefineAsync(ServiceProvider node, Limit bound) =>
        node.GetRequiredService<JobEdits>()
            .ApplyAsync(
                new JobChanges(
                    [
                        new JobPut(
                            new JobDefinition
                            {
                                Name = Name,
                                Target = new Target("counting", JsonElement.Parse("{}")),
                                Overlap = Overlap.Allow,
                                Limit = new JobLimit("chip-{{parameters.chip}}", bound),
                            }
                        ),
                    ],
                    []
                ),
                default
            );

    private static ServiceProvider Node(TestDatabase database, IRunner target) =>
        new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPontualStorage(database.Options)
            .AddSingleton(target)
            .AddSingleton<IAttemptOutputs, NoOutputs>()
            .AddPontualEngine(options => options.Claiming.Concurrency = AtOnceANode)
            .BuildServiceProvider();

    /// <summary>Counts from the inside how many attempts of each key run at once, on all nodes. The first ones wait until both nodes have one.</summary>
    private sealed class CountingTarget
    {
        private readonly ConcurrentDictionary<string, int> _active = new();
        private readonly HashSet<string> _nodes = [];
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private int _done;

        public Dictionary<string, int> Most { get; } = [];

        public int Done => Volatile.Read(ref _done);

        public IRunner Of(string node) => new OnNode(this, node);

        private async Task<Outcome> RunAsync(string node, AttemptContext attempt, CancellationToken cancellation)
        {
            var key = attempt.Leased.Run.LimitKey!;
            var now = _active.AddOrUpdate(key, 1, (_, count) => count + 1);
            lock (_gate)
            {
                Most[key] = Math.Max(Most.GetValueOrDefault(key), now);
                _nodes.Add(node);
                if (_nodes.Count == 2)
                {
                    _both.TrySetResult();
                }
            }

            await _both.Task.WaitAsync(cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(5), attempt.Time, cancellation);
            _active.AddOrUpdate(key, 0, (_, count) => count - 1);
            Interlocked.Increment(ref _done);
            return new Outcome.Success();
        }

        private sealed class OnNode(CountingTarget target, string node) : IRunner
        {
            public string Kind => "counting";

            public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant) => [];

            public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation) =>
                target.RunAsync(node, attempt, cancellation);
        }
    }

    private sealed class NoOutputs : IAttemptOutputs
    {
        public IOpenAttemptOutput Open(LeasedRun leased) => new Nothing();

        private sealed class Nothing : IOpenAttemptOutput
        {
            public void Write(ReadOnlySpan<byte> bytes) { }

            public void WriteLine(string line) { }

            public void Progress(double fraction, string? note = null) { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

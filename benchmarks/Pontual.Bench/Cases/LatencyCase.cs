using System.Diagnostics;
using Pontual.Engine.Hosting;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>From the wish for a run to its start, on an idle system, one at a time; on PostgreSQL also from one node to another.</summary>
internal sealed class LatencyCase : ICase
{
    public string Name => "latency";

    public string Summary =>
        "enqueue to start on an idle system, 2,000 runs one after the other, on SQLite and on PostgreSQL where one is given";

    public IReadOnlyList<string> Aims => ["enqueue to start, idle system: p99 10 ms on PostgreSQL (stretch 5), 5 ms on SQLite (stretch 2)"];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var times = options.Of(2_000, 2_000, 50);
        List<Figure> figures = [];
        await using (var node = await Node.StartAsync(options.OnSqlite, NodeRoles.All))
        {
            figures.AddRange(await MeasureAsync("SQLite: enqueue to start", node, node, times, "5 (2)"));
        }

        if (options.Postgres is not null)
        {
            await using (var node = await Node.StartAsync(options, NodeRoles.All))
            {
                figures.AddRange(await MeasureAsync("PostgreSQL: enqueue to start", node, node, times, "10 (5)"));
            }

            await using var asks = await Node.StartAsync(options, NodeRoles.Api);
            await using var works = await Node.StartAsync(options, NodeRoles.Worker);
            figures.AddRange(await MeasureAsync("PostgreSQL: enqueue on one node to start on another", asks, works, times, "10 (5)"));
        }

        return figures;
    }

    private static async Task<Figure[]> MeasureAsync(string what, Node asks, Node works, int times, string aim)
    {
        var job = BenchEngine.Job("seen", "seen");
        await asks.Engine.DefineAsync([job]);
        var waits = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var started = works.NextStart();
            var asked = Stopwatch.GetTimestamp();
            await asks.Engine.Requests.EnqueueAsync(job.Name, new RunWish(), CancellationToken.None);
            waits.Add(Stopwatch.GetElapsedTime(asked, await started.WaitAsync(TimeSpan.FromSeconds(10))).TotalMilliseconds);
        }

        waits.RemoveRange(0, times / 10);
        return
        [
            new Figure($"{what} p50", Samples.Percentile(waits, 0.5), "ms"),
            new Figure($"{what} p99", Samples.Percentile(waits, 0.99), "ms") { Aim = aim },
        ];
    }

    /// <summary>An engine whose handler says when it starts.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private TaskCompletionSource<long> _started = new();

        public BenchEngine Engine { get; private set; } = null!;

        public static async Task<Node> StartAsync(BenchOptions options, NodeRoles roles)
        {
            var node = new Node();
            node.Engine = await BenchEngine.CreateAsync(
                options,
                services => services.AddJobHandler("seen", (_, _) => node.Seen()),
                concurrency: 100,
                roles
            );
            await node.Engine.StartAsync();
            await node.Engine.EnteredAsync();
            return node;
        }

        /// <returns>Completes with the instant of the next start.</returns>
        public Task<long> NextStart()
        {
            var started = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _started, started);
            return started.Task;
        }

        public ValueTask DisposeAsync() => Engine.DisposeAsync();

        private Task<HandlerResult> Seen()
        {
            Volatile.Read(ref _started).TrySetResult(Stopwatch.GetTimestamp());
            return Task.FromResult(HandlerResult.Ok());
        }
    }
}

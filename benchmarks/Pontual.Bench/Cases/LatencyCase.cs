using System.Diagnostics;
using Pontual.Engine.Hosting;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>From the wish for a run to its start, on an idle system, one at a time; on PostgreSQL also from one node to another.</summary>
internal sealed class LatencyCase : ICase
{
    private const int Times = 2_000;

    public string Name => "latency";

    public string Summary => $"enqueue to start on an idle system, {Times:N0} runs one after the other";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        List<Figure> figures = [];
        await using (var node = await Node.StartAsync(options, NodeRoles.All))
        {
            figures.AddRange(await MeasureAsync("enqueue to start", node, node));
        }

        if (options.Postgres is not null)
        {
            await using var asks = await Node.StartAsync(options, NodeRoles.Api);
            await using var works = await Node.StartAsync(options, NodeRoles.Worker);
            figures.AddRange(await MeasureAsync("enqueue on one node to start on another", asks, works));
        }

        return figures;
    }

    private static async Task<Figure[]> MeasureAsync(string what, Node asks, Node works)
    {
        var job = BenchEngine.Job("seen", "seen");
        await asks.Engine.DefineAsync([job]);
        var waits = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var started = works.NextStart();
            var asked = Stopwatch.GetTimestamp();
            await asks.Engine.Requests.EnqueueAsync(job.Name, new RunWish(), CancellationToken.None);
            waits.Add(Stopwatch.GetElapsedTime(asked, await started.WaitAsync(TimeSpan.FromSeconds(10))).TotalMilliseconds);
        }

        waits.RemoveRange(0, Times / 10);
        return
        [
            new Figure($"{what} p50", Samples.Percentile(waits, 0.5), "ms"),
            new Figure($"{what} p99", Samples.Percentile(waits, 0.99), "ms"),
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

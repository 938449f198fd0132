using System.Diagnostics;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>From the wish for a run to its start, on an idle system, one at a time.</summary>
internal sealed class LatencyCase : ICase
{
    private const int Times = 2_000;

    public string Name => "latency";

    public string Summary => $"enqueue to start on an idle system, {Times:N0} runs one after the other";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var started = new TaskCompletionSource<long>();
        await using var engine = await BenchEngine.CreateAsync(
            options,
            services =>
                services.AddJobHandler(
                    "seen",
                    (_, _) =>
                    {
                        Volatile.Read(ref started).TrySetResult(Stopwatch.GetTimestamp());
                        return Task.FromResult(HandlerResult.Ok());
                    }
                ),
            concurrency: 100
        );
        var job = BenchEngine.Job("seen", "seen");
        await engine.DefineAsync([job]);
        await engine.StartAsync();
        var waits = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            Volatile.Write(ref started, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
            var asked = Stopwatch.GetTimestamp();
            await engine.Requests.EnqueueAsync(job.Name, new RunWish(), CancellationToken.None);
            waits.Add(Stopwatch.GetElapsedTime(asked, await started.Task.WaitAsync(TimeSpan.FromSeconds(10))).TotalMilliseconds);
        }

        waits.RemoveRange(0, Times / 10);
        return
        [
            new Figure("enqueue to start p50", Samples.Percentile(waits, 0.5), "ms"),
            new Figure("enqueue to start p99", Samples.Percentile(waits, 0.99), "ms"),
        ];
    }
}

using System.Diagnostics;
using Pontual.Engine.Requests;

namespace Pontual.Bench.Cases;

/// <summary>Wishes for runs, one by one from 16 callers (each waits for its commit), and in bulk.</summary>
internal sealed class EnqueueCase : ICase
{
    private const int Callers = 16;
    private const int Each = 4_000;
    private const int Bulk = 200_000;
    private const int PerCall = 10_000;

    public string Name => "enqueue";

    public string Summary => $"runs/s enqueued one by one from {Callers} callers, and in bulk; every answer is after its commit";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        await using var engine = await BenchEngine.CreateAsync(options, _ => { }, concurrency: 1);
        var job = BenchEngine.Job("enqueue", "nothing");
        await engine.DefineAsync([job]);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(100)));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(Each)));
        var single = Callers * Each / clock.Elapsed.TotalSeconds;
        var wishes = Enumerable.Repeat(new RunWish(), PerCall).ToList();
        clock.Restart();
        for (var i = 0; i < Bulk / PerCall; i++)
        {
            await engine.Requests.EnqueueAsync(job.Name, wishes, CancellationToken.None);
        }

        return
        [
            new Figure($"one by one, {Callers} callers", single, "runs/s"),
            new Figure($"bulk, {PerCall:N0} a call", Bulk / clock.Elapsed.TotalSeconds, "runs/s"),
        ];

        async Task CallAsync(int times)
        {
            await Task.Yield();
            for (var i = 0; i < times; i++)
            {
                await engine.Requests.EnqueueAsync(job.Name, new RunWish(), CancellationToken.None);
            }
        }
    }
}

using System.Diagnostics;
using Pontual.Bench.Peers;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>A queue of no-op runs claimed, run and settled with history kept, beside Quartz.NET on the same kind of database.</summary>
internal sealed class DrainCase(string name, bool onPostgres) : ICase
{
    private const int Runs = 200_000;
    private const int Jobs = 1_000;
    private const int PeerRuns = 2_000;

    public string Name => name;

    public string Summary => $"runs/s of a drain of {Runs:N0} no-op runs of {Jobs:N0} jobs, claim + settle, history kept";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        if (onPostgres && options.Postgres is null)
        {
            throw new ArgumentException($"{name} needs --postgres CONNECTION.");
        }

        var where = onPostgres ? options : new BenchOptions(null);
        List<double> drains = [];
        List<double> enqueues = [];
        for (var round = 0; round < 3; round++)
        {
            var (enqueued, drained) = await OnceAsync(where);
            enqueues.Add(enqueued);
            drains.Add(drained);
        }

        var peer = onPostgres ? (Enqueued: (double?)null, Drained: (double?)null) : await PeerAsync();
        var label = peer.Drained is null ? null : "Quartz 4.7.3 on SQLite";
        return
        [
            new Figure("drain, cold process", drains[0], "runs/s", label, peer.Drained),
            new Figure("drain, median of 3", Samples.Percentile(drains, 0.5), "runs/s", label, peer.Drained),
            new Figure("enqueue in bulk of 1,000", Samples.Percentile(enqueues, 0.5), "runs/s", label, peer.Enqueued),
        ];
    }

    private static async Task<(double Enqueued, double Drained)> OnceAsync(BenchOptions options)
    {
        var done = new TaskCompletionSource();
        var left = Runs;
        await using var engine = await BenchEngine.CreateAsync(
            options,
            services =>
                services.AddJobHandler(
                    "noop",
                    (_, _) =>
                    {
                        if (Interlocked.Decrement(ref left) == 0)
                        {
                            done.SetResult();
                        }

                        return NoOp;
                    }
                ),
            concurrency: 2_000
        );
        var names = Enumerable.Range(0, Jobs).Select(i => BenchEngine.Job($"drain-{i}", "noop")).ToList();
        await engine.DefineAsync(names);
        var wishes = Enumerable.Repeat(new RunWish(), Runs / Jobs).ToList();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(names.Select(job => engine.Requests.EnqueueAsync(job.Name, wishes, CancellationToken.None)));
        var enqueued = Runs / clock.Elapsed.TotalSeconds;
        clock.Restart();
        await engine.StartAsync();
        await done.Task.WaitAsync(TimeSpan.FromMinutes(5));
        return (enqueued, Runs / clock.Elapsed.TotalSeconds);
    }

    private static readonly Task<HandlerResult> NoOp = Task.FromResult(HandlerResult.Ok());

    private static async Task<(double? Enqueued, double? Drained)> PeerAsync()
    {
        var folder = Directory.CreateTempSubdirectory("quartz-bench-").FullName;
        var (enqueued, drained) = await QuartzPeer.SqliteDrainAsync(Path.Combine(folder, "quartz.db"), PeerRuns);
        Directory.Delete(folder, recursive: true);
        return (enqueued, drained);
    }
}

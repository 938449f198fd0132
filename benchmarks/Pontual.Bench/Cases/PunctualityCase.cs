using System.Collections.Concurrent;
using System.Diagnostics;
using Pontual.Bench.Peers;
using Pontual.Runners.Handler;
using Pontual.Scheduling.Schedules;

namespace Pontual.Bench.Cases;

/// <summary>How late runs start that are due on the same second, beside Quartz.NET from memory, and what waiting for one costs.</summary>
internal sealed class PunctualityCase : ICase
{
    private const int Seconds = 20;

    public string Name => "punctuality";

    public string Summary =>
        $"actual start minus due time, 100 and 1,000 jobs due on each second for {Seconds} s, the first second and all others counted";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var (idle, _) = await OursAsync(options, 1);
        var figures = new List<Figure>();
        foreach (var jobs in new[] { 100, 1_000 })
        {
            var (_, late) = await OursAsync(options, jobs);
            var theirs = await QuartzPeer.PunctualityAsync(jobs, Seconds);
            Figure At(string label, double share) =>
                new($"{jobs:N0}/s: {label}", Samples.Percentile(late, share), "ms", "Quartz in memory", Samples.Percentile(theirs, share));
            figures.AddRange([At("lateness p50", 0.5), At("lateness p99", 0.99), At("lateness max", 1)]);
            figures.Add(new Figure($"{jobs:N0}/s: runs counted", late.Count, "runs", "Quartz in memory", theirs.Count));
        }

        figures.Add(new Figure("CPU of a core with one job due each second", idle * 100, "%"));
        return figures;
    }

    private static async Task<(double Cpu, IReadOnlyCollection<double> Late)> OursAsync(BenchOptions options, int jobs)
    {
        var seen = new ConcurrentQueue<(DateTimeOffset Due, double Late)>();
        await using var engine = await BenchEngine.CreateAsync(
            options,
            services =>
                services.AddJobHandler(
                    "late",
                    (context, _) =>
                    {
                        seen.Enqueue((context.Run.DueAt, (TimeProvider.System.GetUtcNow() - context.Run.DueAt).TotalMilliseconds));
                        return Task.FromResult(HandlerResult.Ok());
                    }
                ),
            concurrency: 2_000
        );
        var second = new EverySchedule(TimeSpan.FromSeconds(1));
        await engine.DefineAsync(Enumerable.Range(0, jobs).Select(i => BenchEngine.Job($"late-{i}", "late", second, new { every = "1s" })));
        await engine.StartAsync();

        // As the peer, which is given its triggers three seconds before the first.
        await Task.Delay(TimeSpan.FromSeconds(2));
        var from = TimeProvider.System.GetUtcNow();
        var (spent, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(Seconds + 1));
        var cpu = (Environment.CpuUsage.TotalTime - spent) / clock.Elapsed;
        return (cpu, [.. seen.Where(run => run.Due > from && run.Due <= from.AddSeconds(Seconds)).Select(run => run.Late)]);
    }
}

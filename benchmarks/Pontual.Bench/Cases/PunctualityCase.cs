using System.Collections.Concurrent;
using Pontual.Bench.Peers;
using Pontual.Runners.Handler;
using Pontual.Scheduling.Schedules;

namespace Pontual.Bench.Cases;

/// <summary>How late runs start that are due on the same second, beside Quartz.NET from memory.</summary>
internal sealed class PunctualityCase : ICase
{
    private const int Jobs = 1_000;
    private const int Seconds = 20;

    public string Name => "punctuality";

    public string Summary => $"actual start minus due time, {Jobs:N0} jobs due on each second for {Seconds} s, all counted";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var ours = await OursAsync(options);
        var theirs = await QuartzPeer.PunctualityAsync(Jobs, Seconds);
        Figure At(string label, double share) =>
            new(label, Samples.Percentile(ours, share), "ms", "Quartz in memory", Samples.Percentile(theirs, share));
        return
        [
            At("lateness p50", 0.5),
            At("lateness p99", 0.99),
            At("lateness max", 1),
            new Figure("runs counted", ours.Count, "runs", "Quartz in memory", theirs.Count),
        ];
    }

    private static async Task<IReadOnlyCollection<double>> OursAsync(BenchOptions options)
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
        await engine.DefineAsync(Enumerable.Range(0, Jobs).Select(i => BenchEngine.Job($"late-{i}", "late", second, new { every = "1s" })));
        await engine.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        var from = TimeProvider.System.GetUtcNow();
        await Task.Delay(TimeSpan.FromSeconds(Seconds + 1));
        return [.. seen.Where(run => run.Due > from && run.Due <= from.AddSeconds(Seconds)).Select(run => run.Late)];
    }
}

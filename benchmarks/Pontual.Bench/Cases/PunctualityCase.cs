using System.Collections.Concurrent;
using System.Diagnostics;
using Pontual.Bench.Peers;
using Pontual.Runners.Handler;
using Pontual.Scheduling.Schedules;

namespace Pontual.Bench.Cases;

/// <summary>How late runs start that are due on the same second, beside Quartz.NET on the same PostgreSQL and from memory, and what waiting for one costs.</summary>
internal sealed class PunctualityCase : ICase
{
    private const string InMemory = "Quartz in memory";
    private const string OnPostgres = "Quartz on PostgreSQL";

    public string Name => "punctuality";

    public string Summary =>
        "actual start minus due time, 100 and 1,000 jobs due on each second for 20 s, every second counted; on PostgreSQL also 50 and 200";

    public IReadOnlyList<string> Aims =>
        ["recurring, 1,000 due on each second, PostgreSQL: p50 1 ms, p99 8 ms (stretch p99 5 ms), better than every peer in memory"];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var seconds = options.Of(20, 10, 2);
        var (idle, _) = await OursAsync(options, 1, seconds);
        List<Figure> figures = [];
        foreach (var (jobs, peer) in Rounds(options))
        {
            var (cpu, late) = await OursAsync(options, jobs, seconds);
            var theirs = await TheirsAsync(options, jobs, seconds, peer);
            figures.AddRange(Figures(jobs, late, peer, theirs));
            figures.Add(new Figure($"{jobs:N0}/s: CPU of a core, without the database's", cpu * 100, "%"));
        }

        figures.Add(new Figure("CPU of a core with one job due each second", idle * 100, "%"));
        return figures;
    }

    /// <summary>Quartz stands beside us on PostgreSQL at numbers that it can do there.</summary>
    private static IEnumerable<(int Jobs, string Peer)> Rounds(BenchOptions options) =>
        options.Server is null
            ? [(100, InMemory), (1_000, InMemory)]
            : [(50, OnPostgres), (100, InMemory), (200, OnPostgres), (1_000, InMemory)];

    private static IEnumerable<Figure> Figures(int jobs, IReadOnlyList<double> ours, string peer, IReadOnlyList<double> theirs)
    {
        foreach (
            var (label, share, aim) in (IEnumerable<(string, double, string)>)[("p50", 0.5, "1"), ("p99", 0.99, "8 (5)"), ("max", 1, "")]
        )
        {
            yield return new Figure(
                $"{jobs:N0}/s: lateness {label}",
                Samples.Percentile(ours, share),
                "ms",
                peer,
                Samples.Percentile(theirs, share)
            )
            {
                Aim = jobs == 1_000 && aim.Length > 0 ? aim : null,
            };
        }

        yield return new Figure($"{jobs:N0}/s: runs counted", ours.Count, "runs", peer, theirs.Count);
    }

    private static async Task<IReadOnlyList<double>> TheirsAsync(BenchOptions options, int jobs, int seconds, string peer)
    {
        await using var place = peer == OnPostgres ? await options.Server!.FreshAsync() : null;
        return await QuartzPeer.PunctualityAsync(jobs, seconds, place);
    }

    private static async Task<(double Cpu, IReadOnlyList<double> Late)> OursAsync(BenchOptions options, int jobs, int seconds)
    {
        await using var place = options.Server is { } server ? await server.FreshAsync() : null;
        var seen = new ConcurrentQueue<(DateTimeOffset Due, double Late)>();
        await using var engine = await BenchEngine.CreateAsync(
            options with
            {
                Postgres = place?.Connection,
            },
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
        await Task.Delay(TimeSpan.FromSeconds(seconds + 1));
        var cpu = (Environment.CpuUsage.TotalTime - spent) / clock.Elapsed;
        return (cpu, [.. seen.Where(run => run.Due > from && run.Due <= from.AddSeconds(seconds)).Select(run => run.Late)]);
    }
}

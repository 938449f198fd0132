using System.Diagnostics;
using Pontual.Scheduling.Schedules;

namespace Pontual.Bench.Cases;

/// <summary>What schedules cost that are not due.</summary>
internal sealed class IdleSchedulesCase : ICase
{
    private const int Schedules = 100_000;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public string Name => "idle-schedules";

    public string Summary =>
        $"CPU and memory of a whole engine that holds {Schedules:N0} schedules, none due, over {Watched.TotalSeconds} s";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var empty = await MeasureAsync(options, 0);
        var full = await MeasureAsync(options, Schedules);
        return
        [
            new Figure("idle CPU, no schedules", empty.Cpu, "% of a core"),
            new Figure($"idle CPU, {Schedules:N0} schedules", full.Cpu, "% of a core"),
            new Figure("resident memory, no schedules", empty.Memory, "MB"),
            new Figure($"resident memory, {Schedules:N0} schedules", full.Memory, "MB"),
        ];
    }

    private static async Task<(double Cpu, double Memory)> MeasureAsync(BenchOptions options, int schedules)
    {
        await using var engine = await BenchEngine.CreateAsync(options, _ => { }, concurrency: 200);
        var yearly = new OnceSchedule(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < schedules; i += 10_000)
        {
            await engine.DefineAsync(
                Enumerable
                    .Range(i, 10_000)
                    .Select(n => BenchEngine.Job($"idle-{n}", "nothing", yearly, new { at = "2099-01-01T00:00:00Z" }))
            );
        }

        await engine.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(Watched);
        process.Refresh();
        var cpu = (process.TotalProcessorTime - before) / Watched * 100;
        return (cpu, process.WorkingSet64 / 1048576.0);
    }
}

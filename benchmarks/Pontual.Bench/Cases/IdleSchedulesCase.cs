using System.Diagnostics;
using System.Globalization;
using Pontual.Scheduling.Schedules;

namespace Pontual.Bench.Cases;

/// <summary>What schedules cost that are not due. Each number of them is measured in a process of its own, whose memory nothing else has touched.</summary>
internal sealed class IdleSchedulesCase : ICase
{
    private const int PerCall = 10_000;

    public string Name => "idle-schedules";

    public string Summary =>
        "CPU and memory of an engine that holds 0, 100,000 and 1,000,000 schedules of which none is due, for 20 s, 20 s after its start";

    public IReadOnlyList<string> Aims =>
        ["schedules held, 1,000,000 idle: CPU under 1 % of a core, resident memory grows by less than 50 MB (stretch: flat)"];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var figures = new List<Figure>();
        var seconds = options.Of(20, 20, 2);
        double? none = null;
        foreach (var schedules in (int[])[0, options.Of(100_000, 100_000, 10_000), options.Of(1_000_000, 1_000_000, 20_000)])
        {
            await using var place = options.Server is { } server ? await server.FreshAsync() : null;
            var folder = Directory.CreateTempSubdirectory("pontual-bench-idle-").FullName;
            await DefineAsync(new BenchOptions(place?.Connection) { Folder = folder }, schedules);
            var (cpu, memory) = await WatchAsync(place?.Connection ?? folder, seconds);
            Directory.Delete(folder, recursive: true);
            none ??= memory;
            figures.Add(new Figure($"idle CPU, {schedules:N0} schedules", cpu, "% of a core") { Aim = "under 1" });
            figures.Add(new Figure($"resident memory, {schedules:N0} schedules", memory, "MB") { Aim = $"under {none + 50:0}" });
        }

        return [.. figures.OrderBy(figure => figure.Unit)];
    }

    /// <summary>The process that is watched: an engine over what <see cref="DefineAsync"/> left; prints its CPU share and memory.</summary>
    public static async Task ServeAsync(string where, string seconds)
    {
        var options = where.Contains('=') ? new BenchOptions(where) : new BenchOptions(null) { Folder = where };
        await using var engine = await BenchEngine.CreateAsync(options, _ => { }, concurrency: 200);
        await engine.StartAsync();

        // What a start costs (compiling, the first look at everything) is over by then.
        var watched = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        await Task.Delay(watched);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(watched);
        process.Refresh();
        var cpu = (process.TotalProcessorTime - before) / watched * 100;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cpu} {process.WorkingSet64 / 1048576.0}"));
    }

    private static async Task DefineAsync(BenchOptions options, int schedules)
    {
        await using var engine = await BenchEngine.CreateAsync(options, _ => { }, concurrency: 1);
        var far = new OnceSchedule(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < schedules; i += PerCall)
        {
            await engine.DefineAsync(
                Enumerable.Range(i, PerCall).Select(n => BenchEngine.Job($"idle-{n}", "nothing", far, new { at = "2099-01-01T00:00:00Z" }))
            );
        }
    }

    private static async Task<(double Cpu, double Memory)> WatchAsync(string where, int seconds)
    {
        var start = BenchProcess.Info("idle", where, seconds.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var words = (await process.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }
}

using System.Diagnostics;
using System.Globalization;
using Pontual.Scheduling.Schedules;

namespace Pontual.Bench.Cases;

/// <summary>What schedules cost that are not due. Each number of them is measured in a process of its own, whose memory nothing else has touched.</summary>
internal sealed class IdleSchedulesCase : ICase
{
    private const int PerCall = 10_000;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public string Name => "idle-schedules";

    public string Summary =>
        $"CPU and memory of an engine that holds schedules of which none is due, over {Watched.TotalSeconds} s after a start";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var figures = new List<Figure>();
        foreach (var schedules in (int[])[0, 100_000, 1_000_000])
        {
            await using var place = options.Server is { } server ? await server.FreshAsync() : null;
            var folder = Directory.CreateTempSubdirectory("pontual-bench-idle-").FullName;
            await DefineAsync(new BenchOptions(place?.Connection) { Folder = folder }, schedules);
            var (cpu, memory) = await WatchAsync(place?.Connection ?? folder);
            Directory.Delete(folder, recursive: true);
            figures.Add(new Figure($"idle CPU, {schedules:N0} schedules", cpu, "% of a core"));
            figures.Add(new Figure($"resident memory, {schedules:N0} schedules", memory, "MB"));
        }

        return [.. figures.OrderBy(figure => figure.Unit)];
    }

    /// <summary>The process that is watched: an engine over what <see cref="DefineAsync"/> left; prints its CPU share and memory.</summary>
    public static async Task ServeAsync(string where)
    {
        var options = where.Contains('=') ? new BenchOptions(where) : new BenchOptions(null) { Folder = where };
        await using var engine = await BenchEngine.CreateAsync(options, _ => { }, concurrency: 200);
        await engine.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(Watched);
        process.Refresh();
        var cpu = (process.TotalProcessorTime - before) / Watched * 100;
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

    private static async Task<(double Cpu, double Memory)> WatchAsync(string where)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(IdleSchedulesCase).Assembly.Location, "idle", where])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var words = (await process.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }
}

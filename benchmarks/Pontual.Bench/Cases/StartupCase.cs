using System.Diagnostics;
using System.Globalization;

namespace Pontual.Bench.Cases;

/// <summary>The program itself, as a user starts it: from the start of the process to its first run, and the memory it then holds.</summary>
internal sealed class StartupCase : ICase
{
    private const int Rounds = 5;

    public string Name => "startup";

    public string Summary => "from starting `pontual serve` to its first run, and its resident memory when idle";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        List<double> waits = [];
        List<double> memory = [];
        var folder = Directory.CreateTempSubdirectory("pontual-startup-").FullName;
        var pack = Path.Combine(folder, "pack.yaml");
        await File.WriteAllTextAsync(
            pack,
            "jobs:\n  - name: first\n    schedule: { every: 1s }\n    target: { process: { command: \"date +%s%N\" } }\n    log: first.log\n"
        );
        for (var round = 0; round < Rounds; round++)
        {
            var (wait, resident) = await OnceAsync(folder, pack, round);
            waits.Add(wait);
            memory.Add(resident);
        }

        Directory.Delete(folder, recursive: true);
        return
        [
            new Figure("start to first run, median (the job is due every second)", Samples.Percentile(waits, 0.5), "ms"),
            new Figure("resident memory, median", Samples.Percentile(memory, 0.5), "MB"),
        ];
    }

    private static async Task<(double Wait, double Memory)> OnceAsync(string folder, string pack, int round)
    {
        var data = Path.Combine(folder, $"data-{round}");
        var program = Path.Combine(AppContext.BaseDirectory, "pontual.dll");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])[program, "serve", "--data", data, "--pack", pack, "--urls", "http://127.0.0.1:0"])
        {
            start.ArgumentList.Add(argument);
        }

        var log = Path.Combine(data, "logs", "first.log");
        var asked = TimeProvider.System.GetUtcNow();
        using var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var limit = Stopwatch.StartNew();
        string? line = null;
        while (line is null && limit.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(10);
            line = File.Exists(log) ? (await File.ReadAllLinesAsync(log)).FirstOrDefault() : null;
        }

        var began = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(line ?? "0", CultureInfo.InvariantCulture) / 1_000_000);
        await Task.Delay(TimeSpan.FromSeconds(2));
        process.Refresh();
        var memory = process.WorkingSet64 / 1048576.0;
        process.Kill();
        await process.WaitForExitAsync();
        return ((began - asked).TotalMilliseconds, memory);
    }
}

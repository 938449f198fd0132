using System.Globalization;
using Pontual.Bench.Sqlite;

namespace Pontual.Bench.Cases;

/// <summary>The program itself, as a user starts it: from the start of the process to its first run, and the memory it holds, also with 10,000 jobs.</summary>
internal sealed class StartupCase : ICase
{
    private const string FirstJob =
        "jobs:\n  - name: first\n    schedule: { every: 1s }\n    target: { process: { command: \"date +%s%N\" } }\n    log: first.log\n";

    public string Name => "startup";

    public string Summary =>
        "from starting `pontual serve` to its first run, and its resident memory when idle with one job and with 10,000 (PONTUAL_BENCH_PROGRAM: another build)";

    public IReadOnlyList<string> Aims =>
        [
            "start of pontual serve to first run: under 1 s (stretch 500 ms)",
            "resident memory, all roles, idle with 10,000 jobs: under 150 MB (stretch 100 MB)",
        ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("pontual-startup-").FullName;
        try
        {
            return [.. await FirstRunAsync(folder, options.Of(5, 5, 1)), .. await ManyJobsAsync(folder, options)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Figure[]> FirstRunAsync(string folder, int rounds)
    {
        List<double> waits = [];
        List<double> memory = [];
        var pack = Path.Combine(folder, "pack.yaml");
        await File.WriteAllTextAsync(pack, FirstJob);
        for (var round = 0; round < rounds; round++)
        {
            var (wait, resident) = await OnceAsync(Path.Combine(folder, $"data-{round}"), pack);
            waits.Add(wait);
            memory.Add(resident);
        }

        return
        [
            new Figure("start to first run, median (the job is due every second)", Samples.Percentile(waits, 0.5), "ms")
            {
                Aim = "under 1,000 (500)",
            },
            new Figure("resident memory, median", Samples.Percentile(memory, 0.5), "MB"),
        ];
    }

    private static async Task<(double Wait, double Memory)> OnceAsync(string data, string pack)
    {
        var log = Path.Combine(data, "logs", "first.log");
        var asked = TimeProvider.System.GetUtcNow();
        await using var serve = ServeProcess.Start(data, pack);
        string? line = null;
        await serve.UntilAsync(async () =>
        {
            line = File.Exists(log) ? (await File.ReadAllLinesAsync(log)).FirstOrDefault() : null;
            return line is not null;
        });
        var began = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(line!, CultureInfo.InvariantCulture) / 1_000_000);
        await Task.Delay(TimeSpan.FromSeconds(2));
        return ((began - asked).TotalMilliseconds, serve.ResidentMemory);
    }

    /// <summary>Right after a pack has brought them, when reading it has left its rubbish, and after a start that finds them there.</summary>
    private static async Task<Figure[]> ManyJobsAsync(string folder, BenchOptions options)
    {
        var jobs = options.Of(10_000, 10_000, 200);
        var idle = TimeSpan.FromSeconds(options.Of(20, 20, 2));
        var (data, pack) = (Path.Combine(folder, "many"), Path.Combine(folder, "many.yaml"));
        var list = Enumerable
            .Range(0, jobs)
            .Select(i =>
                $"  - name: job-{i}\n    schedule: {{ at: \"2099-01-01T00:00:00Z\" }}\n    target: {{ http: {{ url: http://127.0.0.1:9 }} }}\n"
            );
        await File.WriteAllTextAsync(pack, "jobs:\n" + string.Concat(list));
        return
        [
            new Figure($"resident memory, {jobs:N0} jobs, pack just applied", await IdleAsync(data, pack, jobs, idle), "MB"),
            new Figure($"resident memory, {jobs:N0} jobs", await IdleAsync(data, null, jobs, idle), "MB") { Aim = "under 150 (100)" },
        ];
    }

    private static async Task<double> IdleAsync(string data, string? pack, int jobs, TimeSpan idle)
    {
        await using var serve = ServeProcess.Start(data, pack);
        await serve.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(data, "server.json"))));
        await using var store = new SqliteDrainStore(data);
        await serve.UntilAsync(async () => await store.JobsAsync() == jobs);
        await Task.Delay(idle);
        return serve.ResidentMemory;
    }
}

using System.Diagnostics;
using Pontual.Bench.Cases;
using Pontual.Bench.Postgres;

namespace Pontual.Bench;

/// <summary>Every benchmark one after the other, each in a process (and on a PostgreSQL) of its own, so that none sees what another left and one that fails stops no other.</summary>
internal sealed class AllRun(IReadOnlyList<ICase> cases, string? postgres, BenchSize size, string output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <returns>0 when all ended well.</returns>
    public async Task<int> RunAsync()
    {
        var before = File.Exists(output) ? File.ReadLines(output).Count() : 0;
        List<(string Name, double Seconds, string How)> ends = [];
        foreach (var chosen in cases)
        {
            var clock = Stopwatch.StartNew();
            var how = await OneAsync(chosen);
            ends.Add((chosen.Name, clock.Elapsed.TotalSeconds, how));
        }

        Console.WriteLine($"All benchmarks, size {size.ToString().ToLowerInvariant()}:");
        Console.WriteLine(Report.Table(File.Exists(output) ? [.. File.ReadLines(output).Skip(before).SelectMany(Report.Read)] : []));
        foreach (var (name, seconds, how) in ends)
        {
            Console.WriteLine($"  {name, -16} {seconds, 5:0} s  {how}");
        }

        Console.WriteLine($"The figures are in {output}; in all {ends.Sum(end => end.Seconds) / 60:0.0} min.");
        return ends.TrueForAll(end => end.How == "ok") ? 0 : 1;
    }

    private async Task<string> OneAsync(ICase chosen)
    {
        try
        {
            await using var server =
                postgres is null && !chosen.NeedsPostgres
                    ? null
                    : await PostgresServer.StartAsync(postgres is null or "own" ? null : postgres);
            string[] where = server is null ? [] : ["--postgres", server.Connection];
            var start = BenchProcess.Info([chosen.Name, "--size", $"{size}", "--out", output, .. where]);
            using var process = Process.Start(start)!;
            return await EndAsync(process);
        }
        catch (Exception problem) when (problem is ArgumentException or Npgsql.NpgsqlException)
        {
            return problem.Message;
        }
    }

    private static async Task<string> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? "ok" : $"failed ({process.ExitCode}): see above";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return $"ended after {Longest.TotalMinutes} min";
        }
    }
}

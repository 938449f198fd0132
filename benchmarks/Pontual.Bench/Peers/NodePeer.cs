using System.Diagnostics;
using System.Text.Json;
using Pontual.Bench.Postgres;

namespace Pontual.Bench.Peers;

/// <summary>Queues written for Node.js, measured by the scripts of benchmarks/peers: installed once into artifacts/, with a Node.js of their own.</summary>
internal static class NodePeer
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Each with its name.</summary>
    public static readonly IReadOnlyList<(string Label, Func<PostgresPlace, int, Task<Drain?>> Measure)> All =
    [
        ("graphile-worker 0.18 (keeps no history)", GraphileWorkerAsync),
        ("pg-boss 12", PgBossAsync),
    ];

    /// <summary>Jobs per second of graphile-worker 0.18: local queue of 500, batched completion. It deletes what is done.</summary>
    private static Task<Drain?> GraphileWorkerAsync(PostgresPlace place, int jobs) => RunAsync("graphile-worker.mjs", place, jobs);

    /// <summary>Jobs per second of pg-boss 12: 500 a fetch and a completion, four at a time.</summary>
    private static Task<Drain?> PgBossAsync(PostgresPlace place, int jobs) => RunAsync("pg-boss.mjs", place, jobs);

    /// <returns>Null, and a line that says why, where Node.js or the packages cannot be had.</returns>
    private static async Task<Drain?> RunAsync(string script, PostgresPlace place, int jobs)
    {
        try
        {
            var folder = await InstallAsync();
            var node = Path.Combine(folder, "node_modules", "node", "bin", "node");
            var output = await OutputAsync(node, folder, script, place.Uri, $"{jobs}");
            return JsonSerializer.Deserialize<Drain>(output, JsonSerializerOptions.Web);
        }
        catch (Exception problem) when (problem is InvalidOperationException or System.ComponentModel.Win32Exception or JsonException)
        {
            Console.Error.WriteLine($"{script} was not measured: {problem.Message}");
            return null;
        }
    }

    private static async Task<string> InstallAsync()
    {
        var root = Environment.GetEnvironmentVariable("PONTUAL_ROOT") ?? Directory.GetCurrentDirectory();
        var folder = Path.Combine(root, "artifacts", "peers");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(root, "benchmarks", "peers")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        if (!Directory.Exists(Path.Combine(folder, "node_modules", "pg-boss")))
        {
            await OutputAsync("npm", folder, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error");
        }

        return folder;
    }

    private static async Task<string> OutputAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Longest);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException tooLong)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} took longer than {Longest.TotalMinutes} min.", tooLong);
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {(await errors).Trim()}");
    }
}

/// <summary>What a queue did.</summary>
/// <param name="Enqueued">Jobs put in per second, in bulk.</param>
/// <param name="Drained">Jobs claimed, run and completed per second.</param>
internal sealed record Drain(double Enqueued, double Drained);

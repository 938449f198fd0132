using System.Diagnostics;
using Npgsql;
using Pontual.Bench.Postgres;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>What one, two and four node processes drain together from one PostgreSQL: what a further node brings, and where the database ends.</summary>
internal sealed class NodesCase : ICase
{
    private const int Jobs = 1_000;
    private const int WarmUp = 2_000;

    public string Name => "nodes";

    public string Summary => "runs/s of a drain of 200,000 no-op runs by one, two and four node processes on one PostgreSQL, history kept";

    public IReadOnlyList<string> Aims => ["no target: what a further node brings (docs/operate/scale.md)"];

    public bool NeedsPostgres => true;

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var figures = new List<Figure>();
        foreach (var nodes in (int[])[1, 2, 4])
        {
            await using var place = await options.Server!.FreshAsync();
            figures.Add(
                new Figure(
                    $"drain, {nodes} {(nodes == 1 ? "node" : "nodes")}",
                    await DrainAsync(place, nodes, options.Of(200_000, 200_000, 2_000)),
                    "runs/s"
                )
            );
        }

        return figures;
    }

    /// <summary>A node process of its own: it works until its standard input ends.</summary>
    public static async Task ServeAsync(string connection)
    {
        await using var engine = await EngineAsync(connection);
        await engine.StartAsync();
        await Console.In.ReadToEndAsync();
    }

    private static Task<BenchEngine> EngineAsync(string connection) =>
        BenchEngine.CreateAsync(
            new BenchOptions(connection),
            services => services.AddJobHandler("noop", (_, _) => Task.FromResult(HandlerResult.Ok())),
            concurrency: 2_000
        );

    private static async Task<double> DrainAsync(PostgresPlace place, int nodes, int runs)
    {
        await using var engine = await EngineAsync(place.Connection);
        var jobs = Enumerable.Range(0, Jobs).Select(i => BenchEngine.Job($"drain-{i}", "noop")).ToList();
        await engine.DefineAsync(jobs);
        var processes = Enumerable.Range(0, nodes).Select(_ => Start(place.Connection)).ToList();
        try
        {
            await EnteredAsync(place, processes);
            await EnqueueAsync(engine, jobs, WarmUp, notBefore: null);
            await EndedAsync(place, WarmUp);
            var start = TimeProvider.System.GetUtcNow().AddSeconds(15);
            await EnqueueAsync(engine, jobs, runs, start);
            if (TimeProvider.System.GetUtcNow() >= start)
            {
                throw new InvalidOperationException("The queue was not filled in time: the machine is too busy to measure.");
            }

            return runs / (await EndedAsync(place, WarmUp + runs) - start).TotalSeconds;
        }
        finally
        {
            foreach (var process in processes)
            {
                process.StandardInput.Close();
                await process.WaitForExitAsync();
                process.Dispose();
            }
        }
    }

    /// <exception cref="InvalidOperationException">A node did not come: fewer than were asked for would be measured.</exception>
    private static async Task EnteredAsync(PostgresPlace place, List<Process> processes)
    {
        await using var connection = new NpgsqlConnection(place.Connection);
        await connection.OpenAsync();
        await using var entered = new NpgsqlCommand("SELECT count(*) FROM pontual.node", connection);
        var limit = Stopwatch.StartNew();
        while ((long)(await entered.ExecuteScalarAsync())! < processes.Count)
        {
            if (processes.Exists(process => process.HasExited) || limit.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException("A node process ended, or did not enter within 1 min.");
            }

            await Task.Delay(50);
        }
    }

    private static Task EnqueueAsync(BenchEngine engine, List<Engine.Jobs.JobDefinition> jobs, int runs, DateTimeOffset? notBefore)
    {
        var wishes = Enumerable.Repeat(new RunWish(NotBefore: notBefore), runs / Jobs).ToList();
        return Task.WhenAll(jobs.Select(job => engine.Requests.EnqueueAsync(job.Name, wishes, CancellationToken.None)));
    }

    private static Process Start(string connection)
    {
        var start = BenchProcess.Info("node", connection);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    /// <returns>When the last of them ended, once all have.</returns>
    private static async Task<DateTimeOffset> EndedAsync(PostgresPlace place, int runs)
    {
        await using var connection = new NpgsqlConnection(place.Connection);
        await connection.OpenAsync();
        await using var waiting = new NpgsqlCommand("SELECT 1 FROM pontual.run LIMIT 1", connection);
        var limit = Stopwatch.StartNew();
        while (await waiting.ExecuteScalarAsync() is not null)
        {
            if (limit.Elapsed > TimeSpan.FromMinutes(5))
            {
                throw new InvalidOperationException("The queue was not drained within 5 min.");
            }

            await Task.Delay(100);
        }

        await using var ended = new NpgsqlCommand("SELECT count(*), max(finished_at) FROM pontual.run_history", connection);
        await using var reader = await ended.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0) == runs
            ? new DateTimeOffset(reader.GetDateTime(1), TimeSpan.Zero)
            : throw new InvalidOperationException($"{reader.GetInt64(0)} of {runs} runs are in the history.");
    }
}

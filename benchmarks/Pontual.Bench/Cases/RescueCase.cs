using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Pontual.Bench.Postgres;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>A node process that holds running runs is killed (SIGKILL): how long until each of them starts on the other node, and whether each is accounted for.</summary>
internal sealed class RescueCase : ICase
{
    private const int Jobs = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // Rounds differ in how long after its last sign of life the node dies.
    private static readonly TimeSpan Shift = TimeSpan.FromMilliseconds(700);

    // At the lower bound, the price of which is a renewal every second and a stop after 2 s without the database.
    private static readonly LeaseOptions Shortest = new()
    {
        Duration = TimeSpan.FromSeconds(3),
        RenewEvery = TimeSpan.FromSeconds(1),
        StopAfter = TimeSpan.FromSeconds(2),
    };

    public string Name => "rescue";

    public string Summary =>
        "from kill -9 of a node process with 200 running runs to the start of each on the other node; retries 100 ms after the loss is seen";

    public IReadOnlyList<string> Aims => ["rescue of a killed node's runs: under 15 s (stretch 5 s)"];

    public bool NeedsPostgres => true;

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var runs = options.Of(200, 200, 20);
        var rounds = options.Of(8, 5, 1);
        List<Figure> figures = [];
        foreach (var lease in (LeaseOptions[])[new(), Shortest])
        {
            List<double> waits = [];
            for (var round = 0; round < rounds; round++)
            {
                waits.AddRange(await RoundAsync(options, lease, runs, round * Shift));
            }

            var name = $"kill to start, lease of {lease.Duration.TotalSeconds} s";
            figures.Add(new Figure($"{name}, p50", Samples.Percentile(waits, 0.5), "s"));
            figures.Add(new Figure($"{name}, max", waits.Max(), "s") { Aim = "at most 15 (5)" });
            figures.Add(new Figure($"{name}, runs started again, each once", waits.Count, "runs") { Aim = $"{runs * rounds:N0}" });
        }

        return figures;
    }

    /// <summary>The node process that is killed: it says "held" once it runs that many and ends none.</summary>
    public static async Task HoldAsync(string connection, string folder, string runs, string lease)
    {
        var left = int.Parse(runs, CultureInfo.InvariantCulture);
        await using var engine = await EngineAsync(
            new BenchOptions(connection) { Folder = folder },
            lease == Word(Shortest) ? Shortest : new LeaseOptions(),
            async (_, stop) =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    await Console.Out.WriteLineAsync("held");
                }

                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
                return HandlerResult.Ok();
            }
        );
        await engine.StartAsync();
        await Console.In.ReadToEndAsync();
    }

    /// <returns>Seconds from the kill to the start of each run.</returns>
    private static async Task<IEnumerable<double>> RoundAsync(BenchOptions options, LeaseOptions lease, int runs, TimeSpan shift)
    {
        await using var place = await options.Server!.FreshAsync();
        var starts = new ConcurrentDictionary<(Guid Run, int Attempt), long>();
        await using var rescuer = await EngineAsync(
            new BenchOptions(place.Connection),
            lease,
            (context, _) =>
            {
                starts[(context.Run.Id, context.Attempt)] = Stopwatch.GetTimestamp();
                return Task.FromResult(HandlerResult.Ok());
            }
        );
        await EnqueueAsync(rescuer, runs);
        var folder = Directory.CreateTempSubdirectory("pontual-bench-held-").FullName;
        using var holder = Start(place.Connection, folder, runs, lease);
        try
        {
            await HeldAsync(holder);
            await rescuer.StartAsync();
            await rescuer.EnteredAsync();
            await Task.Delay(lease.RenewEvery + shift);
            var killed = Stopwatch.GetTimestamp();
            holder.Kill();
            await CheckAsync(place.Connection, starts, runs);
            return starts.Values.Select(at => Stopwatch.GetElapsedTime(killed, at).TotalSeconds);
        }
        finally
        {
            holder.Kill();
            await holder.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<BenchEngine> EngineAsync(
        BenchOptions options,
        LeaseOptions lease,
        Func<HandlerContext, CancellationToken, Task<HandlerResult>> run
    ) => BenchEngine.CreateAsync(options, services => services.AddJobHandler("held", run), concurrency: 2_000, lease: lease);

    private static async Task EnqueueAsync(BenchEngine engine, int runs)
    {
        var again = new RetryPolicy(2, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100), FailureKinds.LeaseLost);
        var jobs = Enumerable.Range(0, Jobs).Select(i => BenchEngine.Job($"held-{i}", "held") with { Retry = again }).ToList();
        await engine.DefineAsync(jobs);
        var wishes = Enumerable.Repeat(new RunWish(), runs / Jobs).ToList();
        await Task.WhenAll(jobs.Select(job => engine.Requests.EnqueueAsync(job.Name, wishes, CancellationToken.None)));
    }

    private static Process Start(string connection, string folder, int runs, LeaseOptions lease)
    {
        var start = BenchProcess.Info("hold", connection, folder, runs.ToString(CultureInfo.InvariantCulture), Word(lease));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }

    private static string Word(LeaseOptions lease) => $"{lease.Duration.TotalSeconds}";

    private static async Task HeldAsync(Process holder)
    {
        while (await holder.StandardOutput.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            if (line == "held")
            {
                return;
            }
        }

        throw new InvalidOperationException("The node ended before it held its runs.");
    }

    /// <exception cref="InvalidOperationException">A run was lost, began twice on the other node, or did not begin a second attempt.</exception>
    private static async Task CheckAsync(string connection, ConcurrentDictionary<(Guid Run, int Attempt), long> starts, int runs)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        var store = new DrainStore(source);
        var waited = Stopwatch.StartNew();
        while (starts.Count < runs || !await store.IsDrainedAsync())
        {
            if (waited.Elapsed > Limit)
            {
                throw new InvalidOperationException($"{starts.Count} of {runs} runs started within {Limit.TotalSeconds} s of the kill.");
            }

            await Task.Delay(50);
        }

        await store.CheckAsync(runs, stuck: 0);
        if (starts.Count != runs || starts.Keys.Any(start => start.Attempt != 2))
        {
            throw new InvalidOperationException($"{runs} runs began {starts.Count} times on the other node.");
        }
    }
}

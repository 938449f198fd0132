using Pontual.Bench.Peers;
using Pontual.Bench.Postgres;

namespace Pontual.Bench.Cases;

/// <summary>A queue of no-op runs claimed, run and settled with history kept, beside Quartz.NET on the same kind of database.</summary>
internal sealed class DrainCase(string name, bool onPostgres) : ICase
{
    private const int Jobs = 1_000;

    public string Name => name;

    public bool NeedsPostgres => onPostgres;

    public string Summary =>
        "runs/s of a drain of 200,000 no-op runs of 1,000 jobs, claim + settle, history kept"
        + (onPostgres ? "" : "; the same after 2,000,000 runs");

    public IReadOnlyList<string> Aims =>
        onPostgres
            ?
            [
                "drain of 200,000 on PostgreSQL: 100,000/s, cold process 80,000 (stretch 160,000), and 2 x graphile-worker",
                "against Quartz.NET 4.7.3 at its best setting: 100 x (stretch 200 x)",
            ]
            :
            [
                "drain of 200,000 on SQLite, synchronous=FULL: 90,000/s (stretch 150,000)",
                "the same with 2,000,000 runs of history: 60,000/s (stretch 120,000)",
            ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var where = onPostgres ? options : options.OnSqlite;
        var drain = new Drain(options.Of(200_000, 200_000, 2_000), Jobs) { RunsAtOnce = 200_000 };
        List<double> drains = [];
        List<double> enqueues = [];
        for (var round = 0; round < 3; round++)
        {
            var (enqueued, drained) = await OnceAsync(where, drain);
            enqueues.Add(enqueued);
            drains.Add(drained);
        }

        var peerRuns = options.Of(2_000, 2_000, 50);
        var quartz = onPostgres
            ? await QuartzPeer.PostgresDrainAsync(options.Server!, peerRuns)
            : await QuartzPeer.SqliteDrainAsync(peerRuns);
        var label = $"Quartz 4.7.3 on {(onPostgres ? "PostgreSQL" : "SQLite")}";
        var median = Samples.Percentile(drains, 0.5);
        var (cold, warm) = onPostgres ? ("80,000", "100,000 (160,000), 100 x") : ((string?)null, "90,000 (150,000)");
        List<Figure> figures =
        [
            new("drain, cold process", drains[0], "runs/s", label, quartz.Drained) { Aim = cold },
            new("drain, median of 3", median, "runs/s", label, quartz.Drained) { Aim = warm },
            new($"enqueue in bulk, {drain.Runs / Jobs} a call", Samples.Percentile(enqueues, 0.5), "runs/s", label, quartz.Enqueued),
        ];
        return onPostgres
            ? [.. figures, .. await OthersAsync(options.Server!, drain.Runs, median)]
            : [.. figures, .. await AfterManyAsync(where, drain, median)];
    }

    private static async Task<(double Enqueued, double Drained)> OnceAsync(BenchOptions options, Drain drain)
    {
        if (options.Server is not { } server)
        {
            return await drain.RunAsync(options);
        }

        await using var place = await server.FreshAsync();
        return await drain.RunAsync(options with { Postgres = place.Connection });
    }

    /// <summary>The history is made as histories are: by as many runs, in the same file.</summary>
    private static async Task<Figure[]> AfterManyAsync(BenchOptions options, Drain drain, double before)
    {
        var many = new Drain(options.Of(2_000_000, 2_000_000, 10_000), Jobs);
        var folder = Directory.CreateTempSubdirectory("pontual-bench-drain-").FullName;
        var (_, sustained) = await many.RunAsync(options with { Folder = folder });
        var (_, after) = await (drain with { Before = many.Runs }).RunAsync(options with { Folder = folder });
        Directory.Delete(folder, recursive: true);
        return
        [
            new Figure($"drain of {many.Runs:N0}", sustained, "runs/s"),
            new Figure($"drain with {many.Runs:N0} runs of history", after, "runs/s", "without, median", before)
            {
                Aim = "60,000 (120,000)",
            },
        ];
    }

    /// <summary>The fastest queues of other ecosystems, where Node.js is present.</summary>
    private static async Task<List<Figure>> OthersAsync(PostgresServer server, int runs, double ours)
    {
        var figures = new List<Figure>();
        foreach (var (label, measure) in NodePeer.All)
        {
            await using var place = await server.FreshAsync();
            if (await measure(place, runs) is { } drain)
            {
                figures.Add(new Figure("drain, median of 3", ours, "runs/s", label, drain.Drained) { Aim = "2 x" });
            }
        }

        return figures;
    }
}

using Pontual.Bench.Peers;
using Pontual.Bench.Postgres;

namespace Pontual.Bench.Cases;

/// <summary>A queue of no-op runs claimed, run and settled with history kept, beside Quartz.NET on the same kind of database.</summary>
internal sealed class DrainCase(string name, bool onPostgres) : ICase
{
    private const int Runs = 200_000;
    private const int Jobs = 1_000;
    private const int PeerRuns = 2_000;

    public string Name => name;

    public bool NeedsPostgres => onPostgres;

    public string Summary => $"runs/s of a drain of {Runs:N0} no-op runs of {Jobs:N0} jobs, claim + settle, history kept";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var where = onPostgres ? options : new BenchOptions(null);
        List<double> drains = [];
        List<double> enqueues = [];
        for (var round = 0; round < 3; round++)
        {
            var (enqueued, drained) = await OnceAsync(where);
            enqueues.Add(enqueued);
            drains.Add(drained);
        }

        var quartz = onPostgres
            ? await QuartzPeer.PostgresDrainAsync(options.Server!, PeerRuns)
            : await QuartzPeer.SqliteDrainAsync(PeerRuns);
        var label = $"Quartz 4.7.3 on {(onPostgres ? "PostgreSQL" : "SQLite")}";
        var median = Samples.Percentile(drains, 0.5);
        List<Figure> figures =
        [
            new("drain, cold process", drains[0], "runs/s", label, quartz.Drained),
            new("drain, median of 3", median, "runs/s", label, quartz.Drained),
            new($"enqueue in bulk, {Runs / Jobs} a call", Samples.Percentile(enqueues, 0.5), "runs/s", label, quartz.Enqueued),
        ];
        return onPostgres ? [.. figures, .. await OthersAsync(options.Server!, median)] : figures;
    }

    private static async Task<(double Enqueued, double Drained)> OnceAsync(BenchOptions options)
    {
        var drain = new Drain(Runs, Jobs) { RunsAtOnce = Runs };
        if (options.Server is not { } server)
        {
            return await drain.RunAsync(options);
        }

        await using var place = await server.FreshAsync();
        return await drain.RunAsync(options with { Postgres = place.Connection });
    }

    /// <summary>The fastest queues of other ecosystems, where Node.js is present.</summary>
    private static async Task<List<Figure>> OthersAsync(PostgresServer server, double ours)
    {
        var figures = new List<Figure>();
        foreach (var (label, measure) in NodePeer.All)
        {
            await using var place = await server.FreshAsync();
            if (await measure(place, Runs) is { } drain)
            {
                figures.Add(new Figure("drain, median of 3", ours, "runs/s", label, drain.Drained));
            }
        }

        return figures;
    }
}

namespace Pontual.Bench.Cases;

/// <summary>The drain on PostgreSQL under what slows queues down: many runs, runs that never move, a transaction that stays open.</summary>
internal sealed class BacklogCase : ICase
{
    public string Name => "postgres-backlog";

    public string Summary =>
        "the drain of 200,000 runs as it is, beside 100,000 stuck runs, under an open transaction, and of 2,000,000 runs";

    public IReadOnlyList<string> Aims =>
        [
            "drain sustained over 2,000,000 runs on PostgreSQL: 80,000/s (stretch 150,000)",
            "with 100,000 stuck runs, and with a transaction open: at least 70 % of the plain figure (stretch 90 %)",
        ];

    public bool NeedsPostgres => true;

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var plain = new Drain(options.Of(200_000, 200_000, 2_000), Jobs: 1_000);
        var (many, stuck) = (options.Of(2_000_000, 2_000_000, 20_000), options.Of(100_000, 100_000, 1_000));
        var (_, cold) = await OnceAsync(options, plain);
        var (enqueued, warm) = await OnceAsync(options, plain);
        var (_, besideStuck) = await OnceAsync(options, plain with { Stuck = stuck });
        var (_, open) = await OnceAsync(options, plain with { OpenTransaction = true });
        var (enqueuedMany, sustained) = await OnceAsync(options, plain with { Runs = many });
        return
        [
            new Figure("drain, cold process", cold, "runs/s"),
            new Figure("drain, warm", warm, "runs/s"),
            new Figure($"with {stuck:N0} stuck runs", besideStuck, "runs/s", "without", warm) { Aim = "0.7 x (0.9 x)" },
            new Figure("with a transaction open all along", open, "runs/s", "without", warm) { Aim = "0.7 x (0.9 x)" },
            new Figure($"{many:N0} runs", sustained, "runs/s") { Aim = "80,000 (150,000)" },
            new Figure("enqueue in bulk", enqueued, "runs/s"),
            new Figure($"enqueue in bulk, {many:N0} runs", enqueuedMany, "runs/s"),
        ];
    }

    private static async Task<(double Enqueued, double Drained)> OnceAsync(BenchOptions options, Drain drain)
    {
        await using var place = await options.Server!.FreshAsync();
        return await drain.RunAsync(options with { Postgres = place.Connection });
    }
}

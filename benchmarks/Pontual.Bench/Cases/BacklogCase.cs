namespace Pontual.Bench.Cases;

/// <summary>The drain on PostgreSQL under what slows queues down: many runs, runs that never move, a transaction that stays open.</summary>
internal sealed class BacklogCase : ICase
{
    private const int Runs = 200_000;
    private const int Many = 2_000_000;
    private const int Stuck = 100_000;

    public string Name => "postgres-backlog";

    public string Summary =>
        $"the drain of {Runs:N0} runs as it is, beside {Stuck:N0} stuck runs, under an open transaction, and of {Many:N0} runs";

    public bool NeedsPostgres => true;

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var plain = new Drain(Runs, Jobs: 1_000);
        var (_, cold) = await OnceAsync(options, plain);
        var (enqueued, warm) = await OnceAsync(options, plain);
        var (_, stuck) = await OnceAsync(options, plain with { Stuck = Stuck });
        var (_, open) = await OnceAsync(options, plain with { OpenTransaction = true });
        var (enqueuedMany, many) = await OnceAsync(options, plain with { Runs = Many });
        return
        [
            new Figure("drain, cold process", cold, "runs/s"),
            new Figure("drain, warm", warm, "runs/s"),
            new Figure($"with {Stuck:N0} stuck runs", stuck, "runs/s", "without", warm),
            new Figure("with a transaction open all along", open, "runs/s", "without", warm),
            new Figure($"{Many:N0} runs", many, "runs/s"),
            new Figure("enqueue in bulk", enqueued, "runs/s"),
            new Figure($"enqueue in bulk, {Many:N0} runs", enqueuedMany, "runs/s"),
        ];
    }

    private static async Task<(double Enqueued, double Drained)> OnceAsync(BenchOptions options, Drain drain)
    {
        await using var place = await options.Server!.FreshAsync();
        return await drain.RunAsync(options with { Postgres = place.Connection });
    }
}

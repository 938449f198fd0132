using System.Diagnostics;
using Npgsql;
using Pontual.Bench.Postgres;
using Pontual.Engine.Requests;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>One drain: a queue of no-op runs is filled, an engine empties it, and what is in the database afterwards is counted.</summary>
/// <param name="Runs">How many; a multiple of <paramref name="Jobs"/>.</param>
/// <param name="Jobs">Of how many jobs.</param>
internal sealed record Drain(int Runs, int Jobs)
{
    private static readonly Task<HandlerResult> NoOp = Task.FromResult(HandlerResult.Ok());
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs added before the next ones of the same jobs are: jobs take turns in the queue.</summary>
    public int RunsAtOnce { get; init; } = 20_000;

    /// <summary>Runs in the way that never move; PostgreSQL only.</summary>
    public int Stuck { get; init; }

    /// <summary>Keeps a transaction open from before the first claim; PostgreSQL only.</summary>
    public bool OpenTransaction { get; init; }

    /// <returns>Runs added and ended in a second, until the last is in the history.</returns>
    public async Task<(double Enqueued, double Drained)> RunAsync(BenchOptions options)
    {
        var done = new TaskCompletionSource();
        var left = Runs;
        await using var engine = await BenchEngine.CreateAsync(
            options,
            services =>
                services.AddJobHandler(
                    "noop",
                    (_, _) =>
                    {
                        if (Interlocked.Decrement(ref left) == 0)
                        {
                            done.SetResult();
                        }

                        return NoOp;
                    }
                ),
            concurrency: 2_000
        );
        var enqueued = await FillAsync(engine);
        await using var source = options.Postgres is { } postgres ? NpgsqlDataSource.Create(postgres) : null;
        var store = source is null ? null : new DrainStore(source);
        if (Stuck > 0)
        {
            await store!.AddStuckAsync(Stuck);
        }

        await using var open = OpenTransaction ? await store!.OpenTransactionAsync() : null;
        var clock = Stopwatch.StartNew();
        await engine.StartAsync();
        await done.Task.WaitAsync(Limit);
        while (store is not null && !await store.IsDrainedAsync())
        {
            await Task.Delay(5);
        }

        var drained = Runs / clock.Elapsed.TotalSeconds;
        await (store?.CheckAsync(Runs, Stuck) ?? Task.CompletedTask);
        return (enqueued, drained);
    }

    // Jobs take turns, some runs of each, so that runs of all jobs stand side by side in the queue.
    private async Task<double> FillAsync(BenchEngine engine)
    {
        var jobs = Enumerable.Range(0, Jobs).Select(i => BenchEngine.Job($"drain-{i}", "noop")).ToList();
        await engine.DefineAsync(jobs);
        var clock = Stopwatch.StartNew();
        for (var added = 0; added < Runs; added += RunsAtOnce)
        {
            var wishes = Enumerable.Repeat(new RunWish(), Math.Min(RunsAtOnce, Runs - added) / Jobs).ToList();
            await Task.WhenAll(jobs.Select(job => engine.Requests.EnqueueAsync(job.Name, wishes, CancellationToken.None)));
        }

        return Runs / clock.Elapsed.TotalSeconds;
    }
}

using System.Diagnostics;
using Npgsql;
using Pontual.Bench.Postgres;
using Pontual.Bench.Sqlite;
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

    /// <summary>Runs that the history holds before; SQLite only.</summary>
    public int Before { get; init; }

    /// <summary>Runs in the way that never move; PostgreSQL only.</summary>
    public int Stuck { get; init; }

    /// <summary>Keeps a transaction open from before the first claim; PostgreSQL only.</summary>
    public bool OpenTransaction { get; init; }

    /// <returns>Runs added and ended in a second, until the last is in the history.</returns>
    public async Task<(double Enqueued, double Drained)> RunAsync(BenchOptions options) =>
        options.Postgres is { } postgres ? await OnPostgresAsync(options, postgres)
        : options.Folder is { } kept ? await OnSqliteAsync(options, kept)
        : await OnSqliteAsync(options);

    private async Task<(double Enqueued, double Drained)> OnPostgresAsync(BenchOptions options, string connection)
    {
        var left = new Countdown(Runs);
        await using var engine = await EngineAsync(options, left);
        var enqueued = await FillAsync(engine);
        await using var source = NpgsqlDataSource.Create(connection);
        var store = new DrainStore(source);
        if (Stuck > 0)
        {
            await store.AddStuckAsync(Stuck);
        }

        await using var open = OpenTransaction ? await store.OpenTransactionAsync() : null;
        var drained = await EmptyAsync(engine, left, store.IsDrainedAsync);
        await store.CheckAsync(Runs, Stuck);
        return (enqueued, drained);
    }

    private async Task<(double Enqueued, double Drained)> OnSqliteAsync(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("pontual-bench-drain-").FullName;
        var both = await OnSqliteAsync(options with { Folder = folder }, folder);
        Directory.Delete(folder, recursive: true);
        return both;
    }

    private async Task<(double Enqueued, double Drained)> OnSqliteAsync(BenchOptions options, string folder)
    {
        var left = new Countdown(Runs);
        await using var engine = await EngineAsync(options, left);
        var enqueued = await FillAsync(engine);
        await using var store = new SqliteDrainStore(folder);
        var drained = await EmptyAsync(engine, left, store.IsDrainedAsync);
        await store.CheckAsync(Before + Runs);
        return (enqueued, drained);
    }

    private static Task<BenchEngine> EngineAsync(BenchOptions options, Countdown left) =>
        BenchEngine.CreateAsync(
            options,
            services =>
                services.AddJobHandler(
                    "noop",
                    (_, _) =>
                    {
                        left.Down();
                        return NoOp;
                    }
                ),
            concurrency: 2_000
        );

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

    private async Task<double> EmptyAsync(BenchEngine engine, Countdown left, Func<Task<bool>> isDrained)
    {
        var clock = Stopwatch.StartNew();
        await engine.StartAsync();
        await left.Over.WaitAsync(Limit);
        while (!await isDrained())
        {
            if (clock.Elapsed > Limit)
            {
                throw new InvalidOperationException($"{Runs:N0} runs were not in the history within {Limit.TotalMinutes} min.");
            }

            await Task.Delay(5);
        }

        return Runs / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Runs that have not begun.</summary>
    private sealed class Countdown(int runs)
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = runs;

        public Task Over => _over.Task;

        public void Down()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _over.SetResult();
            }
        }
    }
}

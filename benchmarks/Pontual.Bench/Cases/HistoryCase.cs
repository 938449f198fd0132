using System.Diagnostics;
using Npgsql;
using Pontual.Bench.Postgres;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Bench.Cases;

/// <summary>What a page asks of a long history: lists of all, of a job, of failures, further pages, one run.</summary>
internal sealed class HistoryCase : ICase
{
    private const int Days = 30;
    private const int Jobs = 1_000;
    private const int Asked = 60;
    private const int Usual = 10_000_000;

    public string Name => "history";

    public string Summary => $"queries of a page with {Usual:N0} runs of history in {Days} days (PONTUAL_BENCH_ROWS for another number)";

    public IReadOnlyList<string> Aims => ["history queries a page makes, with 10 million runs: p95 under 20 ms (stretch 5 ms)"];

    public bool NeedsPostgres => true;

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var rows = options.Rows ?? options.Of(Usual, 3_000_000, 30_000);
        await using var engine = await BenchEngine.CreateAsync(options, _ => { }, concurrency: 10);
        await engine.DefineAsync(Enumerable.Range(0, Jobs).Select(i => BenchEngine.Job($"job-{i}", "noop")));
        await using var source = NpgsqlDataSource.Create(options.Postgres!);
        var history = new HistoryStore(source);
        var today = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero);
        for (var day = 1; day <= Days; day++)
        {
            await history.AddDayAsync(today.AddDays(-day), rows / Days);
        }

        await history.SettleDownAsync();
        var some = await engine.Views.ListAsync(new RunQuery { From = today.AddDays(-2), Limit = 500 }, CancellationToken.None);
        return
        [
            new Figure("runs of history", await history.CountAsync(), "runs"),
            .. await AskAsync("newest page", _ => new RunQuery()),
            .. await AskAsync("a page far back", i => new RunQuery { Before = RunId.Lowest(today.AddDays(-i % Days).AddHours(-i)) }),
            .. await AskAsync("of a job", i => new RunQuery { Job = JobOf(i) }),
            .. await AskAsync("failed", i => new RunQuery { State = RunState.Failed, Before = RunId.Lowest(today.AddHours(-i)) }),
            .. await AskAsync("failed of a job", i => new RunQuery { Job = JobOf(i), State = RunState.Failed }),
            .. await AskAsync("cancelled, of which there is none", _ => new RunQuery { State = RunState.Cancelled }),
            .. await TimeAsync("one run", i => engine.Views.FindAsync(some[i % some.Count].Id, CancellationToken.None)),
        ];

        Task<Figure[]> AskAsync(string what, Func<int, RunQuery> query) =>
            TimeAsync(what, i => engine.Views.ListAsync(query(i), CancellationToken.None));
    }

    private static JobName JobOf(int index) => JobName.Parse($"job-{index * 13 % Jobs}");

    private static async Task<Figure[]> TimeAsync(string what, Func<int, Task> ask)
    {
        var times = new List<double>();
        for (var i = 0; i < Asked; i++)
        {
            var clock = Stopwatch.StartNew();
            await ask(i);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return
        [
            new Figure($"{what}, p50", Samples.Percentile(times, 0.5), "ms"),
            new Figure($"{what}, p95", Samples.Percentile(times, 0.95), "ms") { Aim = "under 20 (5)" },
        ];
    }
}

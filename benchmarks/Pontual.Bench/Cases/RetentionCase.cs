using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Pontual.Bench.Postgres;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Runners.Handler;

namespace Pontual.Bench.Cases;

/// <summary>A day of history too old to keep goes while runs are added, run and looked at beside it.</summary>
internal sealed class RetentionCase : ICase
{
    private static readonly Task<HandlerResult> NoOp = Task.FromResult(HandlerResult.Ok());
    private const int Usual = 7_000_000;
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(5);

    public string Name => "retention";

    public string Summary => $"a day of {Usual:N0} runs is dropped beside a light load (PONTUAL_BENCH_ROWS for another number)";

    public IReadOnlyList<string> Aims =>
        ["retention of 7 million rows: dropped by partition under 100 ms, no statement beside it slowed past 50 ms"];

    public bool NeedsPostgres => true;

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var rows = options.Rows ?? options.Of(Usual, 2_000_000, 20_000);
        await using var engine = await BenchEngine.CreateAsync(options, services => services.AddJobHandler("noop", (_, _) => NoOp), 200);
        var job = BenchEngine.Job("light", "noop");
        await engine.DefineAsync([job]);
        await using var source = NpgsqlDataSource.Create(options.Postgres!);
        var history = new HistoryStore(source);
        var now = DateTimeOffset.UtcNow;
        await history.AddDayAsync(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-40), rows);
        await engine.StartAsync();

        using var over = new CancellationTokenSource();
        var beside = new ConcurrentQueue<(DateTimeOffset At, double Milliseconds)>();
        var loads = new[]
        {
            LoadAsync(() => engine.Requests.EnqueueAsync(job.Name, [new RunWish()], CancellationToken.None)),
            LoadAsync(() => engine.Views.ListAsync(new RunQuery(), CancellationToken.None)),
        };
        await Task.Delay(Around);
        var began = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        var tries = 1;
        while (!(await engine.Runs.KeepDaysAsync(now, now.AddDays(-30), CancellationToken.None)).IsDone)
        {
            tries++;
        }

        var took = clock.Elapsed.TotalMilliseconds;
        await Task.Delay(Around);
        await over.CancelAsync();
        await Task.WhenAll(loads);
        if (await history.CountAsync() >= rows)
        {
            throw new InvalidOperationException("The day is still there.");
        }

        return
        [
            new Figure($"{rows:N0} runs dropped, tries: {tries}", took, "ms") { Aim = "under 100" },
            new Figure("slowest call while they went", Slowest(at => at >= began && at <= began.AddMilliseconds(took)), "ms")
            {
                Aim = "under 50",
            },
            new Figure("slowest call before", Slowest(at => at < began), "ms"),
            new Figure("slowest call in the 5 s after", Slowest(at => at > began.AddMilliseconds(took)), "ms"),
        ];

        double Slowest(Func<DateTimeOffset, bool> when) =>
            beside
                .Where(call => when(call.At.AddMilliseconds(call.Milliseconds)))
                .Select(call => call.Milliseconds)
                .DefaultIfEmpty(0)
                .Max();

        async Task LoadAsync(Func<Task> call)
        {
            while (!over.IsCancellationRequested)
            {
                var (at, one) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
                await call();
                beside.Enqueue((at, one.Elapsed.TotalMilliseconds));
                await Task.Delay(5);
            }
        }
    }
}

using System.Diagnostics;
using Pontual.Bench.Peers;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;

namespace Pontual.Bench.Cases;

/// <summary>Wishes for runs, one by one from 16 callers (each waits for its commit), and in bulk.</summary>
internal sealed class EnqueueCase : ICase
{
    private const int Callers = 16;
    private const int PerCall = 10_000;

    public string Name => "enqueue";

    public string Summary => $"runs/s enqueued one by one from {Callers} callers, and in bulk; every answer is after its commit";

    public IReadOnlyList<string> Aims => [$"enqueue: one by one from {Callers} callers 20,000/s, in bulk 200,000/s"];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        await using var engine = await BenchEngine.CreateAsync(options, _ => { }, concurrency: 1);
        var jobs = Enumerable.Range(0, Callers).Select(i => BenchEngine.Job($"enqueue-{i}", "nothing")).ToList();
        await engine.DefineAsync(jobs);
        await OneByOneAsync(engine, jobs, 100);
        var each = options.Of(4_000, 1_000, 20);
        var oneJob = await OneByOneAsync(engine, [jobs[0]], each);
        var jobEach = await OneByOneAsync(engine, jobs, each);
        var bulk = await BulkAsync(engine, jobs[0], options.Of(1_000_000, 200_000, 10_000));
        var quartz = options.Server is { } server
            ? await QuartzPeer.PostgresEnqueueAsync(server, Callers, options.Of(100, 50, 3))
            : (double?)null;
        var label = quartz is null ? null : "Quartz 4.7.3 on PostgreSQL";
        return
        [
            new Figure($"one by one, {Callers} callers, one job", oneJob, "runs/s", label, quartz) { Aim = "20,000" },
            new Figure($"one by one, {Callers} callers, a job each", jobEach, "runs/s", label, quartz) { Aim = "20,000" },
            new Figure($"bulk, {PerCall:N0} a call", bulk, "runs/s") { Aim = "200,000" },
        ];
    }

    private static async Task<double> OneByOneAsync(BenchEngine engine, List<JobDefinition> jobs, int each)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(jobs[caller % jobs.Count].Name)));
        return Callers * each / clock.Elapsed.TotalSeconds;

        async Task CallAsync(JobName job)
        {
            await Task.Yield();
            for (var i = 0; i < each; i++)
            {
                await engine.Requests.EnqueueAsync(job, new RunWish(), CancellationToken.None);
            }
        }
    }

    private static async Task<double> BulkAsync(BenchEngine engine, JobDefinition job, int runs)
    {
        var wishes = Enumerable.Repeat(new RunWish(), PerCall).ToList();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < runs / PerCall; i++)
        {
            await engine.Requests.EnqueueAsync(job.Name, wishes, CancellationToken.None);
        }

        return runs / clock.Elapsed.TotalSeconds;
    }
}

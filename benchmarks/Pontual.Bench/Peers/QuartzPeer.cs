using System.Collections.Concurrent;
using System.Diagnostics;
using Quartz;

namespace Pontual.Bench.Peers;

/// <summary>Quartz.NET 4.7.3 doing the same work, on its in-memory store or on SQLite.</summary>
internal static class QuartzPeer
{
    /// <summary>Lateness in ms of <paramref name="jobs"/> triggers that fire on each second, for some seconds, from memory.</summary>
    public static async Task<IReadOnlyList<double>> PunctualityAsync(int jobs, int seconds)
    {
        LatenessJob.Seen = [];
        var scheduler = await QuartzSchedulerBuilder
            .Create(builder =>
            {
                builder.UseDefaultThreadPool(100);
                builder.ConfigureScheduler(options => options.MaxBatchSize = 100);
            })
            .BuildScheduler();
        var start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3);
        for (var i = 0; i < jobs; i++)
        {
            var trigger = TriggerBuilder
                .Create()
                .WithIdentity($"t{i}")
                .StartAt(start)
                .WithSimpleSchedule(x => x.WithInterval(TimeSpan.FromSeconds(1)).WithRepeatCount(seconds - 1))
                .Build();
            await scheduler.ScheduleJob(JobBuilder.Create<LatenessJob>().WithIdentity($"j{i}").Build(), trigger);
        }

        await scheduler.Start();
        await UntilAsync(() => LatenessJob.Seen.Count >= jobs * seconds, TimeSpan.FromSeconds(seconds + 20));
        await scheduler.Shutdown();
        return [.. LatenessJob.Seen];
    }

    /// <summary>No-op runs per second: <paramref name="runs"/> one-off triggers on one shared job, kept in SQLite, drained.</summary>
    public static async Task<(double Enqueued, double Drained)> SqliteDrainAsync(string file, int runs)
    {
        CountJob.Done = 0;
        var scheduler = await QuartzSchedulerBuilder
            .Create(builder =>
            {
                builder.UseDefaultThreadPool(10);
                builder.ConfigureScheduler(options => options.MaxBatchSize = 10);
                builder.UsePersistentStore(store =>
                {
                    store.UseSqlite($"Data Source={file}");
                    store.ConfigureStore(options => options.SchemaProvisioning = SchemaProvisioning.CreateIfMissing);
                });
            })
            .BuildScheduler();
        var job = JobBuilder.Create<CountJob>().WithIdentity("count").StoreDurably().Build();
        await scheduler.AddJob(job);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < runs; i++)
        {
            await scheduler.ScheduleJob(TriggerBuilder.Create().ForJob(job).WithIdentity($"o{i}").StartNow().Build());
        }

        var enqueued = runs / clock.Elapsed.TotalSeconds;
        clock.Restart();
        await scheduler.Start();
        await UntilAsync(() => Volatile.Read(ref CountJob.Done) >= runs, TimeSpan.FromMinutes(5));
        var drained = CountJob.Done / clock.Elapsed.TotalSeconds;
        await scheduler.Shutdown();
        return (enqueued, drained);
    }

    private static async Task UntilAsync(Func<bool> done, TimeSpan atMost)
    {
        var clock = Stopwatch.StartNew();
        while (!done() && clock.Elapsed < atMost)
        {
            await Task.Delay(5);
        }
    }

    private sealed class LatenessJob : IJob
    {
        public static ConcurrentBag<double> Seen = [];

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            Seen.Add((TimeProvider.System.GetUtcNow() - context.ScheduledFireTimeUtc!.Value).TotalMilliseconds);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class CountJob : IJob
    {
        public static int Done;

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref Done);
            return ValueTask.CompletedTask;
        }
    }
}

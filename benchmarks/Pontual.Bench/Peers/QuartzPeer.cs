using System.Collections.Concurrent;
using System.Diagnostics;
using Pontual.Bench.Postgres;
using Quartz;

namespace Pontual.Bench.Peers;

/// <summary>Quartz.NET 4.7.3 doing the same work, from memory, on SQLite or on PostgreSQL.</summary>
internal static class QuartzPeer
{
    /// <summary>Lateness in ms of <paramref name="jobs"/> triggers that fire on each second, for some seconds.</summary>
    /// <param name="jobs">How many.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="place">A PostgreSQL; null for memory.</param>
    public static async Task<IReadOnlyList<double>> PunctualityAsync(int jobs, int seconds, PostgresPlace? place = null)
    {
        LatenessJob.Seen = [];
        var scheduler = await QuartzSchedulerBuilder
            .Create(builder =>
            {
                builder.UseDefaultThreadPool(100);
                builder.ConfigureScheduler(options => options.MaxBatchSize = 100);
                if (place is not null)
                {
                    builder.UsePersistentStore(store => Persist(store, to => to.UsePostgres(place.Connection)));
                }
            })
            .BuildScheduler();

        // On a database each trigger is written before the first is due, whatever the machine does meanwhile.
        var lead = 3 + (place is null ? 0 : jobs / 50);
        var start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + lead);
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
        await UntilAsync(() => LatenessJob.Seen.Count >= jobs * seconds, TimeSpan.FromSeconds(lead + seconds + 20));
        await scheduler.Shutdown();
        return [.. LatenessJob.Seen];
    }

    /// <summary>No-op runs per second on SQLite.</summary>
    public static async Task<Drain> SqliteDrainAsync(int runs)
    {
        var folder = Directory.CreateTempSubdirectory("quartz-bench-").FullName;
        var drain = await DrainAsync(store => store.UseSqlite($"Data Source={Path.Combine(folder, "quartz.db")}"), threads: 10, runs);
        Directory.Delete(folder, recursive: true);
        return drain;
    }

    /// <summary>No-op runs per second on PostgreSQL, at the best of the settings tried: one shared job, 100 threads, batches of 100.</summary>
    public static async Task<Drain> PostgresDrainAsync(PostgresServer server, int runs)
    {
        await using var place = await server.FreshAsync();
        return await DrainAsync(store => store.UsePostgres(place.Connection), threads: 100, runs);
    }

    /// <summary>Triggers per second that some callers add one by one on PostgreSQL, each after its commit.</summary>
    public static async Task<double> PostgresEnqueueAsync(PostgresServer server, int callers, int each)
    {
        await using var place = await server.FreshAsync();
        var (scheduler, job) = await StoreAsync(store => store.UsePostgres(place.Connection), threads: 10);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(CallAsync));
        var added = callers * each / clock.Elapsed.TotalSeconds;
        await scheduler.Shutdown();
        return added;

        async Task CallAsync(int caller)
        {
            await Task.Yield();
            for (var i = 0; i < each; i++)
            {
                await scheduler.ScheduleJob(TriggerBuilder.Create().ForJob(job).WithIdentity($"o{caller}-{i}").StartNow().Build());
            }
        }
    }

    private static async Task<(IScheduler Scheduler, IJobDetail Job)> StoreAsync(Action<IPersistentStoreBuilder> where, int threads)
    {
        var scheduler = await QuartzSchedulerBuilder
            .Create(builder =>
            {
                builder.UseDefaultThreadPool(threads);
                builder.ConfigureScheduler(options => options.MaxBatchSize = threads);
                builder.UsePersistentStore(store => Persist(store, where));
            })
            .BuildScheduler();
        var job = JobBuilder.Create<CountJob>().WithIdentity("count").StoreDurably().Build();
        await scheduler.AddJob(job);
        return (scheduler, job);
    }

    private static async Task<Drain> DrainAsync(Action<IPersistentStoreBuilder> where, int threads, int runs)
    {
        CountJob.Done = 0;
        var (scheduler, job) = await StoreAsync(where, threads);
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
        return new Drain(enqueued, drained);
    }

    private static void Persist(IPersistentStoreBuilder store, Action<IPersistentStoreBuilder> where)
    {
        where(store);
        store.ConfigureStore(options => options.SchemaProvisioning = SchemaProvisioning.CreateIfMissing);
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
        public static ConcurrentQueue<double> Seen = [];

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            Seen.Enqueue((TimeProvider.System.GetUtcNow() - context.ScheduledFireTimeUtc!.Value).TotalMilliseconds);
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

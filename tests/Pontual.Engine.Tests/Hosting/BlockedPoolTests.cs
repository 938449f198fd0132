using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pontual.Engine.Executing;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Output;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Hosting;

/// <summary>Blocks the thread pool of the whole process: runs beside no other test.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("Alone")]
public sealed class BlockedPoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    public static TheoryData<Dialect> Both => new(Dialect.Sqlite, Dialect.PostgreSql);

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Handlers_that_block_every_thread_for_longer_than_the_lease_do_not_cost_the_node_its_lease(Dialect dialect)
    {
        await using var database =
            dialect is Dialect.Sqlite ? await TestDatabase.OnDiskAsync() : await TestDatabase.CreateAsync(Dialect.PostgreSql);
        using var runner = new BlockingRunner();
        using var renewals = new Renewals();
        await using var services = Services(database, runner, renewals);
        var node = services.GetRequiredService<PontualNode>();
        await node.StartAsync(default);
        renewals.Wait(1);
        var id = node.NodeId;
        var definition = SomeJob.Definition("block", job => job with { Schedule = ManualSchedule.Instance, Overlap = Overlap.Allow });
        await services.GetRequiredService<JobEdits>().ApplyAsync(new JobChanges([new JobPut(definition)], []), default);
        await services.GetRequiredService<RunRequests>().EnqueueAsync(definition.Name, [.. Enumerable.Repeat(new RunWish(), 400)], default);
        SpinWait.SpinUntil(() => ThreadPool.PendingWorkItemCount > 200, Patience).ShouldBeTrue();

        renewals.Wait((int)(2 * Lease / RenewEvery));
        var (blocked, waiting, after) = (runner.Blocked, ThreadPool.PendingWorkItemCount, node.NodeId);
        runner.Release();
        await node.StopAsync(default);

        waiting.ShouldBeGreaterThan(200, "the pool was not blocked all the time");
        blocked.ShouldBeGreaterThanOrEqualTo(Environment.ProcessorCount);
        after.ShouldNotBeNull();
        after.ShouldBe(id);
    }

    private static ServiceProvider Services(TestDatabase database, IRunner runner, ILeaseListener renewals) =>
        new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(database.Jobs)
            .AddSingleton(database.Plans)
            .AddSingleton(database.Runs)
            .AddSingleton(database.Views)
            .AddSingleton(database.Nodes)
            .AddSingleton(database.Events)
            .AddSingleton(runner)
            .AddSingleton(renewals)
            .AddSingleton<IAttemptOutputs>(provider => new AttemptOutputs(
                database.Output,
                Options.Create(new OutputOptions { DataFolder = Path.GetTempPath() }),
                TimeProvider.System,
                provider.GetRequiredService<ILogger<AttemptOutputs>>()
            ))
            .AddPontualEngine(options =>
            {
                options.Claiming.Concurrency = 400;
                (options.Lease.Duration, options.Lease.RenewEvery, options.Lease.StopAfter) = (Lease, RenewEvery, Lease * 0.8);
            })
            .BuildServiceProvider();

    /// <summary>A target that computes, or waits in the old way: its thread is gone for as long.</summary>
    private sealed class BlockingRunner : IRunner, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private int _blocked;

        public string Kind => "handler";

        public int Blocked => Volatile.Read(ref _blocked);

        public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant) => [];

        public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _blocked);
            _open.Wait(Patience, CancellationToken.None);
            return Task.FromResult<Outcome>(new Outcome.Success());
        }

        public void Release() => _open.Set();

        public void Dispose() => _open.Dispose();
    }

    /// <summary>Hears of every confirmed renewal, on the thread that made it.</summary>
    private sealed class Renewals : ILeaseListener, IDisposable
    {
        private readonly SemaphoreSlim _heard = new(0);

        public void Renewed(TimeSpan stopsAfter) => _heard.Release();

        /// <summary>Blocks until so many more came.</summary>
        public void Wait(int more)
        {
            for (; more > 0; more--)
            {
                _heard.Wait(Patience).ShouldBeTrue("no renewal came");
            }
        }

        public void Dispose() => _heard.Dispose();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pontual.Engine.Audit;
using Pontual.Engine.Events;
using Pontual.Engine.Executing;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Output;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Tests.Rooms;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Hosting;

/// <summary>A whole node with its loops, on the system's clock.</summary>
public class PontualNodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_wish_runs_at_once_and_its_end_is_heard()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);
        await using var services = Services(database, new ScriptedRunner(), _ => { });
        var node = services.GetRequiredService<PontualNode>();
        await DefineAsync(services, Overlap.Allow);
        var feed = services.GetRequiredService<RunFeed>();
        var heard = HearAsync(feed);
        await UntilAsync(() => Task.FromResult(feed.HasListeners));

        await node.StartAsync(default);
        var run = await WishAsync(services);
        var news = await heard;
        await node.StopAsync(default);

        news.Select(one => one.Kind).ShouldBe([RunEventKind.Started, RunEventKind.Ended]);
        news.ShouldAllBe(one => one.Run.Id == run);
        news[^1].Run.State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task A_node_that_stops_gives_back_what_does_not_end_in_time_and_leaves()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);
        var runner = new ScriptedRunner { Outcomes = _ => null };
        await using var services = Services(database, runner, options => options.DrainTime = TimeSpan.FromMilliseconds(50));
        var node = services.GetRequiredService<PontualNode>();
        await DefineAsync(services, Overlap.Skip);
        await node.StartAsync(default);
        var run = await WishAsync(services);
        await UntilAsync(() => Task.FromResult(node.ActiveAttempts == 1));
        var id = node.NodeId;

        await node.StopAsync(default);

        var waiting = (await database.Views.FindAsync(run, default))!.Run;
        (waiting.State, waiting.Reason, waiting.Attempt).ShouldBe((RunState.Pending, RunReason.Interrupted, 0));
        (await database.Nodes.ListAsync(default)).Single(record => record.Id == id).LeftAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_node_that_stops_waits_for_what_ends_in_time()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);
        var runner = new ScriptedRunner { Outcomes = _ => null };
        await using var services = Services(database, runner, _ => { });
        var node = services.GetRequiredService<PontualNode>();
        await DefineAsync(services, Overlap.Skip);
        await node.StartAsync(default);
        var run = await WishAsync(services);
        await UntilAsync(() => Task.FromResult(runner.Started.Count == 1));

        var stopping = node.StopAsync(default);
        runner.End(run, new Outcome.Success());
        await stopping;

        (await database.Views.FindAsync(run, default))!.Run.State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task A_thousand_wishes_are_drained_through_a_few_slots()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);
        await using var services = Services(database, new ScriptedRunner(), options => options.Claiming.Concurrency = 20);
        var node = services.GetRequiredService<PontualNode>();
        await DefineAsync(services, Overlap.Allow);
        await node.StartAsync(default);

        var results = await services
            .GetRequiredService<RunRequests>()
            .EnqueueAsync(JobName.Parse("sync"), [.. Enumerable.Repeat(new RunWish(), 1_000)], default);
        await UntilAsync(async () => (await database.Jobs.FindAsync(JobName.Parse("sync"), default))!.Totals.Runs == 1_000);
        await node.StopAsync(default);

        results.Count.ShouldBe(1_000);
    }

    private static ServiceProvider Services(TestDatabase database, IRunner runner, Action<EngineOptions> configure) =>
        new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(database.Jobs)
            .AddSingleton(database.Plans)
            .AddSingleton(database.Runs)
            .AddSingleton(database.Views)
            .AddSingleton(database.Nodes)
            .AddSingleton(database.Events)
            .AddSingleton(runner)
            .AddSingleton<IAttemptOutputs>(provider => new AttemptOutputs(
                database.Output,
                Options.Create(new OutputOptions { DataFolder = Path.GetTempPath() }),
                TimeProvider.System,
                provider.GetRequiredService<ILogger<AttemptOutputs>>()
            ))
            .AddPontualEngine(configure)
            .BuildServiceProvider();

    private static async Task<List<RunEvent>> HearAsync(RunFeed feed)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        var heard = new List<RunEvent>();
        await foreach (var news in feed.ReadAsync(limit.Token))
        {
            heard.Add(news);
            if (news.Kind is RunEventKind.Ended)
            {
                break;
            }
        }

        return heard;
    }

    private static Task DefineAsync(ServiceProvider services, Overlap overlap) =>
        services
            .GetRequiredService<JobEdits>()
            .ApplyAsync(
                new JobChanges(
                    [new JobPut(SomeJob.Definition("sync", job => job with { Schedule = ManualSchedule.Instance, Overlap = overlap }))],
                    []
                ),
                default
            );

    private static async Task<Guid> WishAsync(ServiceProvider services) =>
        (await services.GetRequiredService<RunRequests>().RunNowAsync(JobName.Parse("sync"), null, false, Actor.Product, default))
            .ShouldBeOfType<RunNowResult.Queued>()
            .RunId;

    private static async Task UntilAsync(Func<Task<bool>> so)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await so())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }
}

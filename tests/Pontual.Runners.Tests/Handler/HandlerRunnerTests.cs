using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Runners.Handler;
using Pontual.TestKit;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Runners.Tests.Handler;

public sealed class HandlerRunnerTests
{
    [Fact]
    public async Task Each_attempt_gets_a_scope_of_its_own_that_ends_with_it()
    {
        var runner = Runner(
            services => services.AddScoped<Visit>().AddSingleton<VisitLog>().AddJobHandler<VisitingHandler>("visit"),
            out var provider
        );

        await runner.RunAsync(Attempt("visit"), CancellationToken.None);
        await runner.RunAsync(Attempt("visit"), CancellationToken.None);

        var log = provider.GetRequiredService<VisitLog>();
        log.Seen.Distinct().Count().ShouldBe(2);
        log.Seen.ShouldAllBe(visit => visit.Disposed);
    }

    [Fact]
    public async Task Nothing_begins_on_a_node_whose_lease_is_over()
    {
        var began = 0;
        var runner = Runner(services =>
            services.AddJobHandler(
                "count",
                (_, _) =>
                {
                    began++;
                    return Task.FromResult(HandlerResult.Ok());
                }
            )
        );

        var outcome = await runner.RunAsync(
            TestAttempt.Of("handler", """{"name": "count"}""", mayGoOn: () => false),
            CancellationToken.None
        );

        outcome.ShouldBeOfType<Outcome.Interrupted>();
        began.ShouldBe(0);
    }

    [Fact]
    public async Task A_singleton_handler_runs_without_a_scope()
    {
        var runner = Runner(
            services =>
                services
                    .AddSingleton<Visit>()
                    .AddSingleton<VisitLog>()
                    .AddSingleton<VisitingHandler>()
                    .AddJobHandler<VisitingHandler>("visit"),
            out var provider
        );

        await runner.RunAsync(Attempt("visit"), CancellationToken.None);

        provider.GetRequiredService<VisitLog>().Seen.ShouldHaveSingleItem().Disposed.ShouldBeFalse();
    }

    [Fact]
    public async Task The_context_tells_what_runs_and_reads_parameters_before_arguments()
    {
        Order? fromParameters = null;
        Order? fromArgs = null;
        var told = "";
        var runner = Runner(services =>
            services.AddJobHandler(
                "order",
                (context, _) =>
                {
                    told = $"{context.Job.Name} {context.Run.DueAt:O} {context.Attempt} {context.FencingToken}";
                    fromArgs = context.Parameters is null ? context.Read<Order>() : fromArgs;
                    fromParameters = context.Parameters is null ? fromParameters : context.Read<Order>();
                    return Task.FromResult(HandlerResult.Ok(new { OrderId = 5 }, itemsProcessed: 3));
                }
            )
        );

        var plain = await runner.RunAsync(Attempt("order", """, "args": {"order_id": 1}"""), CancellationToken.None);
        await runner.RunAsync(
            TestAttempt.Of("handler", """{"name": "order", "args": {"order_id": 1}}""", """{"order_id": 2}""", number: 4),
            CancellationToken.None
        );

        plain.ShouldBe(new Outcome.Success(Result: """{"order_id":5}""", ItemsProcessed: 3));
        told.ShouldBe("nightly 2026-03-09T12:00:00.0000000+00:00 4 14");
        fromArgs.ShouldBe(new Order(1));
        fromParameters.ShouldBe(new Order(2));
    }

    [Fact]
    public async Task Lines_log_lines_and_progress_reach_the_output()
    {
        var runner = Runner(services =>
            services.AddJobHandler(
                "talk",
                async (context, _) =>
                {
                    await Task.Yield();
                    context.WriteLine("a line");
                    context.Progress(0.5, "half");
                    context.Logger.Log(LogLevel.Information, "told {Count}", 3);
                    context.Logger.Log(LogLevel.Warning, "careful");
                    context.Logger.Log(LogLevel.Debug, "unheard");
                    return HandlerResult.Ok();
                }
            )
        );
        var attempt = Attempt("talk");

        await runner.RunAsync(attempt, CancellationToken.None);

        attempt.Printed().ShouldBe("a line\ntold 3\nWarning: careful\n");
        ((RecordedOutput)attempt.Output).Reports.ShouldBe([(0.5, "half")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exception_is_a_failure_whose_stack_is_in_the_output(bool atOnce)
    {
        var runner = Runner(services =>
            services.AddJobHandler("throw", (_, _) => atOnce ? throw new InvalidOperationException("no ink") : ThrowLaterAsync())
        );
        var attempt = Attempt("throw");

        var outcome = await runner.RunAsync(attempt, CancellationToken.None);

        outcome.ShouldBe(new Outcome.Failure(FailureKinds.Error, "InvalidOperationException: no ink"));
        attempt.Printed().ShouldContain($"at {typeof(HandlerRunnerTests).FullName}");
    }

    [Fact]
    public async Task A_failure_that_the_handler_reports_is_one()
    {
        var runner = Runner(services => services.AddJobHandler("fail", (_, _) => Task.FromResult(HandlerResult.Fail("3 of 5 sent"))));

        (await runner.RunAsync(Attempt("fail"), CancellationToken.None)).ShouldBe(new Outcome.Failure(FailureKinds.Error, "3 of 5 sent"));
    }

    [Fact]
    public async Task A_handler_that_cannot_be_made_is_a_failure()
    {
        var runner = Runner(services => services.AddJobHandler<VisitingHandler>("visit"));

        var failure = (await runner.RunAsync(Attempt("visit"), CancellationToken.None)).ShouldBeOfType<Outcome.Failure>();

        failure.Message.ShouldContain(nameof(Visit));
    }

    [Fact]
    public async Task An_unknown_name_is_a_failure_of_the_target()
    {
        var runner = Runner(_ => { });

        var outcome = await runner.RunAsync(Attempt("nobody"), CancellationToken.None);

        outcome.ShouldBe(new Outcome.Failure(FailureKinds.Target, "no handler named nobody"));
    }

    [Fact]
    public async Task A_cancelled_handler_ends_by_its_token()
    {
        var runner = Runner(services =>
            services.AddJobHandler(
                "wait",
                async (context, cancellation) =>
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellation);
                    return HandlerResult.Ok();
                }
            )
        );
        using var source = new CancellationTokenSource();
        var running = runner.RunAsync(Attempt("wait"), source.Token);

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_is_left_behind_after_two_seconds()
    {
        var time = new ManualTime();
        var never = new TaskCompletionSource<HandlerResult>();
        var runner = Runner(services => services.AddJobHandler("deaf", (_, _) => never.Task));
        var attempt = TestAttempt.Of("handler", """{"name": "deaf"}""", time: time);
        using var source = new CancellationTokenSource();
        var running = runner.RunAsync(attempt, source.Token);

        await source.CancelAsync();
        while (time.NextTimer is null)
        {
            await Task.Yield();
        }

        running.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<OperationCanceledException>(running);
        attempt.Printed().ShouldContain("left behind");
    }

    [Fact]
    public async Task A_handler_that_finishes_in_spite_of_its_cancellation_keeps_its_result()
    {
        var answer = new TaskCompletionSource<HandlerResult>();
        var runner = Runner(services => services.AddJobHandler("late", (_, _) => answer.Task));
        using var source = new CancellationTokenSource();
        var running = runner.RunAsync(Attempt("late"), source.Token);

        await source.CancelAsync();
        answer.SetResult(HandlerResult.Ok(itemsProcessed: 1));

        (await running).ShouldBe(new Outcome.Success(ItemsProcessed: 1));
    }

    [Theory]
    [InlineData("[]", "", "type")]
    [InlineData("{}", "/name", "required")]
    [InlineData("""{"name": 3}""", "/name", "type")]
    [InlineData("""{"name": ""}""", "/name", "type")]
    [InlineData("""{"name": "x", "argz": 1}""", "/argz", "unknown-key")]
    [InlineData("""{"name": "x", "a/b~": 1}""", "/a~1b~0", "unknown-key")]
    public async Task Wrong_settings_are_named(string settings, string path, string rule)
    {
        var runner = Runner(_ => { });

        var problem = runner.Check(JsonElement.Parse(settings), default).ShouldHaveSingleItem();
        var outcome = await runner.RunAsync(TestAttempt.Of("handler", settings), CancellationToken.None);

        (problem.Path, problem.Rule).ShouldBe((path, rule));
        outcome.ShouldBeOfType<Outcome.Failure>().Kind.ShouldBe(FailureKinds.Target);
    }

    [Fact]
    public void A_name_given_twice_is_an_error_at_start() =>
        Should
            .Throw<InvalidOperationException>(() =>
                Runner(services =>
                    services
                        .AddJobHandler("a", (_, _) => Task.FromResult(HandlerResult.Ok()))
                        .AddJobHandler("a", (_, _) => Task.FromResult(HandlerResult.Ok()))
                )
            )
            .Message.ShouldContain("'a' is registered 2 times");

    [Fact]
    public void A_function_that_does_nothing_costs_little()
    {
        var runner = Runner(services => services.AddJobHandler("noop", (_, _) => Task.FromResult(HandlerResult.Ok())));
        var attempt = Attempt("noop");
        var best = Enumerable.Range(0, 5).Min(_ => NanosecondsPerRun(runner, attempt));

        // The aim is 1 µs; ten leave room for a busy machine and still catch a scope or a parse creeping in.
        best.ShouldBeLessThan(10_000);
    }

    private static async Task<HandlerResult> ThrowLaterAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException("no ink");
    }

    private static double NanosecondsPerRun(IRunner runner, AttemptContext attempt)
    {
        const int Runs = 20_000;
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Runs; i++)
        {
            runner.RunAsync(attempt, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        }

        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Runs;
    }

    private static AttemptContext Attempt(string name, string more = "") => TestAttempt.Of("handler", $$"""{"name": "{{name}}"{{more}}}""");

    private static IRunner Runner(Action<IServiceCollection> add) => Runner(add, out _);

    private static IRunner Runner(Action<IServiceCollection> add, out ServiceProvider provider)
    {
        var services = new ServiceCollection().AddHandlerRunner();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        add(services);
        provider = services.BuildServiceProvider(validateScopes: true);
        return provider.GetServices<IRunner>().ShouldHaveSingleItem();
    }

    private sealed record Order(int OrderId);

    private sealed class Visit : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    private sealed class VisitLog
    {
        public List<Visit> Seen { get; } = [];
    }

    private sealed class VisitingHandler(Visit visit, VisitLog log) : IJobHandler
    {
        public Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation)
        {
            log.Seen.Add(visit);
            return Task.FromResult(HandlerResult.Ok());
        }
    }
}

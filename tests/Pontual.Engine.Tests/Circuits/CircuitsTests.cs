using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Circuits;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.Circuits;

/// <summary>Two nodes on one database and one clock.</summary>
public sealed class CircuitsTests : IAsyncLifetime
{
    private static readonly CircuitKey Erp = new(default, "http://erp.example:8080");
    private readonly ManualTime _time = new();
    private readonly CircuitOptions _options = new();
    private TestDatabase _database = null!;
    private CircuitBoard _a = null!;
    private CircuitBoard _b = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.Sqlite, _time);
        (_a, _b) = (Node(), Node());
    }

    public async Task DisposeAsync()
    {
        _a.Dispose();
        _b.Dispose();
        await _database.DisposeAsync();
    }

    [Fact(
        DisplayName = "S5-10 a circuit opens after five failures in a row, for all nodes within 2 s, and an attempt refused says 'circuit open'"
    )]
    public async Task A_row_of_failures_opens_it()
    {
        await CallAsync(_b, CallEnd.Answered);
        for (var i = 0; i < 4; i++)
        {
            await CallAsync(_a, CallEnd.Failed("connection refused"));
        }

        (await AskAsync(_a)).Refusal.ShouldBeNull();
        await CallAsync(_a, CallEnd.Failed("connection refused"));
        _time.Advance(TimeSpan.FromSeconds(2));

        foreach (var node in new[] { _a, _b })
        {
            var failure = (await AskAsync(node)).Refusal!.ToOutcome().ShouldBeOfType<Outcome.Failure>();
            failure.Kind.ShouldBe(FailureKinds.CircuitOpen);
            failure.Message.ShouldBe(
                "circuit open: http://erp.example:8080 was not called, for connection refused; the next call may go at 12:01:00 UTC"
            );
            failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(58));
        }
    }

    [Fact(DisplayName = "S5-10 after 60 s one call of one node probes, and when it goes well all nodes call again")]
    public async Task One_probe_closes_it()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(59));
        (await AskAsync(_b)).Refusal.ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));

        var probe = await AskAsync(_b);
        var others = new[] { await AskAsync(_b), await AskAsync(_a), await AskAsync(_a) };
        await probe.EndAsync(CallEnd.Answered);
        _time.Advance(TimeSpan.FromSeconds(1));

        probe.Refusal.ShouldBeNull();
        others.ShouldAllBe(other => other.Refusal!.IsCircuit);
        (await AskAsync(_a)).Refusal.ShouldBeNull();
        (await AskAsync(_b)).Refusal.ShouldBeNull();
        (await _database.Circuits.HistoryAsync(default, Erp.Name, DateTimeOffset.UnixEpoch, 10, default))
            .Select(change => change.After)
            .ShouldBe([CircuitState.Closed, CircuitState.HalfOpen, CircuitState.Open]);
    }

    [Fact(DisplayName = "S5-10 a probe that fails keeps the circuit open for another 60 s")]
    public async Task A_failing_probe_keeps_it_open()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(60));

        await CallAsync(_a, CallEnd.Failed("HTTP 503"));

        var refusal = (await AskAsync(_a)).Refusal!;
        (refusal.IsCircuit, refusal.Wait).ShouldBe((true, TimeSpan.FromSeconds(60)));
        refusal.Message.ShouldContain("HTTP 503");
    }

    [Fact]
    public async Task A_probe_that_was_stopped_leaves_the_next_call_to_probe()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(60));

        await CallAsync(_a, CallEnd.Unknown);

        (await AskAsync(_a)).Refusal.ShouldBeNull();
        (await AskAsync(_b)).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_answer_between_begins_the_row_anew()
    {
        for (var i = 0; i < 4; i++)
        {
            await CallAsync(_a, CallEnd.Failed("HTTP 500"));
        }

        await CallAsync(_a, CallEnd.Answered);
        for (var i = 0; i < 4; i++)
        {
            await CallAsync(_a, CallEnd.Failed("HTTP 500"));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        (await AskAsync(_a)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_row_of_failures_does_not_open_it_while_it_answers_others()
    {
        _options.InWindow = 1_000;
        await CallAsync(_a, CallEnd.Answered);
        for (var i = 0; i < 6; i++)
        {
            await CallAsync(_a, CallEnd.Failed("HTTP 500"));
            _time.Advance(TimeSpan.FromMilliseconds(400));
        }

        _time.Advance(TimeSpan.FromMilliseconds(600));
        await CallAsync(_a, CallEnd.Failed("HTTP 500"));

        (await AskAsync(_a)).Refusal!.IsCircuit.ShouldBeTrue();
    }

    [Fact(DisplayName = "S5-10 a circuit opens when half of ten calls within 30 s fail, whatever their order")]
    public async Task A_share_of_failures_opens_it()
    {
        for (var i = 0; i < 9; i++)
        {
            (await AskAsync(_a)).Refusal.ShouldBeNull();
            await CallAsync(_a, i % 2 == 0 ? CallEnd.Failed("HTTP 500") : CallEnd.Answered);
        }

        await CallAsync(_a, CallEnd.Failed("HTTP 500"));

        (await AskAsync(_a)).Refusal!.IsCircuit.ShouldBeTrue();
    }

    [Fact]
    public async Task Tenants_do_not_shut_hosts_to_each_other()
    {
        await OpenAsync();

        (await _a.AskAsync(Erp with { Tenant = Tenants.TenantName.Parse("shop") }, "a", default)).Refusal.ShouldBeNull();
        (await AskAsync(_a)).Refusal.ShouldNotBeNull();
    }

    [Fact(
        DisplayName = "S5-11 after an answer of 429 no node calls before the time that was named, and a run that would waits without losing an attempt"
    )]
    public async Task A_429_holds_all_nodes()
    {
        await CallAsync(_b, CallEnd.Answered);
        await CallAsync(_a, CallEnd.TooMany(TimeSpan.FromSeconds(30)));
        _time.Advance(TimeSpan.FromSeconds(2));

        foreach (var node in new[] { _a, _b })
        {
            var held = (await AskAsync(node)).Refusal!.ToOutcome().ShouldBeOfType<Outcome.Held>();
            held.Wait.ShouldBe(TimeSpan.FromSeconds(28));
            held.Message.ShouldBe(
                "rate limited: http://erp.example:8080 was not called, for it asked for no calls (429) before 12:00:30 UTC"
            );
        }

        _time.Advance(TimeSpan.FromSeconds(28));
        (await AskAsync(_a)).Refusal.ShouldBeNull();
        (await AskAsync(_b)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_429_without_a_wait_doubles_its_wait_until_it_answers_otherwise()
    {
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 8; i++)
        {
            await CallAsync(_a, CallEnd.TooMany(null));
            waits.Add((await AskAsync(_a)).Refusal!.Wait);
            _time.Advance(waits[^1]);
        }

        await CallAsync(_a, CallEnd.Answered);
        await CallAsync(_a, CallEnd.TooMany(null));

        waits.Select(wait => wait.TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60]);
        (await AskAsync(_a)).Refusal!.Wait.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact(DisplayName = "S5-11 two nodes keep to one rate together")]
    public async Task Two_nodes_share_a_rate()
    {
        const int Calls = 40;
        _options.Rates = new Dictionary<string, Rate> { ["erp.example:8080"] = new(20, TimeSpan.FromSeconds(1)) };
        using var c = Node(TimeProvider.System);
        using var d = Node(TimeProvider.System);
        var left = Calls;
        var began = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => CallOnAsync(i % 2 == 0 ? c : d)));

        // The first may go at once, and the others 50 ms apart.
        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(50 * (Calls - 1) - 5));

        async Task CallOnAsync(CircuitBoard node)
        {
            while (Volatile.Read(ref left) > 0)
            {
                var leave = await node.AskAsync(Erp, "n", default);
                if (leave.Refusal is { } refusal)
                {
                    await Task.Delay(refusal.Wait, TimeProvider.System);
                }
                else
                {
                    Interlocked.Decrement(ref left);
                    await leave.EndAsync(CallEnd.Answered);
                }
            }
        }
    }

    [Fact]
    public async Task A_slow_rate_sends_callers_away_one_behind_the_other()
    {
        _options.Rates = new Dictionary<string, Rate> { ["erp.example:8080"] = new(1, TimeSpan.FromMinutes(1)) };
        using var node = Node();

        (await node.AskAsync(Erp, "a", default)).Refusal.ShouldBeNull();
        var waits = new[] { await WaitAsync(), await WaitAsync(), await WaitAsync() };

        waits.ShouldBe([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3)]);

        async Task<TimeSpan> WaitAsync() => (await node.AskAsync(Erp, "a", default)).Refusal!.Wait;
    }

    [Fact]
    public async Task A_service_by_name_is_called_through_its_circuit()
    {
        var evolution = new CircuitKey(default, "evolution");
        for (var i = 0; i < 5; i++)
        {
            await Should.ThrowAsync<InvalidOperationException>(() => RunAsync(() => throw new InvalidOperationException("gone")));
        }

        (await Should.ThrowAsync<OutsideRefusedException>(() => RunAsync(() => Task.FromResult(1)))).Message.ShouldStartWith(
            "circuit open: evolution was not called, for gone"
        );

        Task<int> RunAsync(Func<Task<int>> call) => _a.RunAsync(evolution, "a", _ => call(), _ => CallEnd.Answered, default);
    }

    private CircuitBoard Node(TimeProvider? time = null) =>
        new(_database.Circuits, _options, time ?? _time, NullLogger<CircuitBoard>.Instance);

    private async Task OpenAsync()
    {
        for (var i = 0; i < 5; i++)
        {
            await CallAsync(_a, CallEnd.Failed("connection refused"));
        }
    }

    private static ValueTask<OutsideCall> AskAsync(ICircuits node) => node.AskAsync(Erp, "a", default);

    private static async Task CallAsync(ICircuits node, CallEnd end)
    {
        var leave = await AskAsync(node);
        leave.Refusal.ShouldBeNull();
        await leave.EndAsync(end);
    }
}

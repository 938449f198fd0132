using System.Diagnostics;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.TestKit;
using Pontual.TestKit.Web;
using Shouldly;
using Xunit.Abstractions;

namespace Pontual.Runners.Tests.Http;

/// <summary>Alone on the machine as far as that goes: these tests measure time and memory.</summary>
[CollectionDefinition(nameof(HostileTargetsTests), DisableParallelization = true)]
public sealed class MeasuredAlone;

[Collection(nameof(HostileTargetsTests))]
public sealed class HostileTargetsTests(ITestOutputHelper report)
{
    private const int Rounds = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Targets_that_never_end_are_ended_by_the_deadline()
    {
        await using var targets = new HostileTargets();
        using var rig = new HttpRig();
        var cases = targets.Cases.Where(one => one.Kind is null).ToList();

        var results = await Task.WhenAll(Enumerable.Repeat(cases, 10).SelectMany(all => all).Select(one => TryAsync(rig, one, Deadline)));

        results.ShouldAllBe(result => result.Outcome == null);
        results.ShouldAllBe(result => result.Took < Deadline + TimeSpan.FromSeconds(1));
        await SocketsAreGoneAsync(targets);
        report.WriteLine($"{results.Length} exchanges, slowest {results.Max(result => result.Took).TotalSeconds:0.00} s");
    }

    [Fact]
    public async Task Targets_that_misbehave_end_as_the_failure_they_are_in_bounded_memory()
    {
        await using var targets = new HostileTargets();
        using var rig = new HttpRig();
        rig.Options.Resolve = HostileTargets.LookUpAsync;
        var cases = targets.Cases.Where(one => one.Kind is not null).ToList();
        cases.Count.ShouldBeGreaterThanOrEqualTo(40);
        await Task.WhenAll(cases.Select(one => TryAsync(rig, one, Deadline)));
        var before = ResidentMiB();

        var results = await Task.WhenAll(
            Enumerable.Repeat(cases, Rounds).SelectMany(all => all).Select(one => TryAsync(rig, one, TimeSpan.FromSeconds(30)))
        );
        var after = ResidentMiB();

        results.Where(result => !IsAsExpected(result.Case, result.Outcome)).ShouldBeEmpty();
        (after - before).ShouldBeLessThan(100);
        await SocketsAreGoneAsync(targets);
        report.WriteLine(
            $"{results.Length} exchanges, slowest {results.Max(result => result.Took).TotalSeconds:0.00} s, memory {before} to {after} MiB"
        );
    }

    [Fact]
    public async Task Many_slow_targets_do_not_delay_a_quick_one()
    {
        await using var targets = new HostileTargets();
        targets.Plain.On("/quick", HostileExchange.Text("200 OK", ""));
        using var rig = new HttpRig();
        using var stop = new CancellationTokenSource();
        var slow = targets.Cases.Single(one => one.Name == "silence after the request");
        var waiting = Enumerable.Range(0, 300).Select(_ => OutcomeAsync(rig, slow, stop.Token)).ToList();
        await Poll.UntilAsync(() => targets.Plain.Requests.Count == 300, TimeSpan.FromSeconds(30));

        var begun = Stopwatch.GetTimestamp();
        var quick = await rig.RunAsync($$"""{"url": "{{targets.Plain.Url("/quick")}}"}""", CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(begun);
        await stop.CancelAsync();

        quick.ShouldBeOfType<Outcome.Success>();
        took.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        (await Task.WhenAll(waiting)).ShouldAllBe(outcome => outcome == null);
        await SocketsAreGoneAsync(targets);
    }

    private static bool IsAsExpected(HostileCase one, Outcome? outcome) =>
        one.Kind is FailureKinds.None
            ? outcome is Outcome.Success
            : outcome is Outcome.Failure failure
                && failure.Kind == one.Kind
                && failure.Message.Contains(one.Told, StringComparison.Ordinal);

    private static Task SocketsAreGoneAsync(HostileTargets targets) =>
        Poll.UntilAsync(() => targets.Servers.All(server => server.Open == 0), TimeSpan.FromSeconds(10));

    private static async Task<(HostileCase Case, Outcome? Outcome, TimeSpan Took)> TryAsync(HttpRig rig, HostileCase one, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within, TimeProvider.System);
        var begun = Stopwatch.GetTimestamp();
        var outcome = await OutcomeAsync(rig, one, deadline.Token);
        return (one, outcome, Stopwatch.GetElapsedTime(begun));
    }

    /// <returns>Null when the deadline ended it.</returns>
    private static async Task<Outcome?> OutcomeAsync(HttpRig rig, HostileCase one, CancellationToken deadline)
    {
        try
        {
            return await rig.RunAsync(one.Settings, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    private static long ResidentMiB()
    {
        GC.Collect();
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.WorkingSet64 / 1024 / 1024;
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Pacing;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.Pacing;

public class LoopTests
{
    [Fact]
    public async Task A_loop_survives_what_its_step_throws_and_waits_longer_each_time()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var time = new ManualTime();
        using var wake = new Wake(time);
        using var stop = new CancellationTokenSource();
        var starts = new List<double>();
        var started = time.GetTimestamp();
        var loop = new Loop("The test", time, NullLogger.Instance) { LongestBackoff = TimeSpan.FromMilliseconds(500) };

        var running = loop.RunAsync(
            _ =>
            {
                starts.Add(time.GetElapsedTime(started).TotalMilliseconds);
                return starts.Count <= 5 ? throw new InvalidOperationException("no store") : Task.FromResult<TimeSpan?>(null);
            },
            wake,
            stop.Token
        );
        for (var i = 0; i < 200; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        await stop.CancelAsync();
        await running;

        starts.Take(6).ShouldBe([0, 100, 300, 700, 1_200, 1_700]);
    }

    [Fact]
    public async Task A_loop_sleeps_as_long_as_its_step_says_but_no_longer_than_its_poll()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var time = new ManualTime();
        using var wake = new Wake(time);
        using var stop = new CancellationTokenSource();
        var steps = new Queue<TimeSpan?>([TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1), null]);
        var starts = new SemaphoreSlim(0);
        var loop = new Loop("The test", time, NullLogger.Instance) { Poll = TimeSpan.FromSeconds(10) };

        var running = loop.RunAsync(
            _ =>
            {
                starts.Release();
                return Task.FromResult(steps.TryDequeue(out var rest) ? rest : null);
            },
            wake,
            stop.Token
        );
        await StartedAsync();
        await StartedAsync();
        await AfterAsync(2);
        await AfterAsync(10);
        await AfterAsync(10);
        wake.Set();
        await StartedAsync();
        await stop.CancelAsync();
        await running;

        async Task StartedAsync() => (await starts.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
        async Task AfterAsync(int seconds)
        {
            while (time.NextTimer is null)
            {
                await Task.Yield();
            }

            time.NextTimer.ShouldBe(TimeSpan.FromSeconds(seconds));
            time.Advance(TimeSpan.FromSeconds(seconds));
            await StartedAsync();
        }
    }
}

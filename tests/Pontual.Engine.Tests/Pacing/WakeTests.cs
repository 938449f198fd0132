using Pontual.Engine.Pacing;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.Pacing;

public class WakeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_signal_that_comes_before_the_sleep_is_not_lost()
    {
        using var wake = new Wake(new ManualTime());

        wake.Set();
        wake.Set();
        var first = wake.SleepAsync(Long, default);
        await first;
        using var stop = new CancellationTokenSource();
        var second = wake.SleepAsync(Long, stop.Token);
        var slept = !second.IsCompleted;
        await stop.CancelAsync();

        slept.ShouldBeTrue();
        await Should.ThrowAsync<OperationCanceledException>(second);
    }

    [Fact]
    public async Task A_sleep_ends_at_its_limit()
    {
        var time = new ManualTime();
        using var wake = new Wake(time);

        var sleep = wake.SleepAsync(TimeSpan.FromMilliseconds(10.2), default);
        time.Advance(TimeSpan.FromMilliseconds(10.9));
        var early = sleep.IsCompleted;
        time.Advance(TimeSpan.FromMilliseconds(0.1));
        await sleep;

        early.ShouldBeFalse();
    }

    [Fact]
    public async Task Many_soft_signals_wake_once_and_soon()
    {
        var time = new ManualTime();
        using var wake = new Wake(time);
        var sleep = wake.SleepAsync(Long, default);

        for (var i = 0; i < 100; i++)
        {
            wake.SetWithin(TimeSpan.FromMilliseconds(5));
        }

        var early = sleep.IsCompleted;
        time.Advance(TimeSpan.FromMilliseconds(5));
        await sleep;

        early.ShouldBeFalse();
        wake.TryTake().ShouldBeFalse();
    }

    [Fact]
    public async Task No_signal_is_lost_between_threads()
    {
        const int Rounds = 2_000;
        using var wake = new Wake(TimeProvider.System);
        var (given, seen) = (0, 0);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);

        // Each round is given only after the one before was seen: one lost signal, and this never ends.
        var setter = Task.Run(() =>
        {
            var spin = default(SpinWait);
            while (given < Rounds && !done.IsCancellationRequested)
            {
                spin.SpinOnce();
                if (Volatile.Read(ref seen) == given)
                {
                    Volatile.Write(ref given, given + 1);
                    wake.Set();
                }
            }
        });
        while (seen < Rounds)
        {
            await wake.SleepAsync(TimeSpan.FromDays(1), done.Token);
            Volatile.Write(ref seen, Volatile.Read(ref given));
        }

        await setter;
        seen.ShouldBe(Rounds);
    }
}

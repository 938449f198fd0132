using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Server.Realtime;

namespace Pontual.Server.Tests.Realtime;

public sealed class EventWindowTests
{
    private static readonly Subscription All = Subscription.ToAll(TenantName.Default);

    [Fact]
    public void The_window_keeps_the_latest_and_says_when_it_does_not_reach_back()
    {
        var window = new EventWindow(mostEvents: 4);
        window.Restart(10);
        window.Add(Messages(11, 7));

        Assert.Null(Take(window, 12, All));
        Assert.Equal([14, 15, 16, 17], Take(window, 13, All));
        Assert.Equal([17], Take(window, 16, All));
        Assert.Equal([], Take(window, 17, All)!);
        Assert.Equal([], Take(window, 99, All)!);
    }

    [Fact]
    public void What_it_keeps_is_bounded_in_bytes_too()
    {
        var window = new EventWindow(mostEvents: 1_000, mostBytes: 1_000);
        window.Restart(0);
        window.Add(Messages(1, 100));

        var kept = Enumerable.Range(0, 100).Select(after => Take(window, after, All)).First(taken => taken is not null)!;

        Assert.InRange(kept.Count, 2, 10);
        Assert.Equal(100, kept[^1]);
    }

    [Fact]
    public void Who_waits_at_the_end_is_not_told_twice_and_looks_on_where_he_stopped()
    {
        var window = new EventWindow();
        window.Restart(0);
        window.Add(Messages(1, 3_000));
        Assert.True(Subscription.TryRead(["job:job-2999"], TenantName.Default, out var one, out _));

        var (after, looks, taken) = (0L, 0, new List<EventMessage>());
        for (var isMore = true; isMore; looks++)
        {
            Assert.True(window.TryTake(ref after, one, taken, 64, out isMore));
        }

        Assert.Equal([2_999L], taken.Select(message => message.Cursor));
        Assert.Equal(3_000, after);
        Assert.InRange(looks, 2, 3);
    }

    [Fact]
    public async Task A_listener_that_is_too_slow_for_the_window_is_served_from_the_log()
    {
        var window = new EventWindow(mostEvents: 4);
        window.Restart(0);
        var log = new FixedLog(100);
        window.Add(Messages(1, 100));
        var (heard, taken) = (new List<long>(), new List<EventMessage>());
        using var listener = new Listener(log, window, _ => { });
        listener.Listen(All, 5);

        do
        {
            Assert.True(await listener.TakeAsync(taken, default));
            heard.AddRange(taken.Select(message => message.Cursor));
        } while (taken.Count > 0);

        Assert.Equal(Enumerable.Range(6, 95).Select(cursor => (long)cursor), heard);
        Assert.Equal(100, listener.Cursor);
        listener.Listen(All, 2);
        Assert.False(await listener.TakeAsync(taken, default));
    }

    private static List<EventMessage> Messages(long first, int count) =>
        [.. Enumerable.Range(0, count).Select(index => EventMessage.Of(Event(first + index)))];

    private static LoggedEvent Event(long cursor) =>
        new(cursor, DateTimeOffset.UnixEpoch, EventKind.JobUpdated, $"job-{cursor}", JobName.Parse($"job-{cursor}"), "{}");

    private static List<long>? Take(EventWindow window, long after, Subscription wanted)
    {
        var taken = new List<EventMessage>();
        return window.TryTake(ref after, wanted, taken, 64, out _) ? taken.ConvertAll(message => message.Cursor) : null;
    }

    /// <summary>A log of which the first three events are not kept.</summary>
    private sealed class FixedLog(long newest) : IEventStore
    {
        public Task<bool> RelayAsync(CancellationToken cancellation) => Task.FromResult(false);

        public Task<EventBounds> BoundsAsync(CancellationToken cancellation) => Task.FromResult(new EventBounds(3, newest));

        public Task<EventStretch?> ReadAsync(long after, int most, CancellationToken cancellation)
        {
            var next = Math.Min(newest, after + 7);
            var events = Enumerable.Range(1, (int)(next - after)).Select(step => Event(after + step));
            return Task.FromResult(after < 3 ? null : new EventStretch([.. events], next));
        }

        public Task<bool> PruneAsync(DateTimeOffset before, long mostEvents, CancellationToken cancellation) => Task.FromResult(false);
    }
}

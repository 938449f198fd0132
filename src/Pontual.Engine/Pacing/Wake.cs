namespace Pontual.Engine.Pacing;

/// <summary>A signal that a loop sleeps on. Set once or many times before the loop looks, it wakes it once; set while nobody sleeps, it is kept.</summary>
/// <remarks>One sleeper, any number of setters. The time limit of a sleep is a timer that sets the signal, so that a sleep never throws and a
/// limit that comes late costs one needless round at most.</remarks>
public sealed class Wake : IDisposable
{
    private readonly ITimer _limit;
    private readonly ITimer _soonTimer;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _sleeper;
    private bool _set;
    private int _soon;

    /// <param name="time">The clock that the limits of sleeps go by.</param>
    public Wake(TimeProvider time)
    {
        _limit = time.CreateTimer(static wake => ((Wake)wake!).Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _soonTimer = time.CreateTimer(static wake => ((Wake)wake!).Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wakes the sleeper now, or keeps its next sleep from beginning.</summary>
    public void Set()
    {
        TaskCompletionSource? sleeper;
        lock (_gate)
        {
            _set = true;
            sleeper = _sleeper;
            _sleeper = null;
        }

        sleeper?.TrySetResult();
    }

    /// <summary>Wakes the sleeper within <paramref name="delay"/>: many calls close together wake it once.</summary>
    public void SetWithin(TimeSpan delay)
    {
        if (Interlocked.Exchange(ref _soon, 1) == 0)
        {
            _soonTimer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes the signal if it is set.</summary>
    /// <returns>Whether it was.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            var was = _set;
            _set = false;
            Volatile.Write(ref _soon, 0);
            return was;
        }
    }

    /// <summary>Sleeps until the signal is set or <paramref name="limit"/> is over, and takes the signal.</summary>
    public async Task SleepAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var sleeper = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_set)
            {
                sleeper.TrySetResult();
            }
            else
            {
                _sleeper = sleeper;
            }
        }

        if (!sleeper.Task.IsCompleted)
        {
            _limit.Change(WholeMilliseconds(limit), Timeout.InfiniteTimeSpan);
            await using var stop = cancellation.UnsafeRegister(static wake => ((Wake)wake!).Set(), this);
            await sleeper.Task;
        }

        TryTake();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>As <see cref="SleepAsync"/>, but blocks the thread for as long, by real time, and does not throw: a stop ends it too.</summary>
    public void Sleep(TimeSpan limit, CancellationToken cancellation)
    {
        TaskCompletionSource? sleeper = null;
        lock (_gate)
        {
            if (!_set)
            {
                _sleeper = sleeper = new TaskCompletionSource();
            }
        }

        if (sleeper is not null)
        {
            using var stop = cancellation.UnsafeRegister(static wake => ((Wake)wake!).Set(), this);
            sleeper.Task.Wait(WholeMilliseconds(limit), CancellationToken.None);
        }

        lock (_gate)
        {
            _sleeper = null;
        }

        TryTake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _limit.Dispose();
        _soonTimer.Dispose();
    }

    // Rounded up: timers count whole milliseconds, and one that fires early finds nothing due.
    private static TimeSpan WholeMilliseconds(TimeSpan span) =>
        span <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
}

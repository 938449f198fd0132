namespace Pontual.Engine.Executing;

/// <summary>Starts armed attempts at their instants, within a fraction of a millisecond.</summary>
/// <remarks>
/// A thread of its own sleeps until just before the next instant and watches the clock for the rest, for timers are late by a millisecond and more. It
/// watches for a bounded share of the time only, and sleeps for a tenth of a second at most while anything is armed, so that a clock that was set is noticed.
/// On a clock that a test or a simulation moves, a timer of that clock does it all.
/// </remarks>
internal sealed class StartTimer : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(1.5);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly ArmingTerms _terms;
    private readonly Action<Attempt, DateTimeOffset> _begin;
    private readonly Action<Attempt> _takeBack;
    private readonly PriorityQueue<Attempt, (DateTimeOffset At, long Order)> _armed = new();
    private readonly Lock _gate = new();
    private readonly ITimer? _timer;
    private readonly ManualResetEventSlim _sooner = new(false, spinCount: 0);
    private Thread? _thread;
    private long _order;
    private long _watchedAt;
    private volatile bool _disposed;

    public StartTimer(TimeProvider time, ArmingTerms terms, Action<Attempt, DateTimeOffset> begin, Action<Attempt> takeBack)
    {
        (_time, _terms, _begin, _takeBack) = (time, terms, begin, takeBack);
        if (terms.Inline)
        {
            _timer = time.CreateTimer(
                static timer => ((StartTimer)timer!).LookAgain(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
        }
    }

    /// <summary>Starts it at an instant, or at once when that has passed.</summary>
    public void Add(Attempt attempt, DateTimeOffset at)
    {
        bool isNext;
        lock (_gate)
        {
            isNext = !_armed.TryPeek(out _, out var next) || at < next.At;
            _armed.Enqueue(attempt, (at, _order++));
            if (_timer is null && _thread is null && !_disposed)
            {
                _thread = new Thread(Watch) { IsBackground = true, Name = "Pontual starts" };
                _thread.Start();
            }
        }

        if (isNext)
        {
            LookAgain();
        }
    }

    /// <summary>Looks at the clock: starts what is due, and takes back what a set clock moved too far away.</summary>
    public void LookAgain()
    {
        if (_timer is null)
        {
            _sooner.Set();
        }
        else if (BeginDue() is { } rest)
        {
            _timer.Change(rest, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
        _sooner.Set();
        _thread?.Join();
        _sooner.Dispose();
    }

    /// <returns>The time until the next one; null when there is none.</returns>
    private TimeSpan? BeginDue()
    {
        while (true)
        {
            Attempt? attempt;
            DateTimeOffset at;
            var now = _time.GetUtcNow();
            lock (_gate)
            {
                if (!_armed.TryPeek(out attempt, out var next))
                {
                    return null;
                }

                at = next.At;
                if (attempt.IsArmed && at > now && at - now <= _terms.Furthest)
                {
                    return at - now;
                }

                _armed.Dequeue();
            }

            if (at > now || now - at > _terms.MissedAfter)
            {
                _takeBack(attempt);
            }
            else
            {
                _begin(attempt, now);
            }
        }
    }

    private void Watch()
    {
        while (!_disposed)
        {
            _sooner.Reset();
            if (BeginDue() is not { } rest)
            {
                _sooner.Wait();
            }
            else if (rest > Watched || _time.GetElapsedTime(_watchedAt) < WatchEvery)
            {
                Sleep(rest);
            }
            else
            {
                WatchFor(rest);
            }
        }
    }

    private void Sleep(TimeSpan rest)
    {
        var span = rest > Watched ? rest - Watched : rest;
        _sooner.Wait((int)Math.Clamp(span.TotalMilliseconds, 1, LongestSleep.TotalMilliseconds));
    }

    private void WatchFor(TimeSpan rest)
    {
        var from = _time.GetTimestamp();
        while (_time.GetElapsedTime(from) < rest && !_sooner.IsSet)
        {
            Thread.SpinWait(30);
        }

        _watchedAt = _time.GetTimestamp();
    }
}

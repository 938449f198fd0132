namespace Pontual.TestKit;

/// <summary>A clock that moves only when told. Timers fire inside <see cref="Advance"/>, in the order of their times, each seeing its own time as now.</summary>
/// <remarks><see cref="Jump"/> moves the wall clock alone (as a person or NTP would), <see cref="Advance"/> both it and the monotonic time.</remarks>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _wall = start;
    private long _elapsedTicks;

    /// <summary>A Monday morning in São Paulo: 2026-03-09 12:00 UTC.</summary>
    public ManualTime()
        : this(new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero)) { }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Monotonic time until the earliest armed timer; null when none is armed.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_gate)
            {
                var armed = _timers.Where(timer => timer.Due < long.MaxValue).Select(timer => timer.Due - _elapsedTicks).ToList();
                return armed.Count == 0 ? null : TimeSpan.FromTicks(Math.Max(0, armed.Min()));
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _wall;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsedTicks;
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        var until = GetTimestamp() + span.Ticks;
        while (true)
        {
            ManualTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
                MoveTo(Math.Max(_elapsedTicks, due?.Due ?? until));
                due?.Rearm();
            }

            if (due is null)
            {
                return;
            }

            due.Fire();
        }
    }

    /// <summary>Lets time pass until the wall clock shows <paramref name="instant"/>.</summary>
    public void AdvanceTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());

    /// <summary>Lets time pass while the process is held up: no timer fires, not even those that come due.</summary>
    public void Stall(TimeSpan span)
    {
        lock (_gate)
        {
            MoveTo(_elapsedTicks + span.Ticks);
        }
    }

    /// <summary>Sets the wall clock forward or back without letting time pass.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate)
        {
            _wall += by;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private void MoveTo(long elapsedTicks)
    {
        _wall += TimeSpan.FromTicks(elapsedTicks - _elapsedTicks);
        _elapsedTicks = elapsedTicks;
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time._elapsedTicks + dueTime.Ticks;
                _period = period;
            }

            return true;
        }

        public void Rearm() => Due = _period > TimeSpan.Zero ? Due + _period.Ticks : long.MaxValue;

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

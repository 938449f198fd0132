namespace Pontual.Engine.Pacing;

/// <summary>What a loop somewhere should look at.</summary>
[Flags]
public enum Hint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Schedules: something may be due earlier than the planner thinks.</summary>
    Planning = 1,

    /// <summary>Runs: some may be ready.</summary>
    Claiming = 2,

    /// <summary>Wishes to cancel: a node may run what is not wanted any more.</summary>
    Renewing = 4,

    /// <summary>Requests made in SQL.</summary>
    Asking = 8,

    /// <summary>The event log: something was written to it.</summary>
    Events = 16,

    /// <summary>Everything.</summary>
    All = Planning | Claiming | Renewing | Asking | Events,
}

/// <summary>How what happened in one place tells a loop elsewhere that there is work, so that it need not wait for its poll: in this process, and, where
/// there is a <see cref="Carrier"/>, on other nodes.</summary>
/// <remarks>Only hints: a loop that misses one finds the rows at its next round.</remarks>
public sealed class Signals : IDisposable
{
    /// <summary>Events written within this time of each other are told together.</summary>
    private static readonly TimeSpan EventSpacing = TimeSpan.FromMilliseconds(10);

    private readonly ITimer _eventTimer;
    private TaskCompletionSource? _nextRuns;
    private TaskCompletionSource? _nextEvents;
    private int _eventsToTell;

    /// <param name="time">The clock whose timers the loops sleep by.</param>
    public Signals(TimeProvider time)
    {
        Planning = new Wake(time);
        Claiming = new Wake(time);
        Renewing = new Wake(time);
        Asking = new Wake(time);
        _eventTimer = time.CreateTimer(
            static signals => ((Signals)signals!).TellEvents(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Takes to other nodes what this process wrote and their loops should look at; returns at once. Null: they find it by their polls.</summary>
    public Action<Hint>? Carrier { get; set; }

    /// <summary>Ends when runs may be ready the next time, for any number of waiters. Taken before looking, so that nothing is missed.</summary>
    internal Task NextRuns
    {
        get
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _nextRuns, next, null) ?? next).Task;
        }
    }

    /// <summary>Ends when events were written the next time, here or elsewhere. Taken before looking, so that nothing is missed.</summary>
    public Task NextEvents
    {
        get
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _nextEvents, next, null) ?? next).Task;
        }
    }

    internal Wake Planning { get; }

    internal Wake Claiming { get; }

    internal Wake Renewing { get; }

    internal Wake Asking { get; }

    /// <summary>Schedules changed: planners should look now.</summary>
    public void SchedulesChanged() => Tell(Hint.Planning);

    /// <summary>Runs may be ready: claimers should look now.</summary>
    public void RunsReady() => Tell(Hint.Claiming);

    /// <summary>Somebody wished to cancel a running run: nodes should fetch the wishes for what they hold now.</summary>
    public void CancelWished() => Tell(Hint.Renewing);

    /// <summary>Events were committed: whoever reads the log should look. Many calls close together are told once.</summary>
    public void EventsWritten()
    {
        // Nobody to tell, no timer: most processes have no listener.
        if ((_nextEvents is not null || Carrier is not null) && Interlocked.Exchange(ref _eventsToTell, 1) == 0)
        {
            _eventTimer.Change(EventSpacing, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Passes on what another node told: the loops of this process look, and nobody else is told.</summary>
    public void Heard(Hint hint)
    {
        if (hint.HasFlag(Hint.Planning))
        {
            Planning.Set();
        }

        if (hint.HasFlag(Hint.Claiming))
        {
            Claiming.Set();
            Interlocked.Exchange(ref _nextRuns, null)?.TrySetResult();
        }

        if (hint.HasFlag(Hint.Renewing))
        {
            Renewing.Set();
        }

        if (hint.HasFlag(Hint.Asking))
        {
            Asking.Set();
        }

        if (hint.HasFlag(Hint.Events))
        {
            Interlocked.Exchange(ref _nextEvents, null)?.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Planning.Dispose();
        Claiming.Dispose();
        Renewing.Dispose();
        Asking.Dispose();
        _eventTimer.Dispose();
    }

    private void TellEvents()
    {
        Volatile.Write(ref _eventsToTell, 0);
        Tell(Hint.Events);
    }

    private void Tell(Hint hint)
    {
        Heard(hint);
        Carrier?.Invoke(hint);
    }
}

using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Nodes;

/// <summary>Keeps this process entered as a node: renews its lease, brings in wishes to cancel, and ends everything in time when it cannot renew.</summary>
/// <remarks>
/// <code>
///   0 s          3 s          6 s   7 s          10 s
///   renewed ──── fails ────── fails ┤ self-stop   │ others may take over
///                                   └ Lost: attempts are stopped, results dropped; then it enters anew under another id
/// </code>
/// The self-stop is a timer of its own, so that a store that does not answer cannot delay it.
/// </remarks>
internal sealed class NodeLease : IDisposable
{
    private readonly INodeStore _store;
    private readonly ILeaseWatcher _watcher;
    private readonly NodeIdentity _identity;
    private readonly LeaseOptions _options;
    private readonly ClockWatch _clock;
    private readonly ClockOffset _offset;
    private readonly RoundTrips _roundTrips = new();
    private readonly TimeProvider _time;
    private readonly IEnumerable<ILeaseListener> _listeners;
    private readonly ILogger<NodeLease> _logger;
    private readonly ITimer _selfStop;
    private readonly Lock _gate = new();
    private CancellationTokenSource _renewal = new();
    private HeldLease? _current;
    private DateTimeOffset _renewedAt;
    private long _renewedStamp;
    private long _refusedBefore;
    private DateTimeOffset? _drainingSince;
    private bool _reaped;
    private bool _entered;

    public NodeLease(
        INodeStore store,
        ILeaseWatcher watcher,
        NodeIdentity identity,
        LeaseOptions options,
        ClockWatch clock,
        IEnumerable<ILeaseListener> listeners,
        TimeProvider time,
        ILogger<NodeLease> logger
    )
    {
        _store = store;
        _watcher = watcher;
        _identity = identity;
        _options = options;
        _clock = clock;
        _offset = new ClockOffset(time, logger);
        _listeners = listeners;
        _time = time;
        _logger = logger;
        _selfStop = time.CreateTimer(
            static lease => ((NodeLease)lease!).StopIfOver(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>The lease that work may be taken under; null while there is none.</summary>
    /// <remarks>Nor is there one after this machine's clock went ahead of its monotonic time, until a renewal has confirmed it: a virtual machine that was
    /// suspended does not know how long.</remarks>
    public HeldLease? Current => Volatile.Read(ref _current) is { } held && held.MayBegin() ? held : null;

    /// <summary>Whether jobs became due because this process started the system.</summary>
    public bool StartedSystem { get; private set; }

    /// <summary>Says in the node's row that it takes no more work.</summary>
    public void Drain()
    {
        _drainingSince = _time.GetUtcNow();
    }

    /// <summary>Enters, or renews.</summary>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        _clock.Jumped();
        StopIfOver();
        if (_current is { } held)
        {
            await RenewAsync(held, cancellation);
        }
        else
        {
            await EnterAsync(cancellation);
        }

        return _current is null ? TimeSpan.Zero : _options.RenewEvery;
    }

    /// <summary>Ends the stay because this process stops: whatever it still holds may be taken over at once.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        HeldLease? held;
        lock (_gate)
        {
            held = _current;
            _current = null;
        }

        if (held is not null)
        {
            await _store.LeaveAsync(held.Node, _time.GetUtcNow(), Condition(), cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _selfStop.Dispose();
    }

    private async Task EnterAsync(CancellationToken cancellation)
    {
        var held = new HeldLease(_identity.NewId(), _options.StopAfter, _time, () => _clock.MayHaveSlept);
        var (wall, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        if (!_reaped)
        {
            var dead = await _store.ReapAsync(_identity.Host, ProcessMark.IsAlive, wall, cancellation);
            _reaped = true;
            foreach (var node in dead)
            {
                _logger.PredecessorDead(node);
            }
        }

        var record = _identity.Record(held.Node, wall, wall + _options.Duration);
        StartedSystem |= await _store.RegisterAsync(record, !_entered, wall, cancellation);
        _entered = true;
        lock (_gate)
        {
            held.Confirm(stamp);
            (_renewedAt, _renewedStamp, _current) = (wall, stamp, held);
            _renewal = new CancellationTokenSource();
            _refusedBefore = _watcher.RefusedWrites;
            _selfStop.Change(Positive(held.Left), Timeout.InfiniteTimeSpan);
        }

        _clock.Confirm();
        Tell(held);
        _logger.Entered(held.Node);
    }

    private async Task RenewAsync(HeldLease held, CancellationToken cancellation)
    {
        var (wall, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());

        // The store judges the lease by the time that went by, not by a clock that somebody may have set since the last renewal.
        var judgedAt = _renewedAt + _time.GetElapsedTime(_renewedStamp, stamp);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _renewal.Token);
        var condition = Condition();
        Renewal renewal;
        var asked = _time.GetTimestamp();
        try
        {
            renewal = await _store.RenewAsync(held.Node, judgedAt, wall + _options.Duration, condition, either.Token);
        }
        catch (OperationCanceledException) when (held.Lost)
        {
            return;
        }

        _roundTrips.Add(_time.GetElapsedTime(asked));
        if (!renewal.Held)
        {
            Lose(held);
            return;
        }

        lock (_gate)
        {
            (_renewedAt, _renewedStamp) = (wall, stamp);
            held.Confirm(stamp);
            _selfStop.Change(Positive(held.Left), Timeout.InfiniteTimeSpan);
        }

        _clock.Confirm();
        _offset.Judge();
        Tell(held);
        foreach (var wish in renewal.Cancel)
        {
            _watcher.CancelWished(wish);
        }
    }

    private NodeCondition Condition()
    {
        var refused = _watcher.RefusedWrites;
        return new NodeCondition(_watcher.Active, refused - _refusedBefore, _offset.Now, _drainingSince)
        {
            Disk = _options.Disk?.Invoke(),
            RoundTrip = _roundTrips.Quickest,
        };
    }

    private void Tell(HeldLease held)
    {
        foreach (var listener in _listeners)
        {
            listener.Renewed(held.Left);
        }
    }

    private void StopIfOver()
    {
        if (Volatile.Read(ref _current) is { } held && !held.Holds)
        {
            Lose(held);
        }
    }

    private void Lose(HeldLease held)
    {
        CancellationTokenSource renewal;
        lock (_gate)
        {
            if (_current != held)
            {
                return;
            }

            renewal = _renewal;
            held.Lose();
            _current = null;
            _selfStop.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _logger.LeaseLost(held.Node, held.SinceConfirmed);
        _watcher.LeaseLost(held);

        // Its own, not that of a lease entered meanwhile; never disposed, for that could come before this (it holds no timer).
        renewal.Cancel();
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}

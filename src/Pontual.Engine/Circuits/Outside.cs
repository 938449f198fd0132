namespace Pontual.Engine.Circuits;

/// <summary>What one node knows by itself of something outside: how its calls came out lately.</summary>
internal sealed class Outside(CircuitBoard circuits, CircuitKey key, SharedRate? rate)
{
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private FailureCount? _failures;
    private int _unsaid;
    private int _untold;
    private DateTimeOffset _heldUntil;
    private bool _tells;
    private long _answeredAt = long.MinValue;

    public CircuitKey Key => key;

    private long? AnsweredAt => Volatile.Read(ref _answeredAt) is var at and not long.MinValue ? at : null;

    public SharedRate? Rate => rate;

    /// <summary>Counts anew: it is decided that the circuit is open, or that it is closed again.</summary>
    public void Forget() => _failures = null;

    public ValueTask EndAsync(CallEnd end, string node, bool isProbe)
    {
        if (end.Kind is CallEndKind.Answered or CallEndKind.TooMany)
        {
            Volatile.Write(ref _answeredAt, circuits.Timestamp);
        }

        return end.Kind is CallEndKind.Answered && !isProbe && _failures is null && _unsaid == 0
            ? ValueTask.CompletedTask
            : new ValueTask(EndSlowlyAsync(end, node, isProbe));
    }

    private async Task EndSlowlyAsync(CallEnd end, string node, bool isProbe)
    {
        if (end.Kind is CallEndKind.TooMany)
        {
            await HoldAsync(end.Wait);
        }
        else if (end.Kind is CallEndKind.Answered)
        {
            _unsaid = 0;
        }

        if (isProbe)
        {
            await circuits.ProbeEndedAsync(this, end, node);
        }
        else if (end.Kind is not CallEndKind.Unknown)
        {
            await CountAsync(end, node);
        }
    }

    private async Task CountAsync(CallEnd end, string node)
    {
        var failed = end.Kind is CallEndKind.Failed;
        var failures = failed ? _failures ?? Interlocked.CompareExchange(ref _failures, circuits.NewCount(), null) ?? _failures : _failures;
        if (failures?.Trips(failed, AnsweredAt) is true)
        {
            Forget();
            await circuits.OpenAsync(this, end.Reason ?? "it failed", node);
        }
    }

    /// <summary>Nobody calls for a while. Many answers at once are told to the database together.</summary>
    private async Task HoldAsync(TimeSpan? asked)
    {
        lock (_gate)
        {
            // Where it does not say for how long: twice as long each time, until it answers otherwise.
            var wait = asked ?? ShortestHold * Math.Pow(2, Math.Min(_unsaid++, 6));
            var until = circuits.Now + (asked is null && wait > LongestHold ? LongestHold : wait);
            _heldUntil = until > _heldUntil ? until : _heldUntil;
            _untold++;
            circuits.HeldHere(key, _heldUntil);
            if (_tells)
            {
                return;
            }

            _tells = true;
        }

        while (NextTold() is { } told)
        {
            await circuits.HoldAsync(key, told.Answers, told.Until);
        }
    }

    private (int Answers, DateTimeOffset Until)? NextTold()
    {
        lock (_gate)
        {
            _tells = _untold > 0;
            var told = (_untold, _heldUntil);
            _untold = 0;
            return _tells ? told : null;
        }
    }
}

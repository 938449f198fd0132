namespace Pontual.Server.Demo.Gateways;

/// <summary>What is to happen in the simulated world, each at its time and one after the other.</summary>
internal sealed class Agenda : IDisposable
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromDays(1);

    private readonly Lock _gate;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _entries = new();
    private long _order;

    /// <param name="gate">Held while something happens.</param>
    /// <param name="time">The clock.</param>
    public Agenda(Lock gate, TimeProvider time)
    {
        (_gate, _time) = (gate, time);
        _timer = time.CreateTimer(_ => CatchUp(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void In(TimeSpan span, Action happens)
    {
        lock (_gate)
        {
            _entries.Enqueue(happens, (_time.GetUtcNow() + span, _order++));
            Arm();
        }
    }

    /// <summary>Lets happen what is due.</summary>
    public void CatchUp()
    {
        lock (_gate)
        {
            while (_entries.TryPeek(out var happens, out var due) && due.At <= _time.GetUtcNow())
            {
                _entries.Dequeue();
                happens();
            }

            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        if (_entries.TryPeek(out _, out var next))
        {
            var wait = next.At - _time.GetUtcNow();
            // No timer holds longer than 49 days: what is farther off is looked at once a day.
            _timer.Change(
                wait <= TimeSpan.Zero ? TimeSpan.Zero
                    : wait < LongestLook ? wait
                    : LongestLook,
                Timeout.InfiniteTimeSpan
            );
        }
    }
}

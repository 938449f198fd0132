using Microsoft.Extensions.Logging;
using Pontual.Engine.Limits;

namespace Pontual.Engine.Circuits;

/// <summary>A rate toward something outside that all nodes share. A node takes turns (evenly spread instants) out of the database ahead: one at first,
/// twice as many each time it has used them all, up to those of a second. Turns that it does not use pass unused.</summary>
internal sealed class SharedRate(string name, Rate rate, ICircuitStore store, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Longest that a call is made to wait; who would wait longer is refused.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestRefusal = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly int _most = (int)Math.Max(1, TimeSpan.FromSeconds(1) / rate.Every);
    private readonly SemaphoreSlim _gate = new(1);
    private DateTimeOffset _next;
    private int _left;
    private int _batch;
    private bool _wasted;
    private DateTimeOffset _lastRefused;

    public string Name => name;

    public Rate Rate => rate;

    public void Dispose() => _gate.Dispose();

    /// <summary>Waits for a turn.</summary>
    /// <returns>Null when it is there; else how long to stay away.</returns>
    public async ValueTask<TimeSpan?> TurnAsync(CancellationToken cancellation)
    {
        DateTimeOffset turn;
        await _gate.WaitAsync(cancellation);
        try
        {
            if (await TakeAsync(cancellation) is { } refused)
            {
                return refused;
            }

            (turn, _next, _left) = (_next, _next + rate.Every, _left - 1);
        }
        finally
        {
            _gate.Release();
        }

        if (turn - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellation);
        }

        return null;
    }

    private async Task<TimeSpan?> TakeAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        for (; _left > 0 && _next + rate.Every <= now; _left--)
        {
            (_next, _wasted) = (_next + rate.Every, true);
        }

        if (_left > 0)
        {
            return null;
        }

        // All were used just now: there is more to do.
        var more = !_wasted && _batch > 0 && now - _next < TimeSpan.FromSeconds(1);
        _batch = more ? Math.Min(_batch * 2, _most) : 1;
        _wasted = false;
        try
        {
            var (first, taken) = await store.TakeSlotsAsync(name, rate.Every, _batch, now, now + LongestWait, cancellation);
            (_next, _left) = (first, taken ? _batch : 0);
            return taken ? null : Refused(first, now);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            logger.TurnsNotTaken(name, problem);
            return Retry;
        }
    }

    // One behind the other, so that not all come back for the same turn.
    private TimeSpan Refused(DateTimeOffset free, DateTimeOffset now)
    {
        _lastRefused = _lastRefused + rate.Every > free ? _lastRefused + rate.Every : free;
        var wait = _lastRefused - now;
        return wait > LongestRefusal ? LongestRefusal : wait;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Circuits;

/// <summary>The circuits and rates as one node keeps to them. Opening, probing and closing are compare-and-sets in the database, which all nodes read.</summary>
internal sealed class CircuitBoard(ICircuitStore store, CircuitOptions options, TimeProvider time, ILogger<CircuitBoard> logger)
    : ICircuits,
        IDisposable
{
    // Hosts may come out of parameters: what is known of so many is forgotten at once, and what is open stays in the view.
    private const int MostKnown = 10_000;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<CircuitKey, Outside> _known = new();
    private readonly CircuitView _view = new(store, options, time, logger);
    private readonly Dictionary<string, SharedRate> _rates = options.Rates.ToDictionary(
        rate => rate.Key,
        rate => new SharedRate(rate.Key, rate.Value, store, time, logger),
        StringComparer.OrdinalIgnoreCase
    );

    internal DateTimeOffset Now => time.GetUtcNow();

    internal long Timestamp => time.GetTimestamp();

    public ValueTask<OutsideCall> AskAsync(CircuitKey key, string node, CancellationToken cancellation)
    {
        var outside = Known(key);
        return _view.IsFresh && outside.Rate is null && _view.Find(key) is null
            ? new ValueTask<OutsideCall>(new OutsideCall(outside, node, isProbe: false))
            : AskSlowlyAsync(outside, node, cancellation);
    }

    public void Dispose()
    {
        foreach (var rate in _rates.Values)
        {
            rate.Dispose();
        }
    }

    internal FailureCount NewCount() => new(options, time);

    internal async Task OpenAsync(Outside outside, string reason, string node)
    {
        var (key, now) = (outside.Key, Now);
        if (!options.Enabled || _view.Find(key) is { State: not CircuitState.Closed })
        {
            return;
        }

        var opened = new CircuitRecord(key, CircuitState.Open, now)
        {
            Until = now + options.OpenFor,
            Node = node,
            Reason = reason,
        };
        logger.CircuitOpened(key.Name, key.Tenant.ToString(), reason, options.OpenFor);
        var written = await WriteAsync(
            key,
            () => store.TryOpenAsync(key, node, reason, now, now + options.OpenFor, CancellationToken.None)
        );
        _view.Set(opened, isWritten: written is not null);
    }

    internal async Task ProbeEndedAsync(Outside outside, CallEnd end, string node)
    {
        var (key, now) = (outside.Key, Now);
        outside.Forget();
        DateTimeOffset? openUntil = end.Kind switch
        {
            CallEndKind.Failed => now + options.OpenFor,
            CallEndKind.Unknown => now,
            _ => null,
        };
        if (openUntil is null)
        {
            logger.CircuitClosed(key.Name, key.Tenant.ToString());
        }

        await WriteAsync(
            key,
            async () =>
            {
                await store.EndProbeAsync(key, node, now, openUntil, end.Reason, CancellationToken.None);
                return true;
            }
        );
        var before = _view.Find(key) ?? new CircuitRecord(key, CircuitState.Open, now);
        _view.Set(
            openUntil is null
                ? before with
                {
                    State = CircuitState.Closed,
                    Since = now,
                    Until = null,
                    Node = null,
                    Reason = null,
                }
                : before with
                {
                    State = CircuitState.Open,
                    Since = now,
                    Until = openUntil,
                    Node = node,
                    Reason = end.Reason ?? before.Reason,
                }
        );
    }

    internal void HeldHere(CircuitKey key, DateTimeOffset until)
    {
        var known = _view.Find(key) ?? new CircuitRecord(key, CircuitState.Closed, Now);
        if (!(known.HeldUntil >= until))
        {
            _view.Set(known with { HeldUntil = until });
        }
    }

    internal async Task HoldAsync(CircuitKey key, int answers, DateTimeOffset until)
    {
        logger.CallsHeld(key.Name, key.Tenant.ToString(), until);
        await WriteAsync(
            key,
            async () =>
            {
                await store.HoldAsync(key, answers, Now, until, CancellationToken.None);
                return true;
            }
        );
    }

    private async ValueTask<OutsideCall> AskSlowlyAsync(Outside outside, string node, CancellationToken cancellation)
    {
        var key = outside.Key;
        if (!_view.IsFresh)
        {
            await _view.RefreshAsync(key, cancellation);
        }

        var now = Now;
        var record = _view.Find(key);
        if (record?.HeldUntil > now)
        {
            return Held(key, record.HeldUntil.Value - now, $"it asked for no calls (429) before {Clock(record.HeldUntil.Value)}");
        }

        var isOpen = options.Enabled && record is { State: not CircuitState.Closed };
        if (isOpen)
        {
            // What came before it does not count when it is closed again.
            outside.Forget();
            if (record!.Until > now)
            {
                return Open(record, now);
            }
        }

        if (outside.Rate is { } rate && await rate.TurnAsync(cancellation) is { } wait)
        {
            return Held(key, wait, $"the rate of {rate.Rate} lets the next call at {Clock(now + wait)}");
        }

        if (!isOpen)
        {
            return new OutsideCall(outside, node, isProbe: false);
        }

        return await TryProbeAsync(key, node, record!) ? new OutsideCall(outside, node, isProbe: true) : Open(record!, Now);
    }

    private async Task<bool> TryProbeAsync(CircuitKey key, string node, CircuitRecord record)
    {
        var now = Now;
        var until = now + options.OpenFor;
        var probes = await WriteAsync(key, () => store.TryProbeAsync(key, node, now, until, CancellationToken.None));
        if (probes is true)
        {
            _view.Set(record with { State = CircuitState.HalfOpen, Since = now, Until = until, Node = node });
        }

        return probes is true;
    }

    /// <returns>What the database says; null when it could not be asked.</returns>
    private async Task<bool?> WriteAsync(CircuitKey key, Func<Task<bool>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception problem)
        {
            logger.CircuitNotWritten(key.Name, problem);
            return null;
        }
    }

    private static OutsideCall Open(CircuitRecord record, DateTimeOffset now)
    {
        var wait = record.Until - now is { } rest && rest > ShortestWait ? rest : ShortestWait;
        var next =
            record.State is CircuitState.HalfOpen || record.Until <= now
                ? "a probe finds out whether it works again"
                : $"the next call may go at {Clock(record.Until!.Value)}";
        return new OutsideCall(new OutsideRefusal(true, OutsideRefusal.Open(record.Key.Name, $"{record.Reason}; {next}"), wait));
    }

    private static OutsideCall Held(CircuitKey key, TimeSpan wait, string why) =>
        new(new OutsideRefusal(false, $"rate limited: {key.Name} was not called, for {why}", wait));

    private static string Clock(DateTimeOffset at) => $"{at.UtcDateTime:HH:mm:ss} UTC";

    private Outside Known(CircuitKey key)
    {
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        return _known.GetOrAdd(key, new Outside(this, key, _rates.GetValueOrDefault(key.Place) ?? _rates.GetValueOrDefault(key.Name)));
    }
}

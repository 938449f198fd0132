using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Circuits;

/// <summary>What this node knows of the circuits: read from the database at most once a <see cref="CircuitOptions.Fresh"/>, and only by who wants to call.</summary>
/// <remarks>Nothing runs in the background. Who comes while the knowledge is older than that reads it anew; who comes while it is twice as old waits for it.</remarks>
internal sealed class CircuitView(ICircuitStore store, CircuitOptions options, TimeProvider time, ILogger logger)
{
    // A database that hangs must not hold up calls for longer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<CircuitKey, CircuitRecord> _unwritten = [];
    private volatile IReadOnlyDictionary<CircuitKey, CircuitRecord> _holding = new Dictionary<CircuitKey, CircuitRecord>();
    private Task? _reading;
    private long _readAt;
    private bool _wasRead;
    private bool _wasMissed;
    private int _changes;

    /// <summary>Whether what is known is new enough.</summary>
    public bool IsFresh => Volatile.Read(ref _wasRead) && time.GetElapsedTime(Volatile.Read(ref _readAt)) < options.Fresh;

    /// <summary>What holds calls up; null for nothing.</summary>
    public CircuitRecord? Find(CircuitKey key) => _holding.GetValueOrDefault(key);

    /// <summary>Reads it anew.</summary>
    /// <param name="key">What is to be called: who would be refused by old knowledge waits for the new.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask RefreshAsync(CircuitKey key, CancellationToken cancellation)
    {
        Task reading;
        lock (_gate)
        {
            reading = _reading ??= Task.Run(ReadAsync, CancellationToken.None);
        }

        if (!_wasRead || Find(key) is not null || time.GetElapsedTime(_readAt) >= 2 * options.Fresh)
        {
            await reading.WaitAsync(LongestWait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>What this node changed itself holds here at once.</summary>
    /// <param name="record">As it is now.</param>
    /// <param name="isWritten">Whether the database knows it. What it could not be told holds on this node until its time is over.</param>
    public void Set(CircuitRecord record, bool isWritten = true)
    {
        lock (_gate)
        {
            _changes++;
            if (isWritten)
            {
                _unwritten.Remove(record.Key);
            }
            else
            {
                _unwritten[record.Key] = record;
            }

            _holding = new Dictionary<CircuitKey, CircuitRecord>(_holding) { [record.Key] = record };
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var before = _changes;
            Take(await store.HoldingAsync(time.GetUtcNow(), CancellationToken.None), before);
            _wasMissed = false;
        }
        catch (Exception problem)
        {
            if (!_wasMissed)
            {
                _wasMissed = true;
                logger.CircuitsNotRead(problem);
            }
        }
        finally
        {
            lock (_gate)
            {
                _reading = null;
                _readAt = time.GetTimestamp();
                _wasRead = true;
            }
        }
    }

    private void Take(IReadOnlyList<CircuitRecord> records, int before)
    {
        lock (_gate)
        {
            // What was read may be older than what this node changed meanwhile.
            if (_changes != before)
            {
                return;
            }

            var now = time.GetUtcNow();
            foreach (var (key, _) in _unwritten.Where(record => !(record.Value.Until > now)).ToList())
            {
                _unwritten.Remove(key);
            }

            var holding = records.ToDictionary(record => record.Key);
            foreach (var (key, record) in _unwritten)
            {
                holding[key] = record;
            }

            _holding = holding;
        }
    }
}

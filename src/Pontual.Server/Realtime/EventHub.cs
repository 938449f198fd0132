using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Events;
using Pontual.Engine.Pacing;

namespace Pontual.Server.Realtime;

/// <summary>Reads the log once for all listeners of this node, and wakes those whom something new concerns. Rests while nobody listens.</summary>
internal sealed class EventHub(IEventStore log, Signals signals, RealtimePace pace, TimeProvider time, ILogger<EventHub> logger)
    : BackgroundService
{
    private const int MostRead = 2_000;

    /// <summary>Longest wait for news that no signal told of.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Clients that poll come back: it goes on reading for so long.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    private readonly EventWindow _window = new();
    private readonly ConcurrentDictionary<Listener, bool> _listeners = new();
    private readonly SemaphoreSlim _joined = new(0);
    private long _position = -1;
    private long _heardAt;
    private long _wokeAllAt;

    /// <summary>How many listen.</summary>
    public int Listeners => _listeners.Count;

    /// <summary>The log from end to end; what was committed before is in it.</summary>
    public async Task<EventBounds> BoundsAsync(CancellationToken cancellation)
    {
        await log.RelayAsync(cancellation);
        return await log.BoundsAsync(cancellation);
    }

    /// <summary>A new listener; dispose of it when its client has gone.</summary>
    public Listener Join()
    {
        var listener = new Listener(log, _window, left => _listeners.TryRemove(left, out _));
        _listeners[listener] = true;
        _joined.Release();
        return listener;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var news = signals.NextEvents;
                await RestAsync(stoppingToken);
                var rest = await StepAsync(stoppingToken);
                WakeAll();
                await news.WaitAsync(rest, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception problem)
            {
                logger.LogNotRead(problem);
                _position = -1;
                await Task.Delay(Backoff, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Waits while nobody listens; whoever comes then is served from the log until the window reaches back far enough.</summary>
    private async Task RestAsync(CancellationToken cancellation)
    {
        if (!_listeners.IsEmpty)
        {
            _heardAt = time.GetTimestamp();
        }
        else if (_position < 0 || time.GetElapsedTime(_heardAt) > Linger)
        {
            _position = -1;
            while (_listeners.IsEmpty)
            {
                await _joined.WaitAsync(cancellation);
            }
        }
    }

    /// <returns>How long it may wait when nothing tells it of news.</returns>
    private async Task<TimeSpan> StepAsync(CancellationToken cancellation)
    {
        if (_position < 0)
        {
            _position = (await log.BoundsAsync(cancellation)).Newest;
            _window.Restart(_position);
            _listeners.Keys.ToList().ForEach(listener => listener.Bell.Ring());
        }

        var isMore = await log.RelayAsync(cancellation);
        if (await log.ReadAsync(_position, MostRead, cancellation) is not { } stretch)
        {
            // The log was cut, or is another one than before: listeners find out by their own cursors.
            _position = -1;
            return TimeSpan.Zero;
        }

        _position = stretch.Next;
        Tell([.. stretch.Events.Select(EventMessage.Of)]);
        return stretch.Events.Count >= MostRead / 2 ? TimeSpan.Zero
            : isMore ? Breath
            : Poll;
    }

    private void Tell(List<EventMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        _window.Add(messages);
        foreach (var (listener, _) in _listeners)
        {
            if (listener.Hears(messages))
            {
                listener.Bell.Ring();
            }
        }
    }

    private void WakeAll()
    {
        if (time.GetElapsedTime(_wokeAllAt) < pace.Tick)
        {
            return;
        }

        _wokeAllAt = time.GetTimestamp();
        foreach (var (listener, _) in _listeners)
        {
            listener.Bell.Ring();
        }
    }
}

using System.Threading.Channels;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Events;

/// <summary>Something that happened to a run on this node.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When.</param>
/// <param name="Run">The run as it then stood.</param>
public sealed record RunEvent(RunEventKind Kind, DateTimeOffset At, Run Run);

/// <summary>What can happen to a run.</summary>
public enum RunEventKind
{
    /// <summary>A node claimed it.</summary>
    Started,

    /// <summary>An attempt failed, another follows.</summary>
    Retrying,

    /// <summary>It ended.</summary>
    Ended,

    /// <summary>Occurrences were recorded as skipped.</summary>
    Skipped,
}

/// <summary>Tells listeners in this process what happens to runs here. A slow listener loses the oldest news, never slows a run; the store stays the truth.</summary>
public sealed class RunFeed
{
    private readonly Lock _gate = new();
    private Channel<RunEvent>[] _listeners = [];

    /// <summary>Whether anybody listens: news need not be made when nobody does.</summary>
    public bool HasListeners => _listeners.Length > 0;

    /// <summary>Tells all listeners.</summary>
    public void Publish(RunEvent news)
    {
        foreach (var listener in _listeners)
        {
            listener.Writer.TryWrite(news);
        }
    }

    /// <summary>Reads news from now on until cancelled.</summary>
    public async IAsyncEnumerable<RunEvent> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var channel = Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _listeners = [.. _listeners, channel];
        }

        try
        {
            await foreach (var news in channel.Reader.ReadAllAsync(cancellation))
            {
                yield return news;
            }
        }
        finally
        {
            lock (_gate)
            {
                _listeners = [.. _listeners.Where(listener => listener != channel)];
            }
        }
    }
}

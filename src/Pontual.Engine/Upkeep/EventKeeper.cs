using Pontual.Engine.Events;

namespace Pontual.Engine.Upkeep;

/// <summary>Gives events their places in the log where nobody listens who would, and forgets old ones.</summary>
internal sealed class EventKeeper(IEventStore events, UpkeepOptions options, TimeProvider time)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(10);

    /// <summary>Until it goes on with what is left.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private long? _prunedAt;

    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var isMore = await events.RelayAsync(cancellation);
        if (_prunedAt is not { } at || time.GetElapsedTime(at) >= PruneEvery)
        {
            if (await events.PruneAsync(time.GetUtcNow() - options.KeepEvents, options.MostEvents, cancellation))
            {
                return Breath;
            }

            _prunedAt = time.GetTimestamp();
        }

        return isMore ? Breath : Every;
    }
}

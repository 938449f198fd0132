using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Pacing;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Inbox;

/// <summary>Reads webhooks as long as the node runs: at once what came to this node, within a second what came to others; and forgets old ones.</summary>
internal sealed class InboxLoop(
    InboxReader reader,
    InboxBell bell,
    InboxOptions options,
    PontualDatabase database,
    TimeProvider time,
    ILogger<InboxLoop> logger
) : BackgroundService
{
    private const int MostPruned = 1_000;

    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(10);

    private long? _prunedAt;

    /// <summary>One round.</summary>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        if (await reader.ReadAsync(cancellation) > 0)
        {
            // What came meanwhile was kept while this was read: there may be a batch already.
            return TimeSpan.Zero;
        }

        if (_prunedAt is { } at && time.GetElapsedTime(at) < PruneEvery)
        {
            return null;
        }

        if (await PruneAsync(cancellation) == MostPruned)
        {
            return TimeSpan.FromMilliseconds(20);
        }

        _prunedAt = time.GetTimestamp();
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loop = new Loop("The inbox", time, logger) { Poll = options.Poll };
        await Task.Yield();
        await loop.RunAsync(StepAsync, bell.Wake, stoppingToken);
    }

    private async Task<int> PruneAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var gone = await database.WriteAsync(
            session => UnreadStore.PruneAsync(session, now - options.KeepRead, now - options.KeepTroubled, MostPruned),
            cancellation
        );
        if (gone > 0)
        {
            logger.WebhooksPruned(gone);
        }

        return gone;
    }
}

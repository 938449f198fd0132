using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Pacing;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Retention;

/// <summary>Deletes what was kept long enough, a little at a time, so that no transaction is long, and says how much that was.</summary>
internal sealed class RetentionLoop(
    IEnumerable<KeptRows> kept,
    RetentionOptions options,
    PontualDatabase database,
    TimeProvider time,
    ILogger<RetentionLoop> logger
) : BackgroundService
{
    /// <summary>Most rows of a sort that go in one transaction.</summary>
    public const int Batch = 1_000;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private readonly KeptRows[] _kept = [.. kept];

    /// <summary>One round: a batch of each sort.</summary>
    /// <returns>How long to rest: shortly where there is more.</returns>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var rest = Every;
        foreach (var rows in _kept)
        {
            var before = time.GetUtcNow() - rows.For(options);
            var gone = await database.WriteAsync(session => rows.DropAsync(session, before, Batch), cancellation);
            if (gone > 0)
            {
                logger.Pruned(gone, rows.Name, before);
            }

            rest = gone >= Batch ? Breath : rest;
        }

        return rest;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new Wake(time);
        var loop = new Loop("The pruner of messaging", time, logger) { Poll = Every };
        await Task.Yield();
        await loop.RunAsync(StepAsync, wake, stoppingToken);
    }
}

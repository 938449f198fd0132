using Microsoft.Extensions.Logging;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Upkeep;

/// <summary>Deletes old history, a little at a time, so that no transaction is long.</summary>
internal sealed class Pruner(IRunStore runs, UpkeepOptions options, TimeProvider time, ILogger<Pruner> logger)
{
    private const int Batch = 1_000;

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <summary>Deletes one batch.</summary>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - options.KeepHistory;
        var gone = await runs.PruneAsync(before, Batch, cancellation);
        if (gone > 0)
        {
            logger.Pruned(gone, before);
        }

        return gone >= Batch ? Breath : Every;
    }
}

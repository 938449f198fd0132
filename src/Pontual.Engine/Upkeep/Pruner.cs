using Microsoft.Extensions.Logging;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Upkeep;

/// <summary>Deletes old history, by whole days where the database keeps days apart, else a little at a time, so that no transaction is long.</summary>
internal sealed class Pruner(IRunStore runs, UpkeepOptions options, TimeProvider time, ILogger<Pruner> logger)
{
    private const int Batch = 1_000;

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <summary>Until it tries again what others stood in the way of.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    /// <summary>Sees to the days, and deletes one batch.</summary>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var before = now - options.KeepHistory;
        var (dropped, daysAreDone) = await runs.KeepDaysAsync(now, before, cancellation);
        var gone = await runs.PruneAsync(before, Batch, cancellation);
        if (dropped + gone > 0)
        {
            logger.Pruned(dropped + gone, before);
        }

        return gone >= Batch ? Breath
            : daysAreDone ? Every
            : Again;
    }
}

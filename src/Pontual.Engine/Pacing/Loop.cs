using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Pacing;

/// <summary>Repeats a room's step until it is stopped: after each one it sleeps for as long as the step said, until the poll, or until woken.</summary>
/// <remarks>No exception ends it: it is logged and the step is tried again, after waits that double from 100 ms to a bound.</remarks>
internal sealed class Loop(string room, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest sleep without a wake-up.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether it sleeps by blocking its thread, which must be its own: the end of such a sleep waits for no other thread.</summary>
    public bool Blocks { get; init; }

    /// <summary>Longest wait after failures in a row.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <param name="step">One round; it answers how long it may sleep, null for until the poll.</param>
    /// <param name="wake">Ends the sleep.</param>
    /// <param name="cancellation">Ends the loop.</param>
    public async Task RunAsync(Func<CancellationToken, Task<TimeSpan?>> step, Wake wake, CancellationToken cancellation)
    {
        var backoff = TimeSpan.Zero;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var rest = await step(cancellation);
                backoff = TimeSpan.Zero;
                if (rest is null || rest > TimeSpan.Zero)
                {
                    await SleepAsync(wake, rest < Poll ? rest.Value : Poll, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                backoff = Next(backoff);
                logger.StepFailed(problem, room, backoff);
                await BackOffAsync(wake, backoff, cancellation);
            }
        }
    }

    private Task SleepAsync(Wake wake, TimeSpan limit, CancellationToken cancellation)
    {
        if (!Blocks)
        {
            return wake.SleepAsync(limit, cancellation);
        }

        wake.Sleep(limit, cancellation);
        return Task.CompletedTask;
    }

    private async Task BackOffAsync(Wake wake, TimeSpan backoff, CancellationToken cancellation)
    {
        if (Blocks)
        {
            wake.Sleep(backoff, cancellation);
        }
        else
        {
            await Task.Delay(backoff, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan Next(TimeSpan backoff)
    {
        var doubled = backoff == TimeSpan.Zero ? ShortestBackoff : backoff * 2;
        return doubled < LongestBackoff ? doubled : LongestBackoff;
    }
}

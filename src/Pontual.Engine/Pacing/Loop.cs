using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Pacing;

/// <summary>Repeats a room's step until it is stopped: after each one it sleeps for as long as the step said, until the poll, or until woken.</summary>
/// <remarks>No exception ends it: the step is tried again, after waits that double from 100 ms to a bound. The first failure in a row is logged, then
/// one every 10 s, and the end of it.</remarks>
/// <param name="room">What it is called in the log, with its article: "The courier".</param>
/// <param name="time">The clock that its waits go by.</param>
/// <param name="logger">Where failures are told.</param>
public sealed class Loop(string room, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(10);

    private int _failures;
    private long _saidAt;

    /// <summary>Longest sleep without a wake-up.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether it sleeps by blocking its thread, which must be its own: the end of such a sleep waits for no other thread.</summary>
    public bool Blocks { get; init; }

    /// <summary>Longest wait after failures in a row.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Repeats the step until it is stopped.</summary>
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
                Worked();
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
                Failed(problem, backoff);
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

    private void Failed(Exception problem, TimeSpan backoff)
    {
        if (_failures++ == 0 || time.GetElapsedTime(_saidAt) >= SayAgain)
        {
            _saidAt = time.GetTimestamp();
            logger.StepFailed(problem, room, backoff);
        }
    }

    private void Worked()
    {
        if (_failures > 1)
        {
            logger.StepWorks(room, _failures);
        }

        _failures = 0;
    }

    private TimeSpan Next(TimeSpan backoff)
    {
        var doubled = backoff == TimeSpan.Zero ? ShortestBackoff : backoff * 2;
        return doubled < LongestBackoff ? doubled : LongestBackoff;
    }
}

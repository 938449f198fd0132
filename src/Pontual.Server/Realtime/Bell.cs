namespace Pontual.Server.Realtime;

/// <summary>What one listener sleeps on. Rung while it is awake, its next sleep does not begin.</summary>
internal sealed class Bell
{
    private TaskCompletionSource? _sleeper;
    private int _rung;

    /// <summary>Wakes the sleeper.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            Interlocked.Exchange(ref _sleeper, null)?.TrySetResult();
        }
    }

    /// <summary>Sleeps until it is rung.</summary>
    public async Task SleepAsync()
    {
        var sleeper = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _sleeper, sleeper);
        if (Interlocked.CompareExchange(ref _rung, 0, 0) == 0)
        {
            await sleeper.Task;
        }

        Volatile.Write(ref _sleeper, null);
        Volatile.Write(ref _rung, 0);
    }
}

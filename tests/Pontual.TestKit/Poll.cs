namespace Pontual.TestKit;

/// <summary>Waits for something that gives no signal.</summary>
public static class Poll
{
    /// <summary>Asks every few milliseconds until it is so.</summary>
    /// <exception cref="TimeoutException">It was not within <paramref name="patience"/>.</exception>
    public static Task UntilAsync(Func<bool> isSo, TimeSpan patience) => UntilAsync(() => Task.FromResult(isSo()), patience);

    /// <summary>As above, where asking takes time.</summary>
    /// <exception cref="TimeoutException">It was not within <paramref name="patience"/>.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, TimeProvider.System);
        while (!await isSo())
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"It was not so within {patience}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }
}

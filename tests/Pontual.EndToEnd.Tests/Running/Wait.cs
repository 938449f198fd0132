using System.Diagnostics;

namespace Pontual.EndToEnd.Tests.Running;

/// <summary>Waits for what another process does: asks again and again, with a deadline.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until <paramref name="ask"/> answers something.</summary>
    /// <param name="what">For the message.</param>
    /// <param name="patience">The deadline from now on.</param>
    /// <param name="ask">Null for not yet.</param>
    /// <param name="written">What to show when the deadline passes.</param>
    public static async Task<T> ForAsync<T>(string what, TimeSpan patience, Func<Task<T?>> ask, Func<string>? written = null)
        where T : class
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(begun) > patience)
            {
                throw new TimeoutException($"Within {patience}: no {what}.\n{written?.Invoke()}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Waits until a program has written something.</summary>
    public static Task ForTextAsync(PontualProcess program, string text, TimeSpan patience) =>
        ForAsync(
            $"'{text}'",
            patience,
            () => Task.FromResult(program.Written.Contains(text, StringComparison.Ordinal) ? text : null),
            () => program.Written
        );
}

using System.Globalization;

namespace Pontual.Runners.Http;

/// <summary>Reads the wait that an answer asks for (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>No wait is taken for longer: a target must not put a job to sleep for years.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    // The form to send, and the two old ones that must still be read (RFC 9110, 5.6.7).
    private static readonly string[] DateForms =
    [
        "r",
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM d HH:mm:ss yyyy",
        "ddd MMM  d HH:mm:ss yyyy",
    ];

    /// <returns>0 to <see cref="Longest"/>; null when the text is no wait.</returns>
    public static TimeSpan? Read(string? text, DateTimeOffset now)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.All(char.IsAsciiDigit))
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < Longest.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : Longest;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, Utc, out var until))
        {
            return null;
        }

        var wait = until - now;
        return wait <= TimeSpan.Zero ? TimeSpan.Zero
            : wait > Longest ? Longest
            : wait;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pontual.Engine.Jobs;

/// <summary>Durations as people write them: <c>90s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>, <c>500ms</c>, or ISO 8601 (<c>PT1H30M</c>).</summary>
/// <remarks>A plain number is no duration: its unit would be a guess. Months and years are none either: they have no fixed length.</remarks>
public static partial class Duration
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "write a number with its unit, largest unit first: 500ms, 90s, 5m, 1h30m, 2d";

    /// <summary>The longest one that is read: 100 years of 365 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Reads a duration of whole milliseconds, 0 to <see cref="Longest"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || text.Length > 40)
        {
            return false;
        }

        var match = text.StartsWith('P') ? Iso().Match(text) : Short().Match(text);
        if (!match.Success || !match.Groups.Cast<Group>().Skip(1).Any(group => group.Success))
        {
            return false;
        }

        // Ten digits at most for each part: the sum of all cannot leave the range of a decimal.
        var milliseconds =
            (Part(match, "d") * 86_400_000)
            + (Part(match, "h") * 3_600_000)
            + (Part(match, "m") * 60_000)
            + (Part(match, "s") * 1000)
            + Part(match, "ms")
            + (Part(match, "w") * 604_800_000);
        if (milliseconds != decimal.Truncate(milliseconds) || milliseconds > (decimal)Longest.TotalMilliseconds)
        {
            return false;
        }

        duration = new TimeSpan((long)milliseconds * TimeSpan.TicksPerMillisecond);
        return true;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads back as the same: <c>1h30m</c>. Parts below a millisecond are dropped.</summary>
    /// <param name="duration">0 or more.</param>
    public static string Format(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var text = new StringBuilder();
        Add(duration.Days, "d");
        Add(duration.Hours, "h");
        Add(duration.Minutes, "m");
        Add(duration.Seconds, "s");
        Add(duration.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text.ToString();

        void Add(int number, string unit)
        {
            if (number != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
            }
        }
    }

    private static decimal Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? decimal.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"\A(?:(?<d>[0-9]{1,10})d)?(?:(?<h>[0-9]{1,10})h)?(?:(?<m>[0-9]{1,10})m(?!s))?(?:(?<s>[0-9]{1,10})s)?(?:(?<ms>[0-9]{1,10})ms)?\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Short();

    [GeneratedRegex(
        @"\AP(?:(?<w>[0-9]{1,10})W|(?:(?<d>[0-9]{1,10})D)?(?:T(?=[0-9])(?:(?<h>[0-9]{1,10})H)?(?:(?<m>[0-9]{1,10})M)?(?:(?<s>[0-9]{1,10}(?:\.[0-9]{1,7})?)S)?)?)\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Iso();
}

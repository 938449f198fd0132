using System.Globalization;
using System.Text.RegularExpressions;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Julia;

/// <summary>When the jobs of the pack are due, by a way of its own: tries every minute of the clocks of Brasília against the five fields as they stand in the
/// file. Shares nothing with the product. Right for 2026, when those clocks are three hours behind UTC all year.</summary>
internal static partial class MinuteOracle
{
    public static readonly TimeSpan Brasilia = TimeSpan.FromHours(-3);

    /// <summary>The cron expression of each job, by its name.</summary>
    public static IReadOnlyDictionary<string, string> Read(string pack) =>
        Entry()
            .Matches(File.ReadAllText(Repository.Path(pack)))
            .ToDictionary(entry => entry.Groups[1].Value, entry => entry.Groups[2].Value);

    /// <summary>Due times in (after, until], rising.</summary>
    public static IEnumerable<DateTimeOffset> Due(string cron, DateTimeOffset after, DateTimeOffset until)
    {
        var fields = cron.Split(' ');
        var first = after.UtcDateTime.AddTicks(-(after.UtcTicks % TimeSpan.TicksPerMinute)).AddMinutes(1);
        for (var at = new DateTimeOffset(first, TimeSpan.Zero).ToOffset(Brasilia); at <= until; at = at.AddMinutes(1))
        {
            int[] shown = [at.Minute, at.Hour, at.Day, at.Month, (int)at.DayOfWeek];
            if (fields.Zip(shown).All(pair => pair.First.Split(',').Any(part => Matches(part, pair.Second))))
            {
                yield return at.ToUniversalTime();
            }
        }
    }

    private static bool Matches(string part, int shown)
    {
        var (range, step) = part.Split('/') is [var left, var right] ? (left, Number(right)) : (part, 1);
        return range == "*" ? shown % step == 0
            : range.Split('-') is [var from, var to] ? shown >= Number(from) && shown <= Number(to) && (shown - Number(from)) % step == 0
            : shown == Number(range);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^  - name: (\S+)$(?:\n(?!  - name).*)*?\n    schedule: \{ cron: "([^"]+)" \}$""", RegexOptions.Multiline)]
    private static partial Regex Entry();
}

using System.Text.Json;

namespace Pontual.Engine.Calendars;

/// <summary>Days of the week in English, three letters or whole, and lists and ranges of them: <c>mon-fri</c>, <c>sat,sun</c>.</summary>
internal static class DayWords
{
    public const string Rule = "write MON, TUE, WED, THU, FRI, SAT, SUN, a range (MON-FRI) or a list (SAT,SUN)";

    /// <summary>A single item, or those of a list, with their paths.</summary>
    public static IEnumerable<(JsonElement Item, string Path)> Items(JsonElement json, string path) =>
        json.ValueKind is JsonValueKind.Array ? json.EnumerateArray().Select((item, index) => (item, $"{path}/{index}")) : [(json, path)];

    public static bool TryRead(string text, out List<DayOfWeek> days)
    {
        days = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !TryDay(ends[0], out var first) || !TryDay(ends[^1], out var last))
            {
                return false;
            }

            for (var day = first; ; day = (DayOfWeek)(((int)day + 1) % 7))
            {
                days.Add(day);
                if (day == last)
                {
                    break;
                }
            }
        }

        return true;
    }

    public static bool TryDay(string text, out DayOfWeek day)
    {
        foreach (var known in Enum.GetValues<DayOfWeek>())
        {
            var name = known.ToString();
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase) || text.Equals(name[..3], StringComparison.OrdinalIgnoreCase))
            {
                day = known;
                return true;
            }
        }

        day = default;
        return false;
    }
}

using System.Globalization;
using System.Text;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What was true against what was judged, as a table.</summary>
internal static class DayTable
{
    public static string Of(IReadOnlyList<Trouble> troubles)
    {
        var rows = troubles.GroupBy(trouble => trouble.Row).OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        var text = new StringBuilder();
        Line(text, "truth", "no.", "judged", "in time", "late", "missed", "brief", "min", "evidence", "ended by", "asked for", "messages");
        foreach (var row in rows)
        {
            var found = row.Where(trouble => trouble.FoundAt is not null).ToList();
            Line(
                text,
                row.Key,
                Number(row.Count()),
                Counted(row.Select(trouble => trouble.Judged?.ToString() ?? (trouble.WasSaid ? "said" : "nothing"))),
                Number(found.Count(trouble => !trouble.IsLate)),
                Number(found.Count(trouble => trouble.IsLate)),
                Number(row.Count(trouble => trouble.IsMissed)),
                Number(row.Count(trouble => trouble.FoundAt is null && !trouble.IsMissed)),
                found.Count == 0 ? "-" : found.Average(MinutesOf).ToString("0.0", CultureInfo.InvariantCulture),
                Counted(found.Select(trouble => trouble.Evidence ?? "-")),
                Counted(row.Select(trouble => trouble.EndedBy)),
                string.Join(' ', row.SelectMany(trouble => trouble.Asks).Distinct().Order()) is { Length: > 0 } asked ? asked : "-",
                Counted(row.Select(trouble => trouble.GapWord))
            );
        }

        return text.ToString();
    }

    private static double MinutesOf(Trouble trouble) => (trouble.FoundAt!.Value - trouble.At).TotalMinutes;

    /// <summary>Each with how often; alone where all are the same.</summary>
    private static string Counted(IEnumerable<string> words)
    {
        var groups = words.GroupBy(word => word).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        return groups.Count == 0 ? "-"
            : groups.Count == 1 ? groups[0].Key
            : string.Join(' ', groups.Select(group => $"{group.Key}:{group.Count()}"));
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params ReadOnlySpan<string> cells) =>
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{cells[0], -40} {cells[1], 3}  {cells[2], -30} {cells[3], 7} {cells[4], 4} {cells[5], 6} {cells[6], 5} {cells[7], 6}  {cells[8], -26} {cells[9], -24} {cells[10], -28} {cells[11]}"
        );
}

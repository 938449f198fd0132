using System.Globalization;
using System.Text;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What was true against what was judged, as a table.</summary>
internal static class DayTable
{
    public static string Of(IReadOnlyList<Trouble> troubles)
    {
        var rows = troubles.GroupBy(trouble => trouble.Row).OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        var text = new StringBuilder();
        Line(text, "truth", "no.", "judged", "in time", "late", "missed", "brief", "min", "steps", "asked for");
        foreach (var row in rows)
        {
            var found = row.Where(trouble => trouble.FoundAt is not null).ToList();
            Line(
                text,
                row.Key,
                Number(row.Count()),
                string.Join(' ', row.GroupBy(trouble => trouble.Judged).OrderBy(group => group.Key).Select(Judged)),
                Number(found.Count(trouble => !trouble.IsLate)),
                Number(found.Count(trouble => trouble.IsLate)),
                Number(row.Count(trouble => trouble.IsMissed)),
                Number(row.Count(trouble => trouble.FoundAt is null && !trouble.IsMissed)),
                found.Count == 0
                    ? "-"
                    : found
                        .Average(trouble => (trouble.FoundAt!.Value - trouble.At).TotalMinutes)
                        .ToString("0.0", CultureInfo.InvariantCulture),
                Words(row.SelectMany(trouble => trouble.Steps)),
                Words(row.SelectMany(trouble => trouble.Asks))
            );
        }

        return text.ToString();
    }

    private static string Judged(IGrouping<SessionState?, Trouble> group) => $"{group.Key?.ToString() ?? "nothing"}:{group.Count()}";

    private static string Words<T>(IEnumerable<T> all)
        where T : struct, Enum => string.Join(' ', all.Distinct().Order()) is { Length: > 0 } words ? words : "-";

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params ReadOnlySpan<string> cells) =>
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{cells[0], -38} {cells[1], 3}  {cells[2], -34} {cells[3], 7} {cells[4], 4} {cells[5], 6} {cells[6], 5} {cells[7], 6}  {cells[8], -26} {cells[9]}"
        );
}

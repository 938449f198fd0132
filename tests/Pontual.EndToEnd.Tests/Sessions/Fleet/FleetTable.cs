using System.Globalization;
using System.Text;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary>What was true against what was judged, as a table.</summary>
internal static class FleetTable
{
    public static string Of(IReadOnlyList<FleetTrouble> troubles)
    {
        var text = new StringBuilder();
        Line(text, "truth", "no.", "judged", "in time", "late", "missed", "brief", "s", "steps", "asked for", "ended");
        foreach (var row in troubles.GroupBy(trouble => trouble.Row).OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            var found = row.Where(trouble => trouble.FoundAt is not null).ToList();
            Line(
                text,
                row.Key,
                Number(row.Count()),
                string.Join(' ', row.GroupBy(trouble => trouble.Judged ?? "nothing").Select(group => $"{group.Key}:{group.Count()}")),
                Number(found.Count(trouble => !trouble.IsLate)),
                Number(found.Count(trouble => trouble.IsLate)),
                Number(row.Count(trouble => trouble.IsMissed)),
                Number(row.Count(trouble => trouble.FoundAt is null && !trouble.IsMissed)),
                found.Count == 0
                    ? "-"
                    : found
                        .Average(trouble => (trouble.FoundAt!.Value - trouble.At).TotalSeconds)
                        .ToString("0", CultureInfo.InvariantCulture),
                Words(row.SelectMany(trouble => trouble.Steps)),
                Words(row.SelectMany(trouble => trouble.Asks)),
                string.Join(' ', row.GroupBy(How).Select(group => $"{group.Key}:{group.Count()}"))
            );
        }

        return text.ToString();
    }

    private static string How(FleetTrouble trouble) =>
        trouble.OverAt is null ? "never"
        : trouble.WasHelped ? "helped"
        : trouble.Steps.Count > 0 ? "cured"
        : "itself";

    private static string Words<T>(IEnumerable<T> all)
        where T : struct, Enum => string.Join(' ', all.Distinct().Order()) is { Length: > 0 } words ? words : "-";

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params ReadOnlySpan<string> cells) =>
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{cells[0], -30} {cells[1], 3}  {cells[2], -34} {cells[3], 7} {cells[4], 4} {cells[5], 6} {cells[6], 5} {cells[7], 4}  {cells[8], -26} {cells[9], -32} {cells[10]}"
        );
}

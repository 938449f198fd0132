using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pontual.Bench;

/// <summary>One measured number, beside a peer's from the same run where there is one.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">Ours.</param>
/// <param name="Unit">"runs/s", "ms", "ns", "MB", "%".</param>
/// <param name="Peer">Who else was measured in this run; null for nobody.</param>
/// <param name="PeerValue">Theirs.</param>
internal sealed record Figure(string Name, double Value, string Unit, string? Peer = null, double? PeerValue = null)
{
    /// <summary>Ours over theirs.</summary>
    public double? Ratio => PeerValue is { } theirs && theirs != 0 ? Value / theirs : null;
}

/// <summary>What a benchmark printed: a table for people, or one JSON object as the last line.</summary>
internal static class Report
{
    public static string Table(IReadOnlyList<Figure> figures)
    {
        var cells = figures
            .Select(figure =>
                new[]
                {
                    figure.Name,
                    $"{Number(figure.Value)} {figure.Unit}",
                    figure.PeerValue is { } theirs ? $"{Number(theirs)} {figure.Unit} ({figure.Peer})" : "",
                    figure.Ratio is { } ratio ? $"{Number(ratio)} x" : "",
                }
            )
            .Prepend(["figure", "pontual", "peer, same run", "ratio"])
            .ToList();
        var widths = Enumerable.Range(0, 4).Select(column => cells.Max(row => row[column].Length)).ToArray();
        var table = new StringBuilder();
        foreach (var row in cells)
        {
            table.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return table.ToString();
    }

    public static string Json(string name, IReadOnlyList<Figure> figures) =>
        JsonSerializer.Serialize(
            new
            {
                bench = name,
                figures = figures.Select(figure => new
                {
                    name = figure.Name,
                    value = figure.Value,
                    unit = figure.Unit,
                    peer = figure.Peer,
                    peer_value = figure.PeerValue,
                    ratio = figure.Ratio,
                }),
            }
        );

    private static string Number(double value) =>
        Math.Abs(value) switch
        {
            >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
            _ => value.ToString("0.###", CultureInfo.InvariantCulture),
        };
}

/// <summary>Percentiles of a set of measurements.</summary>
internal static class Samples
{
    /// <param name="values">In any order.</param>
    /// <param name="share">0.5 for the median, 0.99 for p99.</param>
    public static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}

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
    /// <summary>A second peer of this run; null for none.</summary>
    public (string Name, double Value)? Other { get; init; }

    /// <summary>What we allocated for one call, in bytes; null where it was not measured.</summary>
    public double? Bytes { get; init; }

    /// <summary>What we aim at, as a person reads it, the stretch in brackets; null for nothing.</summary>
    public string? Aim { get; init; }

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
                    figure.Other is { } other ? $"{Number(other.Value)} {figure.Unit} ({other.Name})" : "",
                    figure.Other is { } second ? $"{Number(figure.Value / second.Value)} x" : "",
                    figure.Bytes is { } bytes ? $"{Number(bytes)} B" : "",
                    figure.Aim ?? "",
                }
            )
            .Prepend(["figure", "pontual", "peer, same run", "ratio", "other peer", "ratio", "allocated", "aim (stretch)"])
            .ToList();
        var widths = Enumerable
            .Range(0, 8)
            .Where(column => column < 4 || cells.Skip(1).Any(row => row[column].Length > 0))
            .Select(column => (column, width: cells.Max(row => row[column].Length)))
            .ToArray();
        var table = new StringBuilder();
        foreach (var row in cells)
        {
            table.AppendLine(string.Join("  ", widths.Select(at => row[at.column].PadRight(at.width))).TrimEnd());
        }

        return table.ToString();
    }

    public static string Json(string name, string summary, IReadOnlyList<Figure> figures) =>
        JsonSerializer.Serialize(
            new
            {
                bench = name,
                summary,
                figures = figures.Select(figure => new
                {
                    name = figure.Name,
                    value = figure.Value,
                    unit = figure.Unit,
                    peer = figure.Peer,
                    peer_value = figure.PeerValue,
                    ratio = figure.Ratio,
                    other_peer = figure.Other?.Name,
                    other_peer_value = figure.Other?.Value,
                    allocated_bytes = figure.Bytes,
                    aim = figure.Aim,
                }),
            }
        );

    /// <summary>The figures of a line that <see cref="Json"/> wrote, each with its benchmark's name before its own.</summary>
    public static IEnumerable<Figure> Read(string line)
    {
        var run = JsonDocument.Parse(line).RootElement;
        foreach (var figure in run.GetProperty("figures").EnumerateArray())
        {
            yield return new Figure(
                $"{run.GetProperty("bench").GetString()}: {Text("name")}",
                Value("value")!.Value,
                Text("unit")!,
                Text("peer"),
                Value("peer_value")
            )
            {
                Other = Value("other_peer_value") is { } value ? (Text("other_peer")!, value) : null,
                Bytes = Value("allocated_bytes"),
                Aim = Text("aim"),
            };

            string? Text(string key) => figure.GetProperty(key).GetString();

            double? Value(string key) => figure.GetProperty(key) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
        }
    }

    /// <summary>A number as people read it: three digits or so.</summary>
    public static string Number(double value) =>
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
        return sorted.Length == 0
            ? throw new InvalidOperationException("Nothing was measured.")
            : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}

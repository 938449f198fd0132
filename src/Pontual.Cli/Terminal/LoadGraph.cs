using System.Globalization;
using System.Text;

namespace Pontual.Cli.Terminal;

/// <summary>A load over time as lines of block characters: heights at the left, local times below.</summary>
internal static class LoadGraph
{
    private const string Blocks = " ▁▂▃▄▅▆▇█";
    private const int Rows = 8;
    private const int LeastBetweenLabels = 8;

    private static readonly int[] Steps = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10_080, 20_160, 43_200];

    /// <summary>How many bars there is room for: the most the graph can show in a width.</summary>
    public static int Room(int width) => Math.Max(10, width - 8);

    /// <summary>The lines, from the top.</summary>
    /// <param name="bars">In the order of time, without holes; one or more.</param>
    /// <param name="barWidth">How much time each stands for.</param>
    /// <param name="width">Columns there are.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<(DateTime Local, int Value)> bars, TimeSpan barWidth, int width)
    {
        var top = Math.Max(1, bars.Max(bar => bar.Value));
        var margin = top.ToString(CultureInfo.InvariantCulture).Length + 1;
        var columns = Math.Max(1, Math.Min(8, (width - margin - 1) / bars.Count));
        var lines = new List<string>();
        for (var row = Rows - 1; row >= 0; row--)
        {
            var label =
                row == Rows - 1 ? $"{top}"
                : row == (Rows / 2) - 1 && top % 2 == 0 ? $"{top / 2}"
                : "";
            var line = new StringBuilder().Append(label.PadLeft(margin - 1)).Append(label.Length > 0 ? '┤' : '│');
            foreach (var (_, value) in bars)
            {
                line.Append(BlockOf(value, top, row), columns);
            }

            lines.Add(line.ToString().TrimEnd());
        }

        lines.Add($"{"0".PadLeft(margin - 1)}└{new string('─', bars.Count * columns)}");
        lines.Add(Labels(bars, barWidth, columns, margin));
        return lines;
    }

    /// <summary>What a value fills of one row, from nothing to the whole; what is not nothing shows at least an eighth.</summary>
    private static char BlockOf(int value, int top, int row)
    {
        var eighths = value == 0 ? 0 : Math.Max(1, (int)Math.Round((double)value * Rows * 8 / top));
        return Blocks[Math.Clamp(eighths - (row * 8), 0, 8)];
    }

    private static string Labels(IReadOnlyList<(DateTime Local, int Value)> bars, TimeSpan barWidth, int columns, int margin)
    {
        var minutes = Math.Max(1, barWidth.TotalMinutes);
        var step = Array.Find(Steps, step => step / minutes * columns >= LeastBetweenLabels);
        step = step == 0 ? Steps[^1] : step;
        var line = new StringBuilder(new string(' ', margin));
        for (var index = 0; index < bars.Count; index++)
        {
            if (TickIn(bars[index].Local, barWidth, step) is { } tick)
            {
                var at = margin + (index * columns);
                if (line.Length <= at || line.Length == margin)
                {
                    line.Append(' ', at - line.Length).Append(LabelOf(tick)).Append(' ');
                }
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>The round local time inside a bar; null when there is none.</summary>
    private static DateTime? TickIn(DateTime start, TimeSpan width, int step)
    {
        var length = TimeSpan.FromMinutes(step).Ticks;
        var tick = (start.Ticks + length - 1) / length * length;
        return tick < start.Ticks + width.Ticks ? new DateTime(tick, DateTimeKind.Unspecified) : null;
    }

    private static string LabelOf(DateTime tick) =>
        tick.ToString(tick.TimeOfDay == TimeSpan.Zero ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture);
}

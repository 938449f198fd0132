using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace Pontual.Bench;

/// <summary>Draws what benchmarks measured as bars, ours above each peer's of the same run: one SVG a benchmark, without script, following light and dark.</summary>
internal static class Plot
{
    private const int BarRoom = 400;
    private const int Right = 130;
    private const int Letter = 7;
    private const int Bar = 16;
    private const int Gap = 14;
    private const int Top = 58;

    /// <summary>Figures that only say that all was counted: they belong into the table.</summary>
    private const string Counted = "runs";

    private const string Style =
        "svg{color:#1c2733;background:#fff;font:13px system-ui,sans-serif}text{fill:currentColor}.ours{fill:#2563a8}.peer{fill:#9aa7b4}"
        + ".title{font-size:16px;font-weight:600}.soft{opacity:.75}"
        + "@media (prefers-color-scheme:dark){svg{color:#e6edf3;background:#10161d}.ours{fill:#6cb0f5}.peer{fill:#5d6b79}}";

    /// <summary>Draws every benchmark of a file of <c>--json</c> lines; the last line of a name counts.</summary>
    /// <param name="file">One JSON object a line, as <c>--out</c> writes them.</param>
    /// <param name="folder">Where <c>NAME.svg</c> goes.</param>
    /// <returns>The files written.</returns>
    public static IReadOnlyList<string> Draw(string file, string folder)
    {
        Directory.CreateDirectory(folder);
        var last = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Where(line => line.StartsWith('{')))
        {
            var run = JsonDocument.Parse(line).RootElement;
            last[run.GetProperty("bench").GetString()!] = run;
        }

        return
        [
            .. last.Select(run =>
            {
                var path = Path.Combine(folder, $"{run.Key}.svg");
                File.WriteAllText(path, Svg(run.Key, run.Value) + "\n");
                return path;
            }),
        ];
    }

    private static string Svg(string bench, JsonElement run)
    {
        // Bars of different units do not stand on one scale: each unit has its own.
        var groups = run.GetProperty("figures").EnumerateArray().Select(Group.Of).Where(group => group.Unit != Counted).ToList();
        var left = (groups.SelectMany(group => group.Bars).Max(bar => bar.Label.Length) * Letter) + 24;
        var width = left + BarRoom + Right;
        var summary = Lines(run.GetProperty("summary").GetString()!, (width - 32) / Letter);
        var top = Top + ((summary.Count - 1) * Bar);
        var longest = groups.GroupBy(group => group.Unit).ToDictionary(unit => unit.Key, unit => unit.Max(group => group.Longest));
        var height = top + groups.Sum(group => (group.Bars.Count * Bar) + Gap) + 8;
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true }))
        {
            xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
            Attributes(xml, ("viewBox", $"0 0 {width} {height}"), ("role", "img"), ("aria-labelledby", "title"));
            Element(xml, "title", $"{bench}: {run.GetProperty("summary").GetString()}", ("id", "title"));
            Element(xml, "style", Style);
            Element(xml, "text", bench, ("x", "16"), ("y", "26"), ("class", "title"));
            foreach (var (index, line) in summary.Index())
            {
                Element(xml, "text", line, ("x", "16"), ("y", $"{45 + (index * Bar)}"), ("class", "soft"));
            }

            var y = top;
            foreach (var group in groups)
            {
                Write(xml, group, left, y, BarRoom / Math.Max(longest[group.Unit], double.Epsilon));
                y += (group.Bars.Count * Bar) + Gap;
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Write(XmlWriter xml, Group group, int left, int y, double scale)
    {
        foreach (var (index, (label, value)) in group.Bars.Index())
        {
            var top = y + (index * Bar);
            var width = Math.Max(1, value * scale);
            Element(
                xml,
                "text",
                label,
                ("x", $"{left - 8}"),
                ("y", $"{top + 12}"),
                ("text-anchor", "end"),
                ("class", index == 0 ? "" : "soft")
            );
            xml.WriteStartElement("rect");
            Attributes(
                xml,
                ("x", $"{left}"),
                ("y", $"{top + 1}"),
                ("width", width.ToString("0.#", CultureInfo.InvariantCulture)),
                ("height", $"{Bar - 2}"),
                ("class", index == 0 ? "ours" : "peer")
            );
            xml.WriteEndElement();
            Element(xml, "text", $"{Report.Number(value)} {group.Unit}", ("x", $"{left + width + 6:0}"), ("y", $"{top + 12}"));
        }
    }

    /// <summary>A text in lines of at most so many letters.</summary>
    private static List<string> Lines(string text, int most)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length + word.Length >= most)
            {
                lines.Add("");
            }

            lines[^1] += lines[^1].Length == 0 ? word : $" {word}";
        }

        return lines;
    }

    private static void Element(XmlWriter xml, string name, string text, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name);
        Attributes(xml, attributes);
        xml.WriteString(text);
        xml.WriteEndElement();
    }

    private static void Attributes(XmlWriter xml, params (string Name, string Value)[] attributes)
    {
        foreach (var (name, value) in attributes.Where(attribute => attribute.Value.Length > 0))
        {
            xml.WriteAttributeString(name, value);
        }
    }

    /// <summary>A figure and its peers: bars that stand together.</summary>
    private sealed record Group(string Unit, IReadOnlyList<(string Label, double Value)> Bars)
    {
        public double Longest => Bars.Max(bar => bar.Value);

        public static Group Of(JsonElement figure)
        {
            List<(string, double)> bars = [(figure.GetProperty("name").GetString()!, figure.GetProperty("value").GetDouble())];
            foreach (var peer in (string[])["peer", "other_peer"])
            {
                if (figure.GetProperty($"{peer}_value") is { ValueKind: JsonValueKind.Number } value)
                {
                    bars.Add((figure.GetProperty(peer).GetString()!, value.GetDouble()));
                }
            }

            return new Group(figure.GetProperty("unit").GetString()!, bars);
        }
    }
}

using System.Globalization;
using System.Text;
using System.Xml;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Forecasts;

/// <summary>The load of a forecast as a drawing in SVG: no script, no font and no picture from elsewhere; it follows light and dark.</summary>
public sealed class LoadChart
{
    private const int Width = 960;
    private const int Height = 320;
    private const int Left = 56;
    private const int Right = 24;
    private const int Top = 64;
    private const int Bottom = 48;
    private const int MostBars = 720;
    private const int PlotWidth = Width - Left - Right;
    private const int PlotHeight = Height - Top - Bottom;

    private const string Style =
        "svg{color:#1c2733;background:#fff;font:13px system-ui,sans-serif}text{fill:currentColor}.grid{stroke:currentColor;stroke-opacity:.15}"
        + ".axis{stroke:currentColor;stroke-opacity:.6}.bar{fill:#2563a8}.peak{fill:#c2410c}.title{font-size:16px;font-weight:600}.soft{opacity:.75}"
        + "@media (prefers-color-scheme:dark){svg{color:#e6edf3;background:#10161d}.bar{fill:#6cb0f5}.peak{fill:#ff9b66}}";

    private readonly LoadBars _bars;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _to;
    private readonly Zone _zone;
    private readonly string _title;
    private readonly int _top;

    private LoadChart(Forecast forecast, Zone zone, string title)
    {
        _bars = forecast.Load.Bars(MostBars);
        _from = forecast.Load.From;
        _to = forecast.Load.StartOf(forecast.Load.Minutes);
        _zone = zone;
        _title = title;
        _top = ChartAxis.TopOf(_bars.Highest?.InBusiestMinute ?? 0);
    }

    /// <summary>Draws a forecast.</summary>
    /// <param name="forecast">What is drawn.</param>
    /// <param name="zone">Whose clocks stand at the axis.</param>
    /// <param name="title">What stands above it.</param>
    /// <returns>A whole XML document.</returns>
    public static string Svg(Forecast forecast, Zone zone, string title)
    {
        var chart = new LoadChart(forecast, zone, title);
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            chart.Write(xml);
        }

        return text.ToString();
    }

    private void Write(XmlWriter xml)
    {
        xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attributes(xml, ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-labelledby", "title summary"));
        xml.WriteStartElement("title");
        Attributes(xml, ("id", "title"));
        xml.WriteString(Readable(_title));
        xml.WriteEndElement();
        xml.WriteStartElement("desc");
        Attributes(xml, ("id", "summary"));
        xml.WriteString(Summary());
        xml.WriteEndElement();
        xml.WriteElementString("style", Style);
        Text(xml, Left, 26, Readable(_title), "title");
        Text(xml, Left, 46, Summary(), "soft");
        WriteHeights(xml);
        WriteBars(xml);
        WriteTimes(xml);
        xml.WriteEndElement();
    }

    private string Summary()
    {
        var each = ChartAxis.Words(_bars.Width);
        return _bars.Highest is { } peak
            ? $"{(_bars.Width.TotalMinutes > 1 ? $"Starts per minute, the busiest minute of each {each}" : "Starts in each minute")}. Peak: {peak.InBusiestMinute} at {Local(peak.BusiestMinute, "HH:mm 'on' d MMM yyyy")}."
            : "Nothing starts in this time.";
    }

    private void WriteHeights(XmlWriter xml)
    {
        foreach (var value in ChartAxis.Heights(_top))
        {
            var y = Top + PlotHeight - ((double)PlotHeight * value / _top);
            Element(xml, "line", ("class", "grid"), ("x1", $"{Left}"), ("x2", $"{Width - Right}"), ("y1", Number(y)), ("y2", Number(y)));
            Text(xml, Left - 8, y + 4, $"{value}", "", "end");
        }
    }

    private void WriteBars(XmlWriter xml)
    {
        var highest = _bars.Highest;
        var width = XOf(_from + _bars.Width) - Left;
        foreach (var bar in _bars.All.Where(bar => bar.InBusiestMinute > 0))
        {
            var height = (double)PlotHeight * bar.InBusiestMinute / _top;
            Element(
                xml,
                "rect",
                ("class", ReferenceEquals(bar, highest) ? "peak" : "bar"),
                ("x", Number(XOf(bar.From))),
                ("y", Number(Top + PlotHeight - height)),
                ("width", Number(Math.Max(0.8, Math.Min(width, Width - Right - XOf(bar.From)) - (width > 3 ? 1 : 0)))),
                ("height", Number(height))
            );
        }
    }

    private void WriteTimes(XmlWriter xml)
    {
        var bottom = Top + PlotHeight;
        Element(xml, "line", ("class", "axis"), ("x1", $"{Left}"), ("x2", $"{Width - Right}"), ("y1", $"{bottom}"), ("y2", $"{bottom}"));
        foreach (var (at, label) in ChartAxis.Times(_from, _to, _zone))
        {
            var x = Number(XOf(at));
            Element(xml, "line", ("class", "axis"), ("x1", x), ("x2", x), ("y1", $"{bottom}"), ("y2", $"{bottom + 5}"));
            Text(xml, XOf(at), bottom + 20, label, "", "middle");
        }

        Text(xml, Width - Right, Height - 8, $"local times of {_zone.Id}", "soft", "end");
    }

    private double XOf(DateTimeOffset at) => Left + (PlotWidth * ((at - _from) / (_to - _from)));

    private string Local(DateTimeOffset at, string format) => _zone.ToLocal(at).ToString(format, CultureInfo.InvariantCulture);

    private static void Text(XmlWriter xml, double x, double y, string text, string style, string anchor = "start")
    {
        xml.WriteStartElement("text");
        Attributes(xml, ("x", Number(x)), ("y", Number(y)), ("text-anchor", anchor));
        if (style.Length > 0)
        {
            Attributes(xml, ("class", style));
        }

        xml.WriteString(text);
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        Attributes(xml, attributes);
        xml.WriteEndElement();
    }

    private static void Attributes(XmlWriter xml, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            xml.WriteAttributeString(name, value);
        }
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    // XML has no way to write most control characters.
    private static string Readable(string text) => string.Concat(text.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'));
}

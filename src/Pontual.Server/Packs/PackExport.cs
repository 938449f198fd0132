using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Server.Packs;

/// <summary>Writes jobs as a YAML file that <see cref="PackReader"/> reads back as the same jobs: keys in the documented order, defaults left out.</summary>
public static partial class PackExport
{
    /// <summary>Lines are broken when they would be longer than this.</summary>
    private const int Width = 120;

    /// <summary>YAML 1.1 readers take these for truth values or nothing; in quotes they are texts to every reader.</summary>
    private static readonly HashSet<string> Words = new(
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file, ending with a line break.</summary>
    public static string Write(
        IEnumerable<JobDefinition> jobs,
        IEnumerable<CalendarDefinition>? calendars = null,
        IReadOnlyDictionary<string, Limit>? queues = null,
        IEnumerable<GatewayDefinition>? gateways = null
    )
    {
        var text = new StringBuilder();
        foreach (var calendar in calendars ?? [])
        {
            text.Append(text.Length == 0 ? "calendars:\n" : "");
            WriteEntries(CalendarDocument.Write(calendar), text, "  - ", "    ");
        }

        if (queues is { Count: > 0 })
        {
            text.Append("queues:\n");
            var limits = queues.OrderBy(queue => queue.Key, StringComparer.Ordinal);
            var entries = limits.Select(queue => KeyValuePair.Create(queue.Key, (JsonNode?)LimitDocument.Write(queue.Value)));
            WriteEntries(new JsonObject(entries), text, "  ", "  ");
        }

        var isFirst = true;
        foreach (var gateway in gateways ?? [])
        {
            text.Append(isFirst ? "gateways:\n" : "");
            isFirst = false;
            WriteEntries(GatewayDocument.Write(gateway), text, "  - ", "    ");
        }

        text.Append("jobs:");
        var any = false;
        foreach (var job in jobs)
        {
            any = true;
            text.Append('\n');
            WriteEntries(JobDocument.Write(job), text, "  - ", "    ");
        }

        return text.Append(any ? "" : " []\n").ToString();
    }

    /// <param name="json">The object.</param>
    /// <param name="text">Takes the lines.</param>
    /// <param name="first">Begins the first line.</param>
    /// <param name="indent">Begins each further line.</param>
    private static void WriteEntries(JsonObject json, StringBuilder text, string first, string indent)
    {
        var start = first;
        foreach (var (key, value) in json)
        {
            text.Append(start).Append(Key(key)).Append(':');
            WriteValue(value, text, start.Length + key.Length, indent);
            start = indent;
        }
    }

    private static void WriteValue(JsonNode? value, StringBuilder text, int used, string indent)
    {
        var inline = Inline(value);
        if (value is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }) || used + inline.Length + 2 <= Width)
        {
            text.Append(' ').Append(inline).Append('\n');
        }
        else if (value is JsonObject entries)
        {
            text.Append('\n');
            WriteEntries(entries, text, indent + "  ", indent + "  ");
        }
        else
        {
            text.Append('\n');
            WriteItems(value.AsArray(), text, indent + "  ");
        }
    }

    private static void WriteItems(JsonArray items, StringBuilder text, string indent)
    {
        foreach (var item in items)
        {
            if (item is JsonObject { Count: > 0 } entries)
            {
                WriteEntries(entries, text, indent + "- ", indent + "  ");
            }
            else
            {
                text.Append(indent).Append("- ").Append(Inline(item)).Append('\n');
            }
        }
    }

    private static string Inline(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonObject { Count: 0 } => "{}",
            JsonObject entries => $"{{ {string.Join(", ", entries.Select(entry => $"{Key(entry.Key)}: {Inline(entry.Value)}"))} }}",
            JsonArray items => $"[{string.Join(", ", items.Select(Inline))}]",
            _ when value.GetValueKind() is JsonValueKind.String => Scalar(value.GetValue<string>()),
            _ => value.ToJsonString(),
        };

    private static string Key(string key) => PlainKey().IsMatch(key) ? key : Quoted(key);

    private static string Scalar(string text) =>
        (PlainText().IsMatch(text) && !Words.Contains(text)) || Span().IsMatch(text) ? text : Quoted(text);

    /// <summary>A JSON string is a double-quoted YAML scalar, once the characters that YAML breaks lines at are escaped too.</summary>
    private static string Quoted(string text) =>
        LineBreaks().Replace(JsonSerializer.Serialize(text, Plain), match => $"\\u{(int)match.Value[0]:X4}");

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]*\z")]
    private static partial Regex PlainKey();

    [GeneratedRegex(@"\A[A-Za-z_/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*\z")]
    private static partial Regex PlainText();

    /// <summary>A duration, two with dots between, a rate, or a class of HTTP answers.</summary>
    [GeneratedRegex(@"\A(([0-9]{1,9}(ms|[smhd]))+(\.\.([0-9]{1,9}(ms|[smhd]))+)?|[45]xx|[0-9]{1,6}/([0-9]{1,9}(ms|[smhd]))+)\z")]
    private static partial Regex Span();

    [GeneratedRegex("[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]")]
    private static partial Regex LineBreaks();
}

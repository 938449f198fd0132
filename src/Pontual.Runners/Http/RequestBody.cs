using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Http;

/// <summary>The body a target sends: a text, or JSON whose text values are templates.</summary>
internal sealed class RequestBody
{
    private readonly JsonElement _json;
    private readonly Template? _text;
    private readonly bool _fixed;

    private RequestBody(JsonElement json, Template? text)
    {
        (_json, _text) = (json, text);
        var raw = json.GetRawText();
        _fixed =
            text is null
            && !raw.Contains("{{", StringComparison.Ordinal)
            && !raw.Contains('$')
            && !raw.Contains("\\u", StringComparison.Ordinal);
        HasSecret = !_fixed && raw.Contains('$');
    }

    /// <summary>Whether it may contain a secret.</summary>
    public bool HasSecret { get; }

    /// <summary>What it is sent as unless the target says otherwise.</summary>
    public string DefaultType => _text is null ? "application/json" : "text/plain; charset=utf-8";

    public static RequestBody Read(JsonElement body, string path, ICollection<DocumentProblem> problems)
    {
        if (body.ValueKind is JsonValueKind.String)
        {
            return new RequestBody(body, CheckedTemplate(body, path, problems));
        }

        CheckTexts(body, path, problems);
        return new RequestBody(body, text: null);
    }

    /// <param name="values">The attempt's variables.</param>
    /// <param name="secrets">Remembers the secrets put in.</param>
    /// <param name="contentType">What it is sent as: it decides how variables inside a text are encoded.</param>
    public byte[] Render(TemplateValues values, ResolvedSecrets secrets, string contentType)
    {
        if (_text is not null)
        {
            return Encoding.UTF8.GetBytes(_text.Render(values, secrets, EncodingFor(contentType)));
        }

        if (_fixed)
        {
            return Encoding.UTF8.GetBytes(_json.GetRawText());
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(_json, writer, values, secrets);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static Func<string, string>? EncodingFor(string contentType) =>
        contentType.Contains("json", StringComparison.OrdinalIgnoreCase) ? value => JsonEncodedText.Encode(value).ToString()
        : contentType.Contains("x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? Uri.EscapeDataString
        : null;

    private static void Write(JsonElement json, Utf8JsonWriter writer, TemplateValues values, ResolvedSecrets secrets)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in json.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer, values, secrets);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                {
                    Write(item, writer, values, secrets);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Template.Parse(json.GetString()!, out _).Render(values, secrets));
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    private static void CheckTexts(JsonElement json, string path, ICollection<DocumentProblem> problems)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    CheckTexts(property.Value, $"{path}/{DocumentText.Escape(property.Name)}", problems);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in json.EnumerateArray())
                {
                    CheckTexts(item, $"{path}/{index++}", problems);
                }

                break;
            case JsonValueKind.String:
                CheckedTemplate(json, path, problems);
                break;
        }
    }

    private static Template CheckedTemplate(JsonElement text, string path, ICollection<DocumentProblem> problems)
    {
        // What cannot be read as text at all is the document's own problem, reported by its reader.
        var template = Template.Parse(DocumentText.TryRead(text, out var read) ? read : "", out var problem);
        if (problem is not null)
        {
            problems.Add(new(path, "template", problem, "mend the text"));
        }

        return template;
    }
}

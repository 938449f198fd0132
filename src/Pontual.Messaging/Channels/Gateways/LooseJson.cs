using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>Reads the JSON of gateways, whose types are not to be relied on: an id is a text or an object, a time a number or a text, in seconds or milliseconds.
/// What is not there, is null, or is of a type that makes no sense is null.</summary>
internal static partial class LooseJson
{
    /// <summary>Times above this are milliseconds: as seconds they would lie beyond the year 5000.</summary>
    private const long LastSecond = 99_999_999_999;

    /// <returns>Null when it is no JSON.</returns>
    public static JsonElement? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            // Bytes that are no UTF-8 would throw when a text is taken out, which is too late.
            return JsonElement.Parse(Utf8.IsValid(body.Span) ? body.Span : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The value at the end of a path of names.</summary>
    public static JsonElement? Get(this JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : json;
    }

    /// <summary>A text, or a number as it is written; null also when it is empty.</summary>
    public static string? Text(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.Get(path) switch
        {
            { ValueKind: JsonValueKind.String } text => Said(text) is { Length: > 0 } said ? said : null,
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => null,
        };

    /// <summary>A whole number, also one that is written as a text.</summary>
    public static long? Number(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.Get(path) switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
            { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var value) && Math.Abs(value) < long.MaxValue =>
                (long)value,
            { ValueKind: JsonValueKind.String } text
                when long.TryParse(text.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) => value,
            _ => null,
        };

    /// <summary>True or false, also written as a text.</summary>
    public static bool? Flag(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.Get(path) switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var value) => value,
            _ => null,
        };

    /// <summary>The elements of a list; none when there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.Get(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>An id of the WhatsApp Web family: a text, or an object that has it as <c>_serialized</c> or in its parts.</summary>
    public static string? Id(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.Get(path) is not { } value ? null
        : value.ValueKind is not JsonValueKind.Object ? value.Text()
        : value.Text("_serialized")
            ?? (value.Text("user") is { } user ? $"{user}@{value.Text("server") ?? "c.us"}" : value.Text("id") ?? value.Id("id"));

    /// <summary>An instant: seconds or milliseconds since 1970, as a number or a text, or an ISO date.</summary>
    public static DateTimeOffset? Instant(this JsonElement json, params ReadOnlySpan<string> path)
    {
        if (json.Number(path) is { } number)
        {
            return number switch
            {
                <= 0 or > 253_402_300_799_999 => null,
                > LastSecond => DateTimeOffset.FromUnixTimeMilliseconds(number),
                _ => DateTimeOffset.FromUnixTimeSeconds(number),
            };
        }

        return
            json.Text(path) is { } text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;
    }

    /// <summary>A text that can be stored: half an emoji (gateways cut texts by UTF-16 units, and write the half that is left as an escape) becomes U+FFFD, and
    /// zeros, which no text of PostgreSQL can hold, are left out.</summary>
    private static string? Said(JsonElement text)
    {
        string? said;
        try
        {
            said = text.GetString();
        }
        catch (InvalidOperationException)
        {
            said = Escape().Replace(text.GetRawText(), escape => escape.Groups["half"].Success ? "\uFFFD" : escape.Value);
            said = JsonElement.Parse(said).GetString();
        }

        return said?.Replace("\0", "", StringComparison.Ordinal);
    }

    /// <summary>All escapes from left to right, so that what follows a backslash is never taken for the start of one.</summary>
    [GeneratedRegex(@"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?<half>\\u[dD][89a-fA-F]..)|\\.")]
    private static partial Regex Escape();

    /// <summary>A text in a JSON object, found without reading what comes after it: bodies can hold megabytes of a medium.</summary>
    /// <param name="body">The JSON.</param>
    /// <param name="name">The name in front of the text.</param>
    /// <param name="depth">How many objects and lists are around the name; 1 is the top.</param>
    /// <returns>The first; null when there is none before the body ends or stops being JSON.</returns>
    public static string? Peek(ReadOnlyMemory<byte> body, string name, int depth = 1)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != depth || !reader.ValueTextEquals(name))
                {
                    continue;
                }

                reader.Read();
                if (reader.TokenType is JsonTokenType.String && reader.GetString() is { Length: > 0 } text)
                {
                    return text;
                }
            }

            return null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The digits of an id such as <c>5511999990000@c.us</c> or <c>5511999990000:7@s.whatsapp.net</c>, or of a number as people write it.</summary>
    /// <returns>Null when it is the id of a group or a lid, or has no digits: that is nobody's number.</returns>
    public static string? PhoneOf(string? id)
    {
        if (
            id is null
            || id.EndsWith("@g.us", StringComparison.Ordinal)
            || id.EndsWith("@lid", StringComparison.Ordinal)
            || id.EndsWith("@broadcast", StringComparison.Ordinal)
            || id.EndsWith("@newsletter", StringComparison.Ordinal)
        )
        {
            return null;
        }

        var digits = string.Concat(id.Split('@', ':')[0].Where(char.IsAsciiDigit));
        return digits.Length > 0 ? digits : null;
    }
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pontual.Cli.Terminal;

/// <summary>Reads answers of the API leniently, so that this program also shows what a newer or older server says.</summary>
internal static class JsonText
{
    /// <summary>Letters of every language stay readable.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The text, number or truth value under a key; null when there is none.</summary>
    public static string? Text(this JsonElement json, string key) =>
        json.Member(key) is { } value
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null => null,
                _ => value.GetRawText(),
            }
            : null;

    /// <summary>What stands under a key; null when nothing does.</summary>
    public static JsonElement? Member(this JsonElement json, string key) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null
            ? value
            : null;

    /// <summary>The number under a key; null when there is none.</summary>
    public static double? Number(this JsonElement json, string key) =>
        json.Member(key) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    /// <summary>Whether <c>true</c> stands under a key.</summary>
    public static bool Flag(this JsonElement json, string key) => json.Member(key) is { ValueKind: JsonValueKind.True };

    /// <summary>The instant under a key; null when there is none.</summary>
    public static DateTimeOffset? Instant(this JsonElement json, string key) =>
        DateTimeOffset.TryParse(json.Text(key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;

    /// <summary>The elements of the list under a key; none when there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string key = "items") =>
        json.Member(key) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}

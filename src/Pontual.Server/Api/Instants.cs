using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pontual.Server.Api;

/// <summary>Instants on the wire: always UTC with a Z .</summary>
internal static class Instants
{
    private static readonly string[] Shapes = ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    /// <summary>To the millisecond: <c>2026-03-09T12:00:00.000Z</c>.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>As short as it is exact: <c>2026-03-09T12:00:00Z</c>. Occurrences are shown so.</summary>
    public static string FormatShort(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>In its own offset: <c>2026-03-09T09:00:00-03:00</c>.</summary>
    public static string FormatLocal(DateTimeOffset local) =>
        local.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    /// <summary>Reads an instant with its offset or Z; a local time without one is none.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        // A '+' that was not escaped in a query arrives as a space.
        var exact = (text.EndsWith('Z') ? $"{text[..^1]}+00:00" : text).Replace(' ', '+');
        var valid = DateTimeOffset.TryParseExact(exact, Shapes, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
        instant = instant.ToUniversalTime();
        return valid;
    }
}

/// <summary>Writes instants as <see cref="Instants.Format"/> does.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Instants.TryParse(reader.GetString() ?? "", out var instant) ? instant : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Instants.Format(value));
}

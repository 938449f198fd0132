using System.Buffers.Text;

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>Bytes in base64 inside JSON, with or without <c>data:image/png;base64,</c> before them.</summary>
internal static class DataUrls
{
    /// <returns>Null when it is no base64.</returns>
    public static byte[]? Bytes(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var start = text.StartsWith("data:", StringComparison.Ordinal) ? text.IndexOf(',', StringComparison.Ordinal) + 1 : 0;
        return Base64.IsValid(text.AsSpan(start), out var length) && length > 0 ? Convert.FromBase64String(text[start..]) : null;
    }

    /// <summary>A data URL.</summary>
    public static string Of(string mimeType, ReadOnlyMemory<byte> bytes) => $"data:{mimeType};base64,{Convert.ToBase64String(bytes.Span)}";
}

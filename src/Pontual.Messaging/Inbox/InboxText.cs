using System.Text;

namespace Pontual.Messaging.Inbox;

/// <summary>Makes texts of strangers such that both databases take them.</summary>
internal static class InboxText
{
    /// <summary>Cut to a length; without NUL, which PostgreSQL has no texts with, and without halves of characters.</summary>
    public static string? Clean(string? text, int longest)
    {
        if (text is null)
        {
            return null;
        }

        var clean = text.Contains('\0') ? text.Replace("\0", "", StringComparison.Ordinal) : text;
        clean = clean.Length > longest ? clean[..longest] : clean;
        return clean.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)) : clean;
    }
}

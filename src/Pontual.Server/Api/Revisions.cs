using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Pontual.Server.Api;

/// <summary>Revisions as ETags.</summary>
internal static class Revisions
{
    /// <summary>Reads If-Match: absent or * is any revision, null.</summary>
    public static bool TryRead(string header, out int? revision)
    {
        revision = null;
        if (header is "" or "*")
        {
            return true;
        }

        return EntityTagHeaderValue.TryParse(header, out var tag)
            && int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, null, out var number)
            && number > 0
            && (revision = number) is not null;
    }
}

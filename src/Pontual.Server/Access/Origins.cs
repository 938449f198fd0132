using Microsoft.AspNetCore.Http;
using Pontual.Server.Composition;

namespace Pontual.Server.Access;

/// <summary>Says whether a browser's request comes from a page of ours.</summary>
internal sealed class Origins(ServerConfiguration configuration)
{
    private readonly Uri? _public = configuration.PublicUrl;
    private readonly HashSet<string> _listeners = new(configuration.Origins, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the request's <c>Origin</c> is this server, by the host it was asked for or by <c>public-url</c>. Without the header (reading requests of a
    /// page's own) the browser's <c>Sec-Fetch-Site</c> must say so. <c>null</c> and anything else is foreign.</summary>
    public bool IsOwn(HttpRequest request)
    {
        var header = request.Headers.Origin;
        if (header.Count == 0)
        {
            return request.Headers["Sec-Fetch-Site"] == "same-origin";
        }

        return header.Count == 1
            && Uri.TryCreate(header[0], UriKind.Absolute, out var origin)
            && origin.Scheme is "http" or "https"
            && (SameHost(origin, request) || (_public is not null && Same(origin, _public)));
    }

    /// <summary>Whether a caller may listen to events. A session's cookie comes from any page that asks, so that only pages of ours and the configured ones may; a
    /// token is shown on purpose. A socket's request has an <c>Origin</c> from every browser.</summary>
    public bool MayListen(HttpRequest request)
    {
        if (request.HttpContext.User.Identity?.AuthenticationType == BearerHandler.SchemeName)
        {
            return true;
        }

        var header = request.Headers.Origin;
        return (header.Count == 1 && _listeners.Contains(header[0]!))
            || (IsOwn(request) && (header.Count == 1 || !request.HttpContext.WebSockets.IsWebSocketRequest));
    }

    /// <summary>Whether the browser reaches this server over HTTPS: through a proxy in front, whose address is <c>public-url</c>.</summary>
    public bool IsSecure(HttpRequest request) =>
        request.IsHttps
        || (
            _public is { Scheme: "https" }
            && (
                SameHost(_public, request)
                || (Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && Same(origin, _public))
            )
        );

    /// <summary>The scheme is not compared: behind a proxy ours is plain where the browser's is not.</summary>
    private static bool SameHost(Uri origin, HttpRequest request) =>
        string.Equals(origin.IdnHost, request.Host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && origin.Port == (request.Host.Port ?? (origin.Scheme == "https" ? 443 : 80));

    private static bool Same(Uri one, Uri other) =>
        one.Scheme == other.Scheme
        && one.Port == other.Port
        && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}

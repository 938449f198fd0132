using Microsoft.AspNetCore.Builder;

namespace Pontual.Server.Api;

/// <summary>Headers that keep browsers from doing more with an answer than reading it.</summary>
internal static class SecurityHeaders
{
    private const string Closed = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>The pages of /docs load their own scripts and styles; their script sets styles on elements and shows images it carries itself.</summary>
    private const string Docs =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                var isDocs = context.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal);
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer";
                headers.ContentSecurityPolicy = isDocs ? Docs : Closed;
                if (!isDocs)
                {
                    headers.CacheControl = "no-store";
                }

                return next(context);
            }
        );
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Server.Api;

namespace Pontual.Server.Access;

/// <summary>Keeps other sites from acting with a browser's cookie: what changes something must come from a page of ours and show the session's own value.
/// Tokens travel with no request by themselves, so that requests with a token need none of it.</summary>
internal static class Antiforgery
{
    /// <summary>The header that carries the value.</summary>
    public const string Header = "X-Pontual-Antiforgery";

    private static readonly string[] TypesOfForms = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

    public static void UseAntiforgeryOfSessions(this IApplicationBuilder app)
    {
        var origins = app.ApplicationServices.GetRequiredService<Origins>();
        app.Use((context, next) => Check(context, origins) is { } problem ? problem.ExecuteAsync(context) : next(context));
    }

    /// <summary>Says that a POST only reads: a page of ours may send it as it is, with a body of any type.</summary>
    public static TBuilder OnlyReads<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ReadsOnly());

    private static IResult? Check(HttpContext context, Origins origins)
    {
        var request = context.Request;
        var isSession = context.User.Identity is { IsAuthenticated: true, AuthenticationType: SessionHandler.SchemeName };
        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (!isSession || isOpen)
        {
            return null;
        }

        if (!Changes(request.Method))
        {
            // A web socket is opened by a GET, with the cookie, from any page that asks.
            return request.Headers.Upgrade.Count == 0 || origins.MayListen(request) ? null : Problems.ForeignOrigin();
        }

        return !origins.IsOwn(request) ? Problems.ForeignOrigin()
            : context.GetEndpoint()?.Metadata.GetMetadata<ReadsOnly>() is not null ? null
            : IsOfForm(request.ContentType) ? Problems.UnsupportedMediaType("application/json")
            : Holds(request) ? null
            : Problems.AntiforgeryMissing();
    }

    private static bool Changes(string method) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));

    private static bool IsOfForm(string? type) =>
        type is not null && Array.Exists(TypesOfForms, form => type.TrimStart().StartsWith(form, StringComparison.OrdinalIgnoreCase));

    private static bool Holds(HttpRequest request) =>
        SessionCookie.Read(request) is { } secret
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers[Header].ToString()),
            Encoding.UTF8.GetBytes(Sessions.AntiforgeryOf(secret))
        );
}

/// <summary>Marks an endpoint that changes nothing although it is asked by POST.</summary>
internal sealed record ReadsOnly;

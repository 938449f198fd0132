using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pontual.Engine.Access;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>A user's name as a path says it: which user that is depends on whose caller asks.</summary>
internal readonly record struct UserPath
{
    /// <summary>The route parameter that is a user's name.</summary>
    public const string Parameter = "user";

    private readonly string _text;

    private UserPath(string text) => _text = text;

    /// <summary>The user of that name in the caller's tenant; null for what is no name, so that nobody is named so.</summary>
    public UserName? Of(ClaimsPrincipal caller) => UserName.TryParse(_text, out var name) ? name.In(caller.Tenant()) : null;

    /// <summary>The name as it was written.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>Read by the framework.</summary>
    public static bool TryParse(string? text, out UserPath path)
    {
        path = new UserPath(text ?? "");
        return true;
    }
}

/// <summary>What users may do to themselves, and administrators to everybody.</summary>
internal static class OneselfRule
{
    /// <summary>Lets in administrators, and the user that the path names when it is logged in (not by a token: those are nobody's).</summary>
    public static RouteHandlerBuilder OfOneself(this RouteHandlerBuilder endpoint) =>
        endpoint
            .WithMetadata(new OneselfOrAdmin())
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var http = context.HttpContext;
                    return http.User.Has(TokenScope.Admin) || http.User.Is(http.Request.RouteValues[UserPath.Parameter] as string)
                        ? await next(context)
                        : Problems.ScopeMissing("admin");
                }
            )
            .ProducesProblem(StatusCodes.Status403Forbidden);

    /// <summary>Whether the caller is logged in as the user of this name in its own tenant.</summary>
    public static bool Is(this ClaimsPrincipal caller, string? name) => caller.IsOfSession() && Scopes.NameOf(caller) == name;
}

/// <summary>Marks what users may do to themselves.</summary>
internal sealed record OneselfOrAdmin;

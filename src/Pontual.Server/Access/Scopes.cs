using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pontual.Engine.Access;
using Pontual.Engine.Tenants;
using Pontual.Server.Api;

namespace Pontual.Server.Access;

/// <summary>The three scopes as authorization policies, and how an endpoint asks for one.</summary>
internal static class Scopes
{
    /// <summary>The claim that says what a caller may do.</summary>
    public const string Claim = "scope";

    /// <summary>The word for a scope, as tokens, policies and problems name it.</summary>
    public static string Word(TokenScope scope) =>
        scope switch
        {
            TokenScope.Read => "read",
            TokenScope.Operate => "operate",
            _ => "admin",
        };

    /// <summary>The word for what a user may do.</summary>
    public static string RoleOf(TokenScope scope) =>
        scope switch
        {
            TokenScope.Read => "viewer",
            TokenScope.Operate => "operator",
            _ => "admin",
        };

    /// <summary>What the endpoint of a request asks for.</summary>
    public static string NeededOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? "admin";

    /// <summary>The claim that says whose jobs a caller sees and changes.</summary>
    public const string TenantClaim = "tenant";

    /// <summary>Whose jobs the caller sees and changes; the default tenant's for who is not known, who sees none.</summary>
    public static TenantName Tenant(this ClaimsPrincipal caller) =>
        caller.FindFirstValue(TenantClaim) is { } name ? TenantName.Parse(name) : TenantName.Default;

    /// <summary>Reads such a word; case matters.</summary>
    public static bool TryParse(string? word, out TokenScope scope)
    {
        foreach (var candidate in Enum.GetValues<TokenScope>())
        {
            if (Word(candidate) == word)
            {
                scope = candidate;
                return true;
            }
        }

        scope = default;
        return false;
    }

    /// <summary>Lets in callers with this scope or a higher one.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, TokenScope scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Word(scope));

    /// <summary>Lets in callers of the default tenant only: what all tenants share is the installation's.</summary>
    public static RouteHandlerBuilder ForInstallation(this RouteHandlerBuilder endpoint) =>
        endpoint
            .AddEndpointFilter(
                async (context, next) => context.HttpContext.User.Tenant().IsDefault ? await next(context) : Problems.InstallationOnly()
            )
            .ProducesProblem(StatusCodes.Status403Forbidden);

    /// <summary>Whether the caller has this scope or a higher one.</summary>
    public static bool Has(this ClaimsPrincipal caller, TokenScope scope) =>
        TryParse(caller.FindFirstValue(Claim), out var had) && had >= scope;

    /// <summary>The claim that says who a caller is, for records that outlive names: <see cref="Subject"/>.</summary>
    public const string SubjectClaim = "subject";

    /// <summary>Whether the caller is a user by session, not a token.</summary>
    public static bool IsOfSession(this ClaimsPrincipal caller) => caller.Identity?.AuthenticationType == SessionHandler.SchemeName;

    /// <summary>Who the caller is, for records such as "paused by".</summary>
    public static string NameOf(ClaimsPrincipal caller) => caller.Identity?.Name ?? "unknown";

    /// <summary>Who the caller is, one way for all kinds: <c>user:ana</c> (<c>user:shop/ana</c> of another tenant than the default one), <c>token:ID</c>,
    /// <c>local</c> (the token of <c>server.json</c>), <c>admin-token</c> (that of <c>PONTUAL_ADMIN_TOKEN</c>); <c>anonymous</c> where nobody is known.</summary>
    public static string Subject(this ClaimsPrincipal caller) => caller.FindFirstValue(SubjectClaim) ?? "anonymous";

    /// <summary>One policy for each scope; an endpoint that asks for none needs admin.</summary>
    public static void AddTo(AuthorizationOptions options)
    {
        foreach (var scope in Enum.GetValues<TokenScope>())
        {
            options.AddPolicy(Word(scope), policy => policy.RequireAssertion(context => context.User.Has(scope)));
        }

        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(MayReachUnmarked).Build();
    }

    /// <summary>Where no endpoint answers (404) or only a framework's refusal does (405, 415), any caller we know may hear so.</summary>
    private static bool MayReachUnmarked(AuthorizationHandlerContext context)
    {
        var endpoint = (context.Resource as HttpContext)?.GetEndpoint();
        return context.User.Has(endpoint is Microsoft.AspNetCore.Routing.RouteEndpoint ? TokenScope.Admin : TokenScope.Read);
    }
}

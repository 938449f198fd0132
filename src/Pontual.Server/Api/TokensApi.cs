using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Making, listing and revoking API tokens.</summary>
internal static class TokensApi
{
    private const int LongestName = 100;

    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tokens", List)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("ListTokens")
            .WithSummary("All tokens of the tenant, without their secrets.");
        api.MapPost("/tokens", Create)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody("{ \"name\": what it is for, \"scope\": \"read\", \"operate\" or \"admin\", \"expires_at\": an instant (optional) }")
            .Repeatable(holdsSecret: true)
            .WithName("CreateToken")
            .WithSummary("Makes a token. Its secret is shown this once.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapDelete("/tokens/{token}", Revoke)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("RevokeToken")
            .WithSummary("Revokes a token: it is refused from now on.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<TokenView>>> List(ClaimsPrincipal caller, ITokenStore tokens, CancellationToken cancellation)
    {
        var all = await tokens.ListAsync(caller.Tenant(), cancellation);
        return TypedResults.Ok(new Page<TokenView>([.. all.Select(TokenView.Of)], null));
    }

    private static async Task<Results<Created<IssuedToken>, ProblemHttpResult>> Create(
        HttpRequest request,
        ITokenStore tokens,
        IRandomBytes random,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadAsync(request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var problems = new List<DocumentProblem>();
        var wish = NewToken.Read(json.Value, now, problems);
        if (wish is null)
        {
            return Problems.InvalidDocument(problems);
        }

        var (token, secret) = TokenSecret.Issue(wish.Name, request.HttpContext.User.Tenant(), wish.Scope, now, wish.ExpiresAt, random);
        await tokens.AddAsync(token, request.HttpContext.Actor(), cancellation);
        return TypedResults.Created($"/api/v1/tokens/{token.Id}", IssuedToken.Of(token, secret));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        string token,
        HttpContext context,
        ITokenStore tokens,
        TimeProvider time,
        CancellationToken cancellation
    ) =>
        await tokens.RevokeAsync(context.User.Tenant(), token, context.Actor(), time.GetUtcNow(), cancellation)
            ? TypedResults.NoContent()
            : Problems.TokenNotFound(token);

    /// <summary>A wish for a token: <c>{"name":…,"scope":"read|operate|admin","expires_at":…}</c>.</summary>
    private sealed record NewToken(string Name, TokenScope Scope, DateTimeOffset? ExpiresAt)
    {
        private static readonly Dictionary<string, TokenScope> ScopeWords = Enum.GetValues<TokenScope>().ToDictionary(Scopes.Word);

        public static NewToken? Read(JsonElement json, DateTimeOffset now, List<DocumentProblem> problems)
        {
            if (DocumentObject.Open(json, "", problems, "name", "scope", "expires_at") is not { } body)
            {
                return null;
            }

            body.Require("name", "say what the token is for");
            body.Require("scope", "use one of read, operate, admin");
            var name = body.Text("name", LongestName)?.Trim();
            if (name is not null && (name.Length == 0 || name.Any(char.IsControl)))
            {
                body.Report("name", "text", "a token's name is one line of text", "say what the token is for");
            }

            body.TryWord("scope", ScopeWords, out var scope);
            var expires = ExpiresAtOf(body, now);
            return problems.Count > 0 || name is null ? null : new NewToken(name, scope, expires);
        }

        private static DateTimeOffset? ExpiresAtOf(DocumentObject body, DateTimeOffset now)
        {
            const string Fix = "write an instant in the future with its offset, such as 2030-01-31T09:00:00Z";
            if (body.Text("expires_at", 40, Fix) is not { } text)
            {
                return null;
            }

            if (Instants.TryParse(text, out var instant) && instant > now)
            {
                return instant;
            }

            body.Report("expires_at", "instant", $"{DocumentText.Quote(text)} is no instant in the future", Fix);
            return null;
        }
    }
}

/// <summary>A token in a list.</summary>
internal sealed record TokenView(
    string Id,
    string Name,
    string Scope,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt
)
{
    public static TokenView Of(ApiToken token) =>
        new(token.Id, token.Name, Scopes.Word(token.Scope), token.CreatedAt, token.ExpiresAt, token.RevokedAt, token.LastUsedAt);
}

/// <summary>A token just made, with its secret.</summary>
internal sealed record IssuedToken(string Id, string Name, string Scope, DateTimeOffset? ExpiresAt, string Token)
{
    public static IssuedToken Of(ApiToken token, string secret) =>
        new(token.Id, token.Name, Scopes.Word(token.Scope), token.ExpiresAt, secret);
}

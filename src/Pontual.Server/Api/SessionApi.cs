using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Logging in, who am I, logging out.</summary>
internal static class SessionApi
{
    private const int LongestName = 200;

    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapPost("/session", LogIn)
            .AllowAnonymous()
            .Takes()
            .TakesBody(
                "{ \"name\": a user, \"tenant/user\" of another tenant than the default one, \"password\": …, \"code\": where one is used }"
            )
            .WithName("LogIn")
            .WithSummary("Logs a user in: sets the cookie of a new session.")
            .Produces<CallerView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/session", Show)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowSession")
            .WithSummary("Who the caller is, by token or session, and the antiforgery value of a session.");
        api.MapDelete("/session", LogOut)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("LogOut")
            .WithSummary("Ends the session.")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> LogIn(
        HttpContext context,
        Logins logins,
        Sessions sessions,
        SessionCookie cookie,
        Origins origins,
        CancellationToken cancellation
    )
    {
        if (context.Request.Headers.Origin.Count > 0 && !origins.IsOwn(context.Request))
        {
            return Problems.ForeignOrigin();
        }

        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (Read(json.Value, problems) is not var (name, password, code) || problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        var known = cookie.IsKnownDevice(context.Request, name);
        var attempt = new LoginAttempt(name, password, code, context.Connection.RemoteIpAddress, known);
        switch (await logins.JudgeAsync(attempt, cancellation))
        {
            case LoginVerdict.Known(var user):
                var (secret, expires) = await BeginAsync(context, user, sessions, cookie, cancellation);
                return TypedResults.Ok(CallerView.Of(user, expires, Sessions.AntiforgeryOf(secret)));
            case LoginVerdict.CodeNeeded:
                return Problems.CodeNeeded();
            case LoginVerdict.Throttled throttled:
                return Problems.TooManyLogins(WaitOf(context.Response, throttled));
            default:
                return Problems.LoginRefused();
        }
    }

    /// <summary>Opens a session in place of the one the browser had: its secret is always a new one.</summary>
    public static async Task<(string Secret, DateTimeOffset ExpiresAt)> BeginAsync(
        HttpContext context,
        User user,
        Sessions sessions,
        SessionCookie cookie,
        CancellationToken cancellation
    )
    {
        if (SessionCookie.Read(context.Request) is { } before)
        {
            await sessions.EndAsync(before, cancellation);
        }

        var opened = await sessions.OpenAsync(user, cancellation);
        cookie.Write(context, opened.Secret, opened.ExpiresAt, user);
        return opened;
    }

    /// <summary>Says in the answer how long to wait.</summary>
    public static string WaitOf(HttpResponse response, LoginVerdict.Throttled throttled)
    {
        var seconds = Math.Ceiling(throttled.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.RetryAfter = seconds;
        return seconds;
    }

    private static async Task<Ok<CallerView>> Show(HttpContext context, Sessions sessions, CancellationToken cancellation)
    {
        var caller = context.User;
        if (!caller.IsOfSession() || SessionCookie.Read(context.Request) is not { } secret)
        {
            return TypedResults.Ok(CallerView.Of(caller));
        }

        var found = await sessions.FindAsync(secret, cancellation);
        return TypedResults.Ok(
            CallerView.Of(caller) with
            {
                ExpiresAt = found?.Session.ExpiresAt,
                Antiforgery = Sessions.AntiforgeryOf(secret),
            }
        );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LogOut(
        HttpContext context,
        Sessions sessions,
        CancellationToken cancellation
    )
    {
        if (!context.User.IsOfSession() || SessionCookie.Read(context.Request) is not { } secret)
        {
            return Problems.NoSession();
        }

        await sessions.EndAsync(secret, cancellation);
        SessionCookie.Clear(context);
        return TypedResults.NoContent();
    }

    private static (string Name, string Password, string? Code)? Read(JsonElement json, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, "", problems, "name", "password", "code") is not { } body)
        {
            return null;
        }

        body.Require("name", "say who logs in");
        body.Require("password", "give the password");
        var (name, password, code) = (body.Text("name", LongestName), SecretText.Of(body, "password"), SecretText.Of(body, "code"));
        return name is null || password is null ? null : (name.Trim(), password, code);
    }
}

/// <summary>Who a caller is.</summary>
/// <param name="Subject"><c>user:ana</c>, <c>token:ID</c>, <c>local</c> or <c>admin-token</c>.</param>
/// <param name="Name">The user's name, or what the token is for.</param>
/// <param name="Tenant">Whose jobs the caller sees.</param>
/// <param name="Scope">read, operate or admin.</param>
/// <param name="ExpiresAt">When the session ends at the latest; null for tokens.</param>
/// <param name="Antiforgery">What a session's requests that change something show in X-Pontual-Antiforgery; null for tokens.</param>
internal sealed record CallerView(
    string Subject,
    string Name,
    string Tenant,
    string Scope,
    DateTimeOffset? ExpiresAt = null,
    string? Antiforgery = null
)
{
    public static CallerView Of(ClaimsPrincipal caller) =>
        new(caller.Subject(), Scopes.NameOf(caller), caller.Tenant().ToString(), caller.FindFirstValue(Scopes.Claim)!);

    public static CallerView Of(User user, DateTimeOffset expiresAt, string antiforgery) =>
        new(Logins.SubjectOf(user), user.Name.Text, user.Name.Tenant.ToString(), Scopes.Word(user.Role), expiresAt, antiforgery);
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Server.Access;
using Pontual.Server.Api;
using Pontual.Server.Pages.Texts;

namespace Pontual.Server.Pages;

/// <summary>Logging in with a browser, with or without scripts.</summary>
internal static class LoginPage
{
    private const string Path = "/login";

    public static void MapLoginPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, Show).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Path, LogIn).AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
    }

    private static IResult Show(HttpContext context, FormGuard guard)
    {
        var asked = context.Request.Query["return"].ToString();
        return context.User.IsOfSession()
            ? TypedResults.LocalRedirect(ReturnPath.Of(asked))
            : Form(context, guard, StatusCodes.Status200OK, message: null, "", asked);
    }

    private static async Task<IResult> LogIn(
        HttpContext context,
        FormGuard guard,
        Logins logins,
        Sessions sessions,
        SessionCookie cookie,
        CancellationToken cancellation
    )
    {
        var words = PageWords.For(context.Request);
        if (await guard.ReadAsync(context) is not { } form)
        {
            return Form(context, guard, StatusCodes.Status403Forbidden, words.Stale, "", context.Request.Query["return"].ToString());
        }

        var (name, asked) = (form["name"].ToString().Trim(), form["return"].ToString());
        var known = cookie.IsKnownDevice(context.Request, name);
        var attempt = new LoginAttempt(
            name,
            form["password"].ToString(),
            form["code"].ToString(),
            context.Connection.RemoteIpAddress,
            known
        );
        switch (await logins.JudgeAsync(attempt, cancellation))
        {
            case LoginVerdict.Known(var user):
                await SessionApi.BeginAsync(context, user, sessions, cookie, cancellation);
                return new SeeOther(ReturnPath.Of(asked));
            case LoginVerdict.CodeNeeded:
                return Form(context, guard, StatusCodes.Status401Unauthorized, words.CodeNeeded, name, asked);
            case LoginVerdict.Throttled throttled:
                var wait = words.Wait(SessionApi.WaitOf(context.Response, throttled));
                return Form(context, guard, StatusCodes.Status429TooManyRequests, wait, name, asked);
            default:
                return Form(context, guard, StatusCodes.Status401Unauthorized, words.Refused, name, asked);
        }
    }

    private static IResult Form(HttpContext context, FormGuard guard, int status, string? message, string name, string asked)
    {
        var words = PageWords.For(context.Request);
        var content = $"""
            {Page.Alert(message)}
            <form method="post" action="{Path}">
            {guard.FieldFor(context)}
            {Page.Hidden("return", asked)}
            {Page.Field("name", words.Name, "text", "username", name, more: "required autocapitalize=\"none\" spellcheck=\"false\"")}
            {Page.Field("password", words.Password, "password", "current-password", more: "required")}
            {Page.Field("code", words.Code, "text", "one-time-code", hint: words.CodeHint, more: "spellcheck=\"false\"")}
            <button>{Page.Text(words.LogIn)}</button>
            </form>
            """;
        return Page.Of(context, status, words, words.LogInTitle, content);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Server.Access;
using Pontual.Server.Api;
using Pontual.Server.Pages.Texts;

namespace Pontual.Server.Pages;

/// <summary>Where the one-time link leads: the first administrator chooses a name and a password, and is logged in.</summary>
internal static class AdminLinkPage
{
    public static void MapAdminLinkPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(AdminLinks.Path, Show).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(AdminLinks.Path, Use).AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
    }

    private static async Task<IResult> Show(HttpContext context, AdminLinks links, FormGuard guard, CancellationToken cancellation)
    {
        var key = context.Request.Query[AdminLinks.Key].ToString();
        return await links.HoldsAsync(key, cancellation)
            ? Form(context, guard, StatusCodes.Status200OK, message: null, "", key)
            : Gone(context);
    }

    private static async Task<IResult> Use(
        HttpContext context,
        AdminLinks links,
        FormGuard guard,
        Sessions sessions,
        SessionCookie cookie,
        CancellationToken cancellation
    )
    {
        var words = PageWords.For(context.Request);
        if (await guard.ReadAsync(context) is not { } form)
        {
            return Form(context, guard, StatusCodes.Status403Forbidden, words.Stale, "", context.Request.Query[AdminLinks.Key].ToString());
        }

        var (key, text, password) = (form[AdminLinks.Key].ToString(), form["name"].ToString().Trim(), form["password"].ToString());
        var wrong =
            !UserName.TryParse(text, out var name) ? words.NameWrong
            : Passwords.ProblemOf(password, text) is { } problem ? words.Of(problem)
            : null;
        if (wrong is not null)
        {
            return Form(context, guard, StatusCodes.Status400BadRequest, wrong, text, key);
        }

        var (use, user) = await links.UseAsync(key, name, password, context.Connection.RemoteIpAddress, cancellation);
        switch (use)
        {
            case AdminLinkUse.Taken:
                await SessionApi.BeginAsync(context, user, sessions, cookie, cancellation);
                return new SeeOther(ReturnPath.Usual);
            case AdminLinkUse.NameTaken:
                return Form(context, guard, StatusCodes.Status409Conflict, words.NameTaken, text, key);
            default:
                return Gone(context);
        }
    }

    private static IResult Form(HttpContext context, FormGuard guard, int status, string? message, string name, string key)
    {
        var words = PageWords.For(context.Request);
        var content = $"""
            {Page.Alert(message)}
            <p>{Page.Text(words.AdminIntro)}</p>
            <form method="post" action="{AdminLinks.Path}">
            {guard.FieldFor(context)}
            {Page.Hidden(AdminLinks.Key, key)}
            {Page.Field(
                "name",
                words.Name,
                "text",
                "username",
                name,
                words.NameHint,
                "required autocapitalize=\"none\" spellcheck=\"false\""
            )}
            {Page.Field(
                "password",
                words.Password,
                "password",
                "new-password",
                "",
                words.PasswordHint,
                $"required minlength=\"{Passwords.Shortest}\""
            )}
            <button>{Page.Text(words.Create)}</button>
            </form>
            """;
        return Page.Of(context, status, words, words.AdminTitle, content);
    }

    private static IResult Gone(HttpContext context)
    {
        var words = PageWords.For(context.Request);
        var content = $"""<p>{Page.Text(words.LinkGone)}</p><p><a href="/login">{Page.Text(words.ToLogIn)}</a></p>""";
        return Page.Of(context, StatusCodes.Status410Gone, words, words.LinkGoneTitle, content);
    }
}

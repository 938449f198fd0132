using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Pontual.Server.Pages.Texts;

namespace Pontual.Server.Pages;

/// <summary>A page of ours: HTML without scripts, with one style that the policy knows by its hash, in light and dark.</summary>
internal static class Page
{
    private const string Style = """
        :root { color-scheme: light dark; --paper: #f6f7f9; --card: #fff; --ink: #16202c; --soft: #55606e; --line: #8a94a1; --brand: #0b5cad; --on: #fff; --bad: #b00020; }
        @media (prefers-color-scheme: dark) { :root { --paper: #10151b; --card: #19212a; --ink: #e8edf2; --soft: #a9b4c0; --line: #7d8895; --brand: #7cb8f5; --on: #0b1219; --bad: #ff8f9c; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
        main { width: 100%; max-width: 24rem; padding: 2rem; background: var(--card); border-radius: .75rem; box-shadow: 0 1px 3px rgb(0 0 0 / .2); }
        h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
        label { display: block; margin-top: 1rem; font-weight: 600; }
        input { width: 100%; margin-top: .25rem; padding: .625rem .75rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .375rem; }
        small { display: block; margin-top: .25rem; color: var(--soft); }
        button { width: 100%; margin-top: 1.5rem; padding: .75rem; font: inherit; font-weight: 600; color: var(--on); background: var(--brand); border: 0; border-radius: .375rem; cursor: pointer; }
        a { color: var(--brand); }
        :focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
        [role=alert] { margin: 0; padding: .625rem .75rem; color: var(--bad); border: 1px solid currentcolor; border-radius: .375rem; }
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Answers with a page.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="words">The language.</param>
    /// <param name="title">Its title and heading, as text.</param>
    /// <param name="content">What follows the heading, as HTML.</param>
    public static IResult Of(HttpContext context, int status, PageWords words, string title, string content)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        // Stricter, and browsers would say "Origin: null" of our own forms.
        headers["Referrer-Policy"] = "same-origin";
        headers.Vary = "Accept-Language, Cookie";
        var html = $"""
            <!doctype html>
            <html lang="{words.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{Text(title)}</h1>
            {content}
            </main>
            </body>
            </html>
            """;
        return TypedResults.Content(html, "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    /// <summary>Text as HTML.</summary>
    public static string Text(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>What went wrong, for people who see and who hear; nothing when nothing did.</summary>
    public static string Alert(string? message) => message is null ? "" : $"""<p role="alert">{Text(message)}</p>""";

    /// <summary>A labelled field.</summary>
    /// <param name="id">Its id and name.</param>
    /// <param name="label">What is asked for.</param>
    /// <param name="type">The type of input.</param>
    /// <param name="autocomplete">What browsers and password managers fill in.</param>
    /// <param name="value">What stands in it.</param>
    /// <param name="hint">What helps to fill it in; null for nothing.</param>
    /// <param name="more">Further attributes, as HTML.</param>
    public static string Field(
        string id,
        string label,
        string type,
        string autocomplete,
        string value = "",
        string? hint = null,
        string more = ""
    )
    {
        var describes = hint is null ? "" : $"aria-describedby=\"{id}-hint\" ";
        var below = hint is null ? "" : $"<small id=\"{id}-hint\">{Text(hint)}</small>";
        return $"""
            <label for="{id}">{Text(label)}</label>
            <input id="{id}" name="{id}" type="{type}" autocomplete="{autocomplete}" value="{Text(value)}" {describes}{more}>
            {below}
            """;
    }

    /// <summary>A value that the form hands back.</summary>
    public static string Hidden(string name, string value) => $"""<input type="hidden" name="{name}" value="{Text(value)}">""";
}

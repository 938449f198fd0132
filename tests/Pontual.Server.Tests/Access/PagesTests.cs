using System.Net;
using System.Text.RegularExpressions;
using Pontual.Server.Composition;
using Pontual.Server.Pages;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Access;

public sealed partial class PagesTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_form_logs_in_and_leads_on()
    {
        await host.UserAsync("gil", "viewer");
        using var browser = new Browser(host.Url);

        using var answer = await SendAsync(browser, "/login?return=/docs/index.html", ("name", "gil"), ("password", Browser.Password));
        var who = await browser.Http.GetJsonAsync("/api/v1/session");
        using var again = await browser.Http.GetAsync("/login?return=/docs/x");

        Assert.Equal((HttpStatusCode.SeeOther, "/docs/index.html"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Equal("user:gil", who.GetProperty("subject").GetString());
        Assert.Equal((HttpStatusCode.Redirect, "/docs/x"), (again.StatusCode, again.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("/docs/index.html?a=b#c", "/docs/index.html?a=b#c")]
    [InlineData("", "/docs")]
    [InlineData(null, "/docs")]
    [InlineData("https://evil.example", "/docs")]
    [InlineData("//evil.example", "/docs")]
    [InlineData("///evil.example", "/docs")]
    [InlineData("/\\evil.example", "/docs")]
    [InlineData("/\t/evil.example", "/docs")]
    [InlineData("/a\r\nSet-Cookie: x=y", "/docs")]
    [InlineData("javascript:alert(1)", "/docs")]
    [InlineData("evil.example", "/docs")]
    public void A_login_leads_to_our_own_paths_only(string? asked, string path) => Assert.Equal(path, ReturnPath.Of(asked));

    [Fact]
    public async Task A_wrong_password_shows_the_form_again_with_what_was_typed_inert()
    {
        using var browser = new Browser(host.Url);

        using var answer = await SendAsync(browser, "/login", ("name", "\"><script>alert(1)</script>"), ("password", "canary-password-9"));
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("canary-password-9", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example", true)]
    [InlineData("null", true)]
    [InlineData(null, true)]
    [InlineData("own", false)]
    public async Task A_form_from_elsewhere_or_without_its_value_does_nothing(string? origin, bool withValue)
    {
        var name = $"form-{origin?.Length ?? 0}";
        await host.UserAsync(name, "viewer");
        using var browser = new Browser(host.Url);
        if (origin != "own")
        {
            browser.ComeFrom(origin);
        }

        using var answer = await SendAsync(browser, "/login", withValue, ("name", name), ("password", Browser.Password));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Null(browser.Cookie);
    }

    [Theory]
    [InlineData("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR", "Entrar no Pontual")]
    [InlineData("en-GB,pt;q=0.5", "en", "Log in to Pontual")]
    [InlineData("de, pt;q=0.7", "pt-BR", "Entrar no Pontual")]
    [InlineData("de", "en", "Log in to Pontual")]
    public async Task A_page_speaks_the_browsers_language(string accept, string language, string title)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login");
        request.Headers.TryAddWithoutValidation("Accept-Language", accept);
        using var answer = await host.Anonymous.SendAsync(request);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_cannot_be_framed_run_no_script_and_are_kept_nowhere()
    {
        using var answer = await host.Anonymous.GetAsync("/login");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", answer.Headers.GetValues("Cache-Control").Single());
    }

    [Fact]
    public async Task The_link_makes_the_first_administrator_once()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        var link = (await PontualServer.FirstAdminLinkAsync(own.Host.App, CancellationToken.None))!;
        using var browser = new Browser(own.Host.Url);

        using var weak = await SendAsync(browser, link.PathAndQuery, ("name", "ana"), ("password", "short"));
        using var made = await SendAsync(browser, link.PathAndQuery, ("name", "ana"), ("password", Browser.Password));
        var who = await browser.Http.GetJsonAsync("/api/v1/session");
        using var again = await browser.Http.GetAsync(link.PathAndQuery);
        var audit = await own.Host.Admin.GetStringAsync("/api/v1/audit");

        Assert.Matches("^/first-admin\\?key=[A-Za-z0-9_-]{43}$", link.PathAndQuery);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.SeeOther), (weak.StatusCode, made.StatusCode));
        Assert.Equal(("user:ana", "admin"), (who.GetProperty("subject").GetString(), who.GetProperty("scope").GetString()));
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        Assert.Null(await PontualServer.FirstAdminLinkAsync(own.Host.App, CancellationToken.None));
        Assert.Contains("admin-link", audit, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Query[5..], audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_link_is_offered_beside_an_admin_token()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        using var operate = await own.Host.ClientWithAsync("operate");
        var before = await PontualServer.FirstAdminLinkAsync(own.Host.App, CancellationToken.None);
        using var admin = await own.Host.ClientWithAsync("admin");

        var after = await PontualServer.FirstAdminLinkAsync(own.Host.App, CancellationToken.None);

        Assert.NotNull(before);
        Assert.Null(after);
    }

    [Fact]
    public async Task A_made_up_link_opens_nothing()
    {
        using var answer = await host.Anonymous.GetAsync($"/first-admin?key={new string('a', 43)}");
        using var none = await host.Anonymous.GetAsync("/first-admin");

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.Gone), (answer.StatusCode, none.StatusCode));
    }

    private static Task<HttpResponseMessage> SendAsync(Browser browser, string path, params (string Name, string Value)[] typed) =>
        SendAsync(browser, path, withValue: true, typed);

    /// <summary>Opens the form, fills it in and sends it, as a browser would.</summary>
    private static async Task<HttpResponseMessage> SendAsync(
        Browser browser,
        string path,
        bool withValue,
        params (string Name, string Value)[] typed
    )
    {
        var page = await browser.Http.GetStringAsync(path);
        var fields = HiddenField()
            .Matches(page)
            .Select(match => (Name: match.Groups[1].Value, Value: WebUtility.HtmlDecode(match.Groups[2].Value)))
            .Where(field => withValue || field.Name != FormGuard.Field)
            .Concat(typed)
            .Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var form = new FormUrlEncodedContent(fields);
        return await browser.Http.PostAsync(path.Split('?')[0], form);
    }

    [GeneratedRegex("""<input type="hidden" name="([a-z]+)" value="([^"]*)">""")]
    private static partial Regex HiddenField();
}

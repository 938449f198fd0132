using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Access;

public sealed class SessionTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_user_logs_in_is_known_and_logs_out()
    {
        await host.UserAsync("lia", "operator");
        using var browser = new Browser(host.Url);

        using var login = await browser.TryAsync("lia", Browser.Password);
        var who = await browser.Http.GetJsonAsync("/api/v1/session");
        browser.Show(who.GetProperty("antiforgery").GetString());
        var kept = browser.Cookie!;
        using var out_ = await browser.Http.DeleteAsync("/api/v1/session");
        browser.Take(kept);
        using var after = await browser.Http.GetAsync("/api/v1/jobs");

        var cookie = login.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("pontual=", StringComparison.Ordinal));
        Assert.Matches("^pontual=[A-Za-z0-9_-]{43}; expires=[^;]+; path=/; samesite=lax; httponly$", cookie);
        Assert.Equal("user:lia", who.GetProperty("subject").GetString());
        Assert.Equal("operate", who.GetProperty("scope").GetString());
        Assert.Equal("default", who.GetProperty("tenant").GetString());
        Assert.Equal(HttpStatusCode.NoContent, out_.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, "session-ended"), (after.StatusCode, await after.TypeAsync()));
    }

    [Fact]
    public async Task A_token_says_who_it_is_and_has_no_session_to_end()
    {
        using var client = await host.ClientWithAsync("read");

        var who = await client.GetJsonAsync("/api/v1/session");
        var local = await host.Admin.GetJsonAsync("/api/v1/session");
        using var ended = await client.DeleteAsync("/api/v1/session");

        Assert.Matches("^token:[A-Za-z0-9_-]{12}$", who.GetProperty("subject").GetString());
        Assert.Equal("read", who.GetProperty("scope").GetString());
        Assert.False(who.TryGetProperty("antiforgery", out var value) && value.ValueKind is not System.Text.Json.JsonValueKind.Null);
        Assert.Equal("local", local.GetProperty("subject").GetString());
        Assert.Equal((HttpStatusCode.Conflict, "no-session"), (ended.StatusCode, await ended.TypeAsync()));
    }

    [Fact]
    public async Task A_login_gives_a_new_session_and_ends_the_one_the_browser_had()
    {
        using var victim = await host.BrowserAsync("eva", "viewer");
        using var attacker = await host.BrowserAsync("mallory", "viewer");
        var planted = attacker.Cookie!;
        victim.Take(planted);

        await victim.LogInAsync("eva");
        using var stale = await attacker.Http.GetAsync("/api/v1/jobs");
        var who = await victim.Http.GetJsonAsync("/api/v1/session");

        Assert.NotEqual(planted, victim.Cookie);
        Assert.Equal("user:eva", who.GetProperty("subject").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, stale.StatusCode);
    }

    [Fact]
    public async Task What_is_made_up_as_a_cookie_is_no_session()
    {
        foreach (var value in (string[])["x", new string('a', 43), new string('a', 4_000)])
        {
            using var browser = new Browser(host.Url);
            browser.Take(value);
            using var answer = await browser.Http.GetAsync("/api/v1/jobs");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(null, "own", "application/json", "antiforgery-missing")]
    [InlineData("wrong", "own", "application/json", "antiforgery-missing")]
    [InlineData("another's", "own", "application/json", "antiforgery-missing")]
    [InlineData("right", "https://evil.example", "application/json", "foreign-origin")]
    [InlineData("right", "null", "application/json", "foreign-origin")]
    [InlineData("right", "", "application/json", "foreign-origin")]
    [InlineData("right", "port", "application/json", "foreign-origin")]
    [InlineData("right", "own", "text/plain", "unsupported-media-type")]
    [InlineData("right", "own", "application/x-www-form-urlencoded", "unsupported-media-type")]
    [InlineData("right", "own", "multipart/form-data; boundary=x", "unsupported-media-type")]
    [InlineData("right", "own", "application/json", "")]
    public async Task A_session_changes_something_only_from_our_own_pages(string? shown, string origin, string type, string refusal)
    {
        var name = $"forge-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        using var browser = await host.BrowserAsync(name, "operator");
        using var other = await host.BrowserAsync($"{name}-2", "operator");
        await host.DefineAsync("forged");
        await host.Admin.PostJsonAsync("/api/v1/jobs/forged/resume", "{}");
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["right"] = (await browser.Http.GetJsonAsync("/api/v1/session")).GetProperty("antiforgery").GetString()!,
            ["another's"] = (await other.Http.GetJsonAsync("/api/v1/session")).GetProperty("antiforgery").GetString()!,
        };
        browser.Show(shown is null ? null : values.GetValueOrDefault(shown, shown));
        browser.ComeFrom(
            origin switch
            {
                "own" => host.Url.GetLeftPart(UriPartial.Authority),
                "port" => $"http://{host.Url.Host}:{host.Url.Port + 1}",
                "" => null,
                _ => origin,
            }
        );
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var answer = await browser.Http.PostAsync("/api/v1/jobs/forged/pause", content);

        Assert.Equal(refusal, await answer.TypeAsync());
        Assert.Equal(refusal.Length == 0, answer.IsSuccessStatusCode);
        var job = await host.Admin.GetJsonAsync("/api/v1/jobs/forged");
        Assert.Equal(refusal.Length == 0, job.ToString().Contains("paused_since\":\"", StringComparison.Ordinal) || IsPaused(job));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_web_socket_of_a_session_opens_from_our_own_pages_only(string? origin)
    {
        using var browser = await host.BrowserAsync($"socket-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", "viewer");
        browser.ComeFrom(origin);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");

        using var answer = await browser.Http.SendAsync(request);

        Assert.Equal("foreign-origin", await answer.TypeAsync());
    }

    [Fact]
    public async Task Another_site_logs_nobody_in()
    {
        await host.UserAsync("target", "viewer");
        using var browser = new Browser(host.Url);
        browser.ComeFrom("https://evil.example");

        using var foreign = await browser.TryAsync("target", Browser.Password);
        using var form = await browser.Http.PostAsync(
            "/api/v1/session",
            new FormUrlEncodedContent([new("name", "target"), new("password", Browser.Password)])
        );

        Assert.Equal("foreign-origin", await foreign.TypeAsync());
        Assert.False(form.IsSuccessStatusCode);
        Assert.Null(browser.Cookie);
    }

    [Fact]
    public async Task A_token_beside_a_cookie_decides()
    {
        using var browser = await host.BrowserAsync("both", "viewer");
        using var client = await host.ClientWithAsync("operate");
        browser.Http.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        browser.Show(null);
        browser.ComeFrom("https://anything.example");
        await host.DefineAsync("by-token");

        using var answer = await browser.Http.PostAsync("/api/v1/jobs/by-token/pause", ApiHost.Json("{}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_session_speaks_for_its_own_tenant_only()
    {
        using var browser = await host.BrowserAsync("nina", "admin", "shop");
        var who = await browser.Http.GetJsonAsync("/api/v1/session");
        browser.Http.DefaultRequestHeaders.Add("X-Pontual-Tenant", "default");

        using var answer = await browser.Http.GetAsync("/api/v1/jobs");

        Assert.Equal(("user:shop/nina", "shop"), (who.GetProperty("subject").GetString(), who.GetProperty("tenant").GetString()));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static bool IsPaused(System.Text.Json.JsonElement job) =>
        job.TryGetProperty("paused", out var paused)
        && paused.ValueKind is not (System.Text.Json.JsonValueKind.Null or System.Text.Json.JsonValueKind.False);
}

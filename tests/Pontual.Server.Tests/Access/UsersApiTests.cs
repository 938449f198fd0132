using System.Net;
using System.Text.Json;
using Pontual.Server.Access;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Access;

public sealed class UsersApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Better = "another correct horse";

    [Fact]
    public async Task A_user_is_made_shown_edited_by_revision_and_removed()
    {
        await host.UserAsync("rui@example.com", "viewer");
        const string Path = "/api/v1/users/rui@example.com";
        using var shown = await host.Admin.GetAsync(Path);
        var user = await shown.JsonAsync();

        using var edit = new HttpRequestMessage(HttpMethod.Put, Path)
        {
            Content = ApiHost.Json(user.ToString().Replace("viewer", "operator", StringComparison.Ordinal)),
        };
        edit.Headers.TryAddWithoutValidation("If-Match", shown.Headers.ETag!.ToString());
        using var edited = await host.Admin.SendAsync(edit);
        using var stale = new HttpRequestMessage(HttpMethod.Put, Path) { Content = ApiHost.Json("""{"role":"admin"}""") };
        stale.Headers.TryAddWithoutValidation("If-Match", shown.Headers.ETag.ToString());
        using var refused = await host.Admin.SendAsync(stale);
        using var removed = await host.Admin.DeleteAsync(Path);
        using var gone = await host.Admin.GetAsync(Path);

        Assert.Equal("\"1\"", shown.Headers.ETag.ToString());
        Assert.Equal("\"2\"", edited.Headers.ETag!.ToString());
        Assert.Equal("operator", (await edited.JsonAsync()).GetProperty("role").GetString());
        Assert.Equal((HttpStatusCode.PreconditionFailed, "revision-mismatch"), (refused.StatusCode, await refused.TypeAsync()));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, "user-not-found"), (gone.StatusCode, await gone.TypeAsync()));
    }

    [Theory]
    [InlineData("""{"name":"Ana Maria","role":"viewer","password":"long enough for this"}""", "/name")]
    [InlineData("""{"name":"short","role":"viewer","password":"abc123"}""", "/password")]
    [InlineData("""{"name":"same-as-the-name","role":"viewer","password":"same-as-the-name"}""", "/password")]
    [InlineData("""{"name":"dull","role":"viewer","password":"aaaaaaaaaaaaaaaa"}""", "/password")]
    [InlineData("""{"name":"number","role":"viewer","password":123456789012345}""", "/password")]
    [InlineData("""{"name":"chief","role":"root","password":"long enough for this"}""", "/role")]
    [InlineData("""{"name":"none","role":"viewer"}""", "")]
    public async Task A_wrong_wish_names_the_field_and_quotes_no_password(string body, string field)
    {
        using var answer = await host.Admin.PostAsync("/api/v1/users", ApiHost.Json(body));
        var problem = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("path").GetString());
        Assert.DoesNotContain("abc123", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("123456789012345", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await host.UserAsync("twice", "viewer");

        using var again = await host.Admin.PostAsync(
            "/api/v1/users",
            ApiHost.Json($$"""{"name":"twice","role":"admin","password":"{{Better}}"}""")
        );

        Assert.Equal((HttpStatusCode.Conflict, "user-exists"), (again.StatusCode, await again.TypeAsync()));
    }

    [Fact]
    public async Task The_last_administrator_cannot_leave()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        using var browser = await own.Host.BrowserAsync("ana", "admin");

        using var demoted = await browser.Http.PutAsync("/api/v1/users/ana", ApiHost.Json("""{"role":"viewer"}"""));
        using var disabled = await browser.Http.PutAsync("/api/v1/users/ana", ApiHost.Json("""{"role":"admin","disabled":true}"""));
        using var removed = await browser.Http.DeleteAsync("/api/v1/users/ana");
        await own.Host.UserAsync("bia", "admin");
        using var then = await browser.Http.DeleteAsync("/api/v1/users/ana");

        foreach (var answer in (HttpResponseMessage[])[demoted, disabled, removed])
        {
            Assert.Equal((HttpStatusCode.Conflict, "last-admin"), (answer.StatusCode, await answer.TypeAsync()));
        }

        Assert.Equal(HttpStatusCode.NoContent, then.StatusCode);
        using var ended = await browser.Http.GetAsync("/api/v1/jobs");
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_ends_the_other_sessions()
    {
        using var here = await host.BrowserAsync("pia", "viewer");
        using var there = new Browser(host.Url);
        await there.LogInAsync("pia");

        using var without = await here.Http.PostAsync("/api/v1/users/pia/password", Change(null));
        using var wrong = await here.Http.PostAsync("/api/v1/users/pia/password", Change("not the password"));
        using var changed = await here.Http.PostAsync("/api/v1/users/pia/password", Change(Browser.Password));
        using var still = await here.Http.GetAsync("/api/v1/jobs");
        using var ended = await there.Http.GetAsync("/api/v1/jobs");
        using var old = await there.TryAsync("pia", Browser.Password);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (without.StatusCode, wrong.StatusCode));
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (still.StatusCode, ended.StatusCode));
        Assert.Equal("login-refused", await old.TypeAsync());
        await there.LogInAsync("pia", Better);
    }

    [Fact]
    public async Task Whoever_is_disabled_is_out_at_once_and_gets_the_same_answer_as_a_stranger()
    {
        using var browser = await host.BrowserAsync("ivo", "viewer");

        using var disabled = await host.Admin.PutAsync("/api/v1/users/ivo", ApiHost.Json("""{"role":"viewer","disabled":true}"""));
        using var ended = await browser.Http.GetAsync("/api/v1/jobs");
        using var login = await browser.TryAsync("ivo", Browser.Password);
        using var stranger = await browser.TryAsync("nobody-at-all", Browser.Password);

        Assert.Equal(HttpStatusCode.OK, disabled.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
        Assert.Equal(Words(await stranger.JsonAsync()), Words(await login.JsonAsync()));
    }

    [Fact]
    public async Task A_role_counts_from_the_next_request()
    {
        using var browser = await host.BrowserAsync("max", "viewer");
        await host.DefineAsync("for-max");

        using var before = await browser.Http.PostAsync("/api/v1/jobs/for-max/pause", ApiHost.Json("{}"));
        using var promoted = await host.Admin.PutAsync("/api/v1/users/max", ApiHost.Json("""{"role":"operator"}"""));
        using var after = await browser.Http.PostAsync("/api/v1/jobs/for-max/pause", ApiHost.Json("{}"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task Codes_are_set_up_asked_for_taken_once_and_taken_away()
    {
        using var browser = await host.BrowserAsync("tom", "viewer");
        const string Path = "/api/v1/users/tom/totp";

        var offered = await browser.Http.PostJsonAsync(Path, "{}");
        var secret = FromBase32(offered.GetProperty("secret").GetString()!);
        using var wrong = await browser.Http.PostAsync(Path, ApiHost.Json("""{"code":"000000x"}"""));
        var now = TimeProvider.System.GetUtcNow();
        var code = Totp.CodeOf(secret, Totp.StepOf(now));
        var confirmed = await browser.Http.PostJsonAsync(Path, $$"""{"code":"{{code}}"}""");
        using var again = await browser.Http.PostAsync(Path, ApiHost.Json("{}"));
        var recovery = confirmed.GetProperty("recovery_codes").EnumerateArray().Select(one => one.GetString()!).ToList();

        using var without = await browser.TryAsync("tom", Browser.Password);
        using var replayed = await browser.TryAsync("tom", Browser.Password, code);
        using var fresh = await browser.TryAsync("tom", Browser.Password, Totp.CodeOf(secret, Totp.StepOf(now) + 1));
        using var first = await browser.TryAsync(
            "tom",
            Browser.Password,
            recovery[3].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)
        );
        using var second = await browser.TryAsync("tom", Browser.Password, recovery[3]);
        using var removed = await host.Admin.DeleteAsync(Path);
        using var plain = await browser.TryAsync("tom", Browser.Password);

        Assert.StartsWith("otpauth://totp/Pontual:tom?secret=", offered.GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(10, recovery.Distinct().Count());
        Assert.Equal("codes-there", await again.TypeAsync());
        Assert.Equal("code-needed", await without.TypeAsync());
        Assert.Equal("login-refused", await replayed.TypeAsync());
        Assert.True(fresh.IsSuccessStatusCode, await fresh.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("login-refused", await second.TypeAsync());
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.OK), (removed.StatusCode, plain.StatusCode));
    }

    [Fact]
    public async Task Pages_of_users_go_by_name()
    {
        foreach (var name in (string[])["p-a", "p-b", "p-c"])
        {
            await host.UserAsync(name, "viewer", "pages");
        }

        using var first = await PageAsync("/api/v1/users?limit=2");
        var page = await first.JsonAsync();
        using var second = await PageAsync($"/api/v1/users?limit=2&cursor={page.GetProperty("next_cursor").GetString()}");

        Assert.Equal(["p-a", "p-b"], Names(page));
        Assert.Equal(["p-c"], Names(await second.JsonAsync()));
    }

    private async Task<HttpResponseMessage> PageAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Pontual-Tenant", "pages");
        return await host.Admin.SendAsync(request);
    }

    private static (string?, string?, string?) Words(JsonElement problem) =>
        (problem.GetProperty("type").GetString(), problem.GetProperty("title").GetString(), problem.GetProperty("detail").GetString());

    private static IEnumerable<string?> Names(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString());

    private static StringContent Change(string? current) =>
        ApiHost.Json(current is null ? $$"""{"password":"{{Better}}"}""" : $$"""{"password":"{{Better}}","current":"{{current}}"}""");

    internal static byte[] FromBase32(string text)
    {
        var bits = string.Concat(
            text.Select(letter =>
                Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')
            )
        );
        return [.. Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.Substring(at * 8, 8), 2))];
    }
}

using System.Net;

namespace Pontual.Server.Tests.Api;

public sealed class AccessTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/.git/config")]
    [InlineData("/api/v1/jobs/x/y/z")]
    public async Task What_does_not_exist_is_closed_too(string path)
    {
        using var answer = await host.Anonymous.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("urn:pontual:problem:token-missing", (await answer.JsonAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_token_is_shown_once_works_and_can_be_revoked()
    {
        var made = await host.Admin.PostJsonAsync("/api/v1/tokens", """{"name":"ci","scope":"read"}""");
        var secret = made.GetProperty("token").GetString()!;
        using var client = host.ClientOf(secret);

        using var before = await client.GetAsync("/api/v1/jobs");
        var list = await host.Admin.GetStringAsync("/api/v1/tokens");
        using var revoked = await host.Admin.DeleteAsync($"/api/v1/tokens/{made.GetProperty("id").GetString()}");
        using var after = await client.GetAsync("/api/v1/jobs");

        Assert.Matches("^pt_[A-Za-z0-9_-]{43}$", secret);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Contains("invalid_token", after.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_locks_out_nobody_who_was_let_in_before()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        using var known = await own.Host.ClientWithAsync("read");
        await known.GetStringAsync("/api/v1/jobs");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 25; i++)
        {
            using var guess = own.Host.ClientOf($"pt_{i:D43}");
            using var answer = await guess.GetAsync("/api/v1/jobs");
            answers.Add(answer.StatusCode);
            Assert.Equal(answer.StatusCode is HttpStatusCode.TooManyRequests, answer.Headers.RetryAfter is not null);
        }

        using var still = await known.GetAsync("/api/v1/jobs");
        using var admin = await own.Host.Admin.GetAsync("/api/v1/jobs");

        Assert.Equal(20, answers.Count(status => status is HttpStatusCode.Unauthorized));
        Assert.Equal(5, answers.Count(status => status is HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        Assert.Equal(HttpStatusCode.OK, admin.StatusCode);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer short")]
    [InlineData("Token pt_abc")]
    public async Task Another_form_of_the_header_is_refused_in_words(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var answer = await host.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("urn:pontual:problem:token-refused", (await answer.JsonAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Answers_carry_the_headers_that_keep_browsers_in_check()
    {
        using var api = await host.Admin.GetAsync("/api/v1/jobs");
        using var docs = await host.Anonymous.GetAsync("/docs/index.html");

        Assert.Equal("nosniff", Header(api, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(api, "X-Frame-Options"));
        Assert.Equal("no-referrer", Header(api, "Referrer-Policy"));
        Assert.Equal("no-store", Header(api, "Cache-Control"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header(api, "Content-Security-Policy"));
        Assert.Contains("script-src 'self'", Header(docs, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.False(api.Headers.Contains("Server"));
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Storage.Database;

namespace Pontual.Server.Tests.Api;

public sealed class IdempotencyTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>As a server leaves a key that it took two minutes ago and could not answer.</summary>
    private static readonly Statement LeftBehind = new(
        "UPDATE idempotency SET status = NULL, body = NULL, taken_at = taken_at - 120000000 WHERE key = 'died'"
    );

    [Fact]
    public async Task A_run_asked_for_twice_with_one_key_is_one_run()
    {
        await host.DefineAsync("repeated", more: ",\"overlap\":\"allow\"");

        using var first = await PostAsync(host.Admin, "/api/v1/jobs/repeated/run", "{}", "one");
        using var second = await PostAsync(host.Admin, "/api/v1/jobs/repeated/run", "{}", "one");
        using var other = await PostAsync(host.Admin, "/api/v1/jobs/repeated/run", "{}", "two");

        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        Assert.NotEqual(await first.Content.ReadAsStringAsync(), await other.Content.ReadAsStringAsync());
        Assert.Equal(2, (await host.Admin.GetJsonAsync("/api/v1/runs?job=repeated")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_request_whose_server_died_before_it_could_keep_the_answer_makes_no_second_run()
    {
        await host.DefineAsync("left-behind", more: ",\"overlap\":\"allow\"");
        using var first = await PostAsync(host.Admin, "/api/v1/jobs/left-behind/run", "{}", "died");
        await host
            .App.Services.GetRequiredService<PontualDatabase>()
            .WriteAsync(session => session.ExecuteAsync(LeftBehind), CancellationToken.None);

        using var again = await PostAsync(host.Admin, "/api/v1/jobs/left-behind/run", "{}", "died");

        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.False(again.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Single((await host.Admin.GetJsonAsync("/api/v1/runs?job=left-behind")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_key_is_for_one_request()
    {
        await host.DefineAsync("keyed", more: ",\"overlap\":\"allow\"");
        using var first = await PostAsync(host.Admin, "/api/v1/jobs/keyed/run", "{}", "reused");

        using var otherBody = await PostAsync(host.Admin, "/api/v1/jobs/keyed/run", """{"parameters":{"a":1}}""", "reused");
        using var otherPath = await PostAsync(host.Admin, "/api/v1/jobs/keyed/run?overlap=allow", "{}", "reused");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, otherBody.StatusCode);
        Assert.Contains("idempotency-key-reused", await otherBody.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, otherPath.StatusCode);
    }

    [Fact]
    public async Task Another_caller_may_use_the_same_key()
    {
        await host.DefineAsync("shared", more: ",\"overlap\":\"allow\"");
        using var operating = await host.ClientWithAsync("operate");

        using var mine = await PostAsync(host.Admin, "/api/v1/jobs/shared/run", "{}", "same");
        using var theirs = await PostAsync(operating, "/api/v1/jobs/shared/run", "{}", "same");

        Assert.NotEqual(await mine.Content.ReadAsStringAsync(), await theirs.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_was_refused_may_be_mended_and_sent_again()
    {
        using var refused = await PostAsync(host.Admin, "/api/v1/jobs/comes-later/run", "{}", "mended");
        await host.DefineAsync("comes-later");

        using var accepted = await PostAsync(host.Admin, "/api/v1/jobs/comes-later/run", "{}", "mended");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Accepted), (refused.StatusCode, accepted.StatusCode));
    }

    [Fact]
    public async Task A_token_is_made_once_and_its_secret_is_not_kept()
    {
        const string Body = """{"name":"made once","scope":"read"}""";

        using var first = await PostAsync(host.Admin, "/api/v1/tokens", Body, "token");
        using var second = await PostAsync(host.Admin, "/api/v1/tokens", Body, "token");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
        Assert.Contains("answer-not-kept", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var names = (await host.Admin.GetJsonAsync("/api/v1/tokens")).GetProperty("items").EnumerateArray();
        Assert.Single(names, token => token.GetProperty("name").GetString() == "made once");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    [InlineData(256)]
    public async Task A_key_that_is_none_is_refused(object given)
    {
        var key = given is int length ? new string('k', length) : (string)given;

        using var answer = await PostAsync(host.Admin, "/api/v1/jobs/any/run", "{}", key);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Idempotency-Key", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = ApiHost.Json(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}

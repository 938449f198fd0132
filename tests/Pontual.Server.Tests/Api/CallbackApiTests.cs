using System.Net;
using System.Text.Json;

namespace Pontual.Server.Tests.Api;

public sealed class CallbackApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_target_that_answered_202_ends_its_run_once_with_its_own_secret()
    {
        await using var target = await DeferringTarget.StartAsync();
        var (id, secret) = await StartAsync(target, "deferred");
        var running = await host.WaitAsync(id, "running");

        using var foreign = await CompleteAsync(id, "1.00", """{"state":"succeeded"}""");
        using var wrong = await CompleteAsync(id, secret, """{"state":"finished"}""");
        using var done = await CompleteAsync(id, secret, """{"state":"succeeded","result":{"items_processed":7}}""");
        var run = await host.EndedAsync(id);
        using var late = await CompleteAsync(id, secret, """{"state":"failed"}""");

        Assert.Equal(JsonValueKind.Null, running.GetProperty("finished_at").ValueKind);
        Assert.Equal(HttpStatusCode.Unauthorized, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.Equal(7, run.GetProperty("items_processed").GetInt64());
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal("urn:pontual:problem:callback-stale", (await late.JsonAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_failure_is_recorded_with_its_words()
    {
        await using var target = await DeferringTarget.StartAsync();
        var (id, secret) = await StartAsync(target, "deferred-failure");

        using var done = await CompleteAsync(id, secret, """{"state":"failed","error":"the printer is on fire"}""");
        var run = await host.EndedAsync(id);

        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.Equal("the printer is on fire", run.GetProperty("error").GetString());
    }

    private async Task<(string Id, string Secret)> StartAsync(DeferringTarget target, string job)
    {
        var body = $$$"""{"name":"{{{job}}}","target":{"http":{"url":"{{{target.Url}}}"} } }""";
        using var defined = await host.Admin.PutAsync($"/api/v1/jobs/{job}", ApiHost.Json(body));
        Assert.True(defined.IsSuccessStatusCode, await defined.Content.ReadAsStringAsync());
        var id = await host.RunAsync(job);
        var (url, secret) = await target.CalledAsync();
        Assert.Equal(new Uri(host.Url, $"/api/v1/runs/{id}/complete"), url);
        return (id, secret);
    }

    private async Task<HttpResponseMessage> CompleteAsync(string id, string secret, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/runs/{id}/complete") { Content = ApiHost.Json(body) };
        request.Headers.Add("X-Pontual-Callback-Token", secret);
        return await host.Anonymous.SendAsync(request);
    }
}

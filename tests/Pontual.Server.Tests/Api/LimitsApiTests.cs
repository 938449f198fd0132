using System.Net;

namespace Pontual.Server.Tests.Api;

public sealed class LimitsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_queue_is_limited_listed_and_set_free()
    {
        using var put = await host.Admin.PutAsync(
            "/api/v1/queues/paced/limit",
            ApiHost.Json("""{"at-once":10,"rate":"100/1m","burst":5}""")
        );
        var queues = await host.Admin.GetJsonAsync("/api/v1/queues");
        var limits = await host.Admin.GetJsonAsync("/api/v1/limits?scope=queue&limit=1");
        using var removed = await host.Admin.DeleteAsync("/api/v1/queues/paced/limit");
        var after = await host.Admin.GetJsonAsync("/api/v1/queues");

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var queue = queues.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("queue").GetString() == "paced");
        Assert.Equal("""{"at-once":10,"rate":"100/1m","burst":5}""", queue.GetProperty("limit").GetRawText());
        var limit = limits.GetProperty("items").EnumerateArray().Single();
        Assert.Equal("queue", limit.GetProperty("scope").GetString());
        Assert.Equal("10 at once and 100 per 1m", limit.GetProperty("words").GetString());
        Assert.Equal(0, limit.GetProperty("active").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.DoesNotContain(after.GetProperty("items").EnumerateArray(), item => item.GetProperty("queue").GetString() == "paced");
    }

    [Theory]
    [InlineData("""{}""", "a limit without a bound")]
    [InlineData("""{"rate":"often"}""", "'often' is not a rate")]
    [InlineData("""{"at_once":1}""", "'at_once' is not a key")]
    public async Task A_wrong_limit_is_refused_with_what_is_wrong(string body, string message)
    {
        using var answer = await host.Admin.PutAsync("/api/v1/queues/paced/limit", ApiHost.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(message, (await answer.JsonAsync()).GetProperty("errors")[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_run_says_which_limit_it_waits_for_and_one_without_its_parameter_is_refused()
    {
        await host.DefineAsync("paced-send", more: ""","overlap":"allow","limit":{"key":"chip-{{parameters.chip}}","rate":"1/1h"}""");
        using var refused = await host.Admin.PostAsync("/api/v1/jobs/paced-send/run", ApiHost.Json("""{"parameters":{"other":1}}"""));
        await RunAsync();
        var second = await RunAsync();
        var waiting = await host.Admin.GetJsonAsync($"/api/v1/runs/{second}");

        var problem = await refused.JsonAsync();
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("/parameters/chip", problem.GetProperty("errors")[0].GetProperty("path").GetString());
        var waits = waiting.GetProperty("waits_for");
        Assert.Equal("chip-55", waits.GetProperty("name").GetString());
        Assert.StartsWith("waits for limit chip-55: 1 per 1h", waits.GetProperty("text").GetString());

        async Task<string> RunAsync()
        {
            using var answer = await host.Admin.PostAsync("/api/v1/jobs/paced-send/run", ApiHost.Json("""{"parameters":{"chip":55}}"""));
            return (await answer.JsonAsync()).GetProperty("run_id").GetString()!;
        }
    }
}

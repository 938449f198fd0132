using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Pontual.Server.Tests.Api;

/// <summary>Programs outside claim runs over HTTP. Each test has a task of its own, since all share one server.</summary>
public sealed class WorkerApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_worker_claims_a_run_holds_it_and_completes_it()
    {
        await DefineAsync("mail", """ "args":{"to":"everyone"} """, ""","timeout":"90s" """);
        var asked = await host.Admin.PostJsonAsync("/api/v1/jobs/mail/run", """{"parameters":{"copies":2}}""");
        var id = asked.GetProperty("run_id").GetString()!;

        var claim = await ClaimAsync("mail");
        var held = await HoldAsync(claim, """ "output":"line 1\n" """);
        using var done = await EndAsync("complete", claim, """ "output":"line 2\n","result":{"sent":2},"items_processed":2 """);

        Assert.Equal(id, claim.GetProperty("run_id").GetString());
        Assert.Equal("mail", claim.GetProperty("job").GetString());
        Assert.Equal("mail", claim.GetProperty("task").GetString());
        Assert.Equal("everyone", claim.GetProperty("args").GetProperty("to").GetString());
        Assert.Equal(2, claim.GetProperty("parameters").GetProperty("copies").GetInt32());
        Assert.Equal((1, 90), (claim.GetProperty("attempt").GetInt32(), claim.GetProperty("timeout_seconds").GetInt32()));
        Assert.Equal("go_on", held);
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        var run = await host.EndedAsync(id);
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.Equal(2, run.GetProperty("result").GetProperty("sent").GetInt32());
        Assert.Equal(2, run.GetProperty("items_processed").GetInt64());
        Assert.Equal("worker/default/w", run.GetProperty("node").GetString());
        Assert.Equal("line 1\nline 2\n", await host.Admin.GetStringAsync($"/api/v1/runs/{id}/output"));
    }

    [Fact]
    public async Task A_failure_is_retried_by_the_jobs_policy_unless_the_worker_says_that_it_is_of_no_use()
    {
        await DefineAsync("flaky", "", ""","retry":{"attempts":3,"backoff":"1s..1s"}""");
        var id = await host.RunAsync("flaky");

        using var first = await EndAsync("fail", await ClaimAsync("flaky"), """ "error":"the printer is out of paper" """);
        var again = await ClaimAsync("flaky");
        using var second = await EndAsync("fail", again, """ "error":"there is no printer","retry":false """);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (first.StatusCode, second.StatusCode));
        Assert.Equal(2, again.GetProperty("attempt").GetInt32());
        var run = await host.EndedAsync(id);
        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.Equal("there is no printer", run.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_run_of_a_silent_worker_comes_back_and_the_late_result_is_refused()
    {
        await DefineAsync("lost", "", ""","retry":{"attempts":2,"backoff":"1s..1s"}""");
        var id = await host.RunAsync("lost");

        var silent = await ClaimAsync("lost", lease: 3);
        var next = await ClaimAsync("lost", worker: "w2");
        var held = await HoldAsync(silent, "");
        using var late = await EndAsync("complete", silent, """ "result":"late" """);
        using var stranger = await EndAsync("complete", next, """ "result":"not mine" """);
        using var done = await EndAsync("complete", next, """ "result":"in time" """, "w2");

        Assert.Equal(2, next.GetProperty("attempt").GetInt32());
        Assert.True(next.GetProperty("token").GetInt64() > silent.GetProperty("token").GetInt64());
        Assert.Equal("stop", held);
        Assert.Equal("urn:pontual:problem:run-not-held", (await late.JsonAsync()).GetProperty("type").GetString());
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (late.StatusCode, stranger.StatusCode));
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        Assert.Equal("in time", (await host.EndedAsync(id)).GetProperty("result").GetString());
    }

    [Fact]
    public async Task The_timeout_ends_a_run_whose_worker_goes_on_saying_that_it_lives()
    {
        await DefineAsync("hangs", "", ""","timeout":"2s" """);
        var id = await host.RunAsync("hangs");
        var claim = await ClaimAsync("hangs");

        while (await HoldAsync(claim, "") == "go_on")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        using var late = await EndAsync("complete", claim, """ "result":1 """);
        var run = await host.EndedAsync(id);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal(("failed", "timeout"), (run.GetProperty("state").GetString(), run.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_worker_hears_that_its_run_was_cancelled()
    {
        await DefineAsync("unwanted", "", ""","retry":{"attempts":5,"backoff":"1s..1s"}""");
        var id = await host.RunAsync("unwanted");
        var claim = await ClaimAsync("unwanted");

        await host.Admin.PostJsonAsync($"/api/v1/runs/{id}/cancel", "{}");
        var held = await HoldAsync(claim, """ "output":"last words\n" """);
        using var stopped = await EndAsync("fail", claim, """ "error":"stopped" """);

        Assert.Equal("stop", held);
        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Equal("cancelled", (await host.EndedAsync(id)).GetProperty("state").GetString());
        Assert.Equal("last words\n", await host.Admin.GetStringAsync($"/api/v1/runs/{id}/output"));
    }

    [Fact]
    public async Task A_claim_waits_for_a_run_and_is_answered_as_soon_as_there_is_one()
    {
        await DefineAsync("later", "", "");

        var began = Stopwatch.GetTimestamp();
        var waiting = ClaimAsync("later", wait: 25);
        var id = await host.RunAsync("later");
        var claim = await waiting;

        Assert.Equal(id, claim.GetProperty("run_id").GetString());
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
        using var done = await EndAsync("complete", claim, """ "result":null """);
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
    }

    [Fact]
    public async Task A_claim_takes_no_more_than_its_limit_and_only_its_tasks_in_their_order()
    {
        await DefineAsync("low", """ "task":"sort" """, ""","overlap":"allow" """);
        await DefineAsync("high", """ "task":"pack" """, ""","overlap":"allow" """);
        for (var i = 0; i < 2; i++)
        {
            await host.RunAsync("low");
            await host.RunAsync("high");
        }

        var other = await AskAsync("""{"worker":"w","tasks":["weigh"],"limit":10}""");
        var three = await AskAsync("""{"worker":"w","tasks":["pack","sort"],"limit":3}""");
        var rest = await AskAsync("""{"worker":"w","tasks":["pack","sort"],"limit":10}""");

        Assert.Empty(other);
        Assert.Equal(["high", "high", "low"], three.Select(run => run.GetProperty("job").GetString()));
        Assert.Equal(["low"], rest.Select(run => run.GetProperty("job").GetString()));
    }

    [Fact]
    public async Task Another_tenants_worker_gets_nothing_and_cannot_end_a_run()
    {
        await DefineAsync("ours", "", "");
        var id = await host.RunAsync("ours");
        using var stranger = await StrangerAsync();
        var body = """{"worker":"w","tasks":["ours"],"limit":10}""";

        var theirs = await stranger.PostJsonAsync("/api/v1/worker/claim", body);
        var claim = await ClaimAsync("ours");
        using var content = ApiHost.Json($$"""{"worker":"w",{{KeyOf(claim)}}}""");
        using var refused = await stranger.PostAsync("/api/v1/worker/complete", content);
        var nodes = await stranger.GetStringAsync("/api/v1/nodes");

        Assert.Equal(0, theirs.GetProperty("runs").GetArrayLength());
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("running", (await host.Admin.GetJsonAsync($"/api/v1/runs/{id}")).GetProperty("state").GetString());
        Assert.Contains("worker/strangers/w", nodes, StringComparison.Ordinal);
        Assert.DoesNotContain("worker/default/", nodes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claim", """{}""", "worker")]
    [InlineData("claim", """{"worker":"w"}""", "tasks")]
    [InlineData("claim", """{"worker":"a b","tasks":["x"]}""", "/worker")]
    [InlineData("claim", """{"worker":"w","tasks":"x"}""", "/tasks")]
    [InlineData("claim", """{"worker":"w","tasks":[]}""", "/tasks")]
    [InlineData("claim", """{"worker":"w","tasks":["x","A B"]}""", "/tasks/1")]
    [InlineData("claim", """{"worker":"w","tasks":["x"],"wait":26}""", "/wait")]
    [InlineData("claim", """{"worker":"w","tasks":["x"],"limit":0}""", "/limit")]
    [InlineData("claim", """{"worker":"w","tasks":["x"],"lease_seconds":1}""", "/lease_seconds")]
    [InlineData("claim", """{"worker":"w","task":["x"]}""", "/task")]
    [InlineData("heartbeat", """{"worker":"w","runs":{}}""", "/runs")]
    [InlineData("heartbeat", """{"worker":"w","runs":[{"run_id":"x","token":1}]}""", "/runs/0/run_id")]
    [InlineData("heartbeat", """{"worker":"w","runs":[{"token":1}]}""", "/runs/0")]
    [InlineData("complete", """{"worker":"w","run_id":"0198c5f4-7c5d-7000-8000-000000000000","token":"1"}""", "/token")]
    [InlineData("complete", """{"worker":"w","run_id":"0198c5f4-7c5d-7000-8000-000000000000","token":1,"error":"x"}""", "/error")]
    [InlineData("fail", """{"worker":"w","run_id":"0198c5f4-7c5d-7000-8000-000000000000","token":1}""", "error")]
    public async Task What_is_wrong_with_a_call_is_named(string verb, string body, string named)
    {
        using var content = ApiHost.Json(body);
        using var answer = await host.Admin.PostAsync($"/api/v1/worker/{verb}", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, (await answer.JsonAsync()).GetProperty("errors")[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "target":{"worker":{"task":"A B"}} """, "/target/worker/task")]
    [InlineData(""" "target":{"worker":{"tasks":"x"}} """, "/target/worker/tasks")]
    [InlineData(""" "target":{"worker":{}},"queue":"mails" """, "/queue")]
    [InlineData(""" "target":{"worker":{}},"log":"x.log" """, "/log")]
    public async Task What_is_wrong_with_a_workers_job_is_named(string job, string path)
    {
        using var content = ApiHost.Json($$"""{"name":"wrong",{{job}}}""");
        using var answer = await host.Admin.PostAsync("/api/v1/jobs", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(path, (await answer.JsonAsync()).GetProperty("errors")[0].GetProperty("path").GetString());
    }

    private async Task DefineAsync(string name, string settings, string more)
    {
        using var content = ApiHost.Json($$$"""{"name":"{{{name}}}","target":{"worker":{ {{{settings}}} } }{{{more}}} }""");
        using var answer = await host.Admin.PutAsync($"/api/v1/jobs/{name}", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<List<JsonElement>> AskAsync(string body) =>
        [.. (await host.Admin.PostJsonAsync("/api/v1/worker/claim", body)).GetProperty("runs").EnumerateArray()];

    private async Task<JsonElement> ClaimAsync(string task, string worker = "w", int wait = 20, int lease = 30)
    {
        var runs = await AskAsync($$"""{"worker":"{{worker}}","tasks":["{{task}}"],"wait":{{wait}},"lease_seconds":{{lease}}}""");
        return Assert.Single(runs);
    }

    /// <returns>What the worker is to do.</returns>
    private async Task<string?> HoldAsync(JsonElement claim, string more)
    {
        var separator = more.Length == 0 ? "" : ",";
        var body = $$"""{"worker":"w","runs":[{ {{KeyOf(claim)}}{{separator}}{{more}} }]}""";
        return (await host.Admin.PostJsonAsync("/api/v1/worker/heartbeat", body)).GetProperty("runs")[0].GetProperty("next").GetString();
    }

    private async Task<HttpResponseMessage> EndAsync(string verb, JsonElement claim, string more, string worker = "w")
    {
        using var content = ApiHost.Json($$"""{"worker":"{{worker}}",{{KeyOf(claim)}},{{more}}}""");
        return await host.Admin.PostAsync($"/api/v1/worker/{verb}", content);
    }

    private static string KeyOf(JsonElement claim) =>
        $"\"run_id\":\"{claim.GetProperty("run_id").GetString()}\",\"token\":{claim.GetProperty("token").GetInt64()}";

    private async Task<HttpClient> StrangerAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens")
        {
            Content = ApiHost.Json("""{"name":"of strangers","scope":"operate"}"""),
        };
        request.Headers.Add("X-Pontual-Tenant", "strangers");
        using var answer = await host.Admin.SendAsync(request);
        return host.ClientOf((await answer.JsonAsync()).GetProperty("token").GetString()!);
    }
}

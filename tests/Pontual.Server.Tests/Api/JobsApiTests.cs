using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Server.Tests.Api;

public sealed class JobsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_job_is_created_once_and_read_back()
    {
        const string Job = """{"name":"created","description":"Once","target":{"handler":{"name":"echo"}},"schedule":{"every":"1h"}}""";

        using var created = await host.Admin.PostAsync("/api/v1/jobs", ApiHost.Json(Job));
        using var again = await host.Admin.PostAsync("/api/v1/jobs", ApiHost.Json(Job));
        var read = await host.Admin.GetJsonAsync("/api/v1/jobs/created");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/v1/jobs/created", created.Headers.Location?.ToString());
        Assert.Equal("\"1\"", created.Headers.ETag?.Tag);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal("urn:pontual:problem:job-exists", (await again.JsonAsync()).GetProperty("type").GetString());
        Assert.Equal("Once", read.GetProperty("description").GetString());
        Assert.Equal(1, read.GetProperty("revision").GetInt32());
        Assert.Equal(0, read.GetProperty("runs").GetInt64());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("last_run").ValueKind);
        Assert.Equal(JsonValueKind.Null, read.GetProperty("paused").ValueKind);
        Assert.EndsWith(":00:00.000Z", read.GetProperty("next_run").GetString());
    }

    [Fact]
    public async Task What_is_read_can_be_edited_and_put_back()
    {
        await host.DefineAsync("edited");
        var job = JsonNode.Parse(await host.Admin.GetStringAsync("/api/v1/jobs/edited"))!.AsObject();
        job["timeout"] = "45s";

        using var answer = await host.Admin.PutAsync("/api/v1/jobs/edited", ApiHost.Json(job.ToJsonString()));

        var read = await answer.JsonAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("45s", read.GetProperty("timeout").GetString());
        Assert.Equal(2, read.GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task An_edit_of_an_older_revision_is_refused()
    {
        await host.DefineAsync("versioned");
        await host.DefineAsync("versioned", more: ""","timeout":"10s" """);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/jobs/versioned")
        {
            Content = ApiHost.Json("""{"name":"versioned","target":{"handler":{"name":"echo"}},"timeout":"20s"}"""),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");

        using var answer = await host.Admin.SendAsync(request);

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Equal("10s", (await host.Admin.GetJsonAsync("/api/v1/jobs/versioned")).GetProperty("timeout").GetString());
    }

    [Fact]
    public async Task Jobs_are_listed_by_name_in_pages()
    {
        foreach (var name in new[] { "page-c", "page-a", "page-b" })
        {
            await host.DefineAsync(name);
        }

        var first = await host.Admin.GetJsonAsync("/api/v1/jobs?cursor=page&limit=2");
        var second = await host.Admin.GetJsonAsync($"/api/v1/jobs?cursor={first.GetProperty("next_cursor").GetString()}&limit=500");

        Assert.Equal(["page-a", "page-b"], Names(first));
        Assert.Equal("page-c", Names(second)[0]);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
    }

    [Fact]
    public async Task A_removed_job_is_gone()
    {
        await host.DefineAsync("removed");

        using var removal = await host.Admin.DeleteAsync("/api/v1/jobs/removed");
        using var read = await host.Admin.GetAsync("/api/v1/jobs/removed");

        Assert.Equal(HttpStatusCode.NoContent, removal.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Fact]
    public async Task A_pause_has_a_reason_an_author_and_an_end_until_it_is_resumed()
    {
        await host.DefineAsync("paused", more: ""","schedule":{"every":"1h"} """);

        var paused = await host.Admin.PostJsonAsync(
            "/api/v1/jobs/paused/pause",
            """{"reason":"<b>O'Brien</b>; DROP TABLE job","until":"2099-01-01T00:00:00-03:00"}"""
        );
        var again = await host.Admin.PostJsonAsync("/api/v1/jobs/paused/pause", "{}");
        var resumed = await host.Admin.PostJsonAsync("/api/v1/jobs/paused/resume", "");
        var still = await host.Admin.PostJsonAsync("/api/v1/jobs/paused/resume", "");

        var pause = paused.GetProperty("paused");
        Assert.Equal("<b>O'Brien</b>; DROP TABLE job", pause.GetProperty("reason").GetString());
        Assert.Equal("local admin", pause.GetProperty("by").GetString());
        Assert.Equal("2099-01-01T03:00:00.000Z", pause.GetProperty("until").GetString());
        Assert.Equal(JsonValueKind.Object, again.GetProperty("paused").ValueKind);
        Assert.Equal(JsonValueKind.Null, resumed.GetProperty("paused").ValueKind);
        Assert.Equal(JsonValueKind.Null, still.GetProperty("paused").ValueKind);
    }

    [Fact]
    public async Task A_reset_clears_the_failure_streak()
    {
        await host.DefineAsync("failing", "fail");
        await host.EndedAsync(await host.RunAsync("failing"));
        var before = await host.Admin.GetJsonAsync("/api/v1/jobs/failing");

        var after = await host.Admin.PostJsonAsync("/api/v1/jobs/failing/reset", "");

        Assert.Equal(1, before.GetProperty("failure_streak").GetInt32());
        Assert.Equal("failed", before.GetProperty("last_run").GetProperty("state").GetString());
        Assert.Equal(0, after.GetProperty("failure_streak").GetInt32());
    }

    private static List<string?> Names(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(job => job.GetProperty("name").GetString())];
}

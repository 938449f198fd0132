using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pontual.Server.Tests.Api;

public sealed partial class RunsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_run_is_accepted_runs_and_tells_all_about_itself()
    {
        await host.DefineAsync("told");

        using var accepted = await host.Admin.PostAsync("/api/v1/jobs/told/run", ApiHost.Json("""{"parameters":{"a":[1,"é"]}}"""));
        var id = (await accepted.JsonAsync()).GetProperty("run_id").GetString()!;
        var run = await host.EndedAsync(id);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal($"/api/v1/runs/{id}", accepted.Headers.Location?.ToString());
        Assert.Equal(id, run.GetProperty("id").GetString());
        Assert.Equal("told", run.GetProperty("job").GetString());
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.Equal("manual", run.GetProperty("trigger").GetString());
        Assert.Equal(1, run.GetProperty("attempt").GetInt32());
        Assert.Equal(1, run.GetProperty("count").GetInt64());
        Assert.Equal(3, run.GetProperty("items_processed").GetInt64());
        Assert.Equal("olá", run.GetProperty("result").GetProperty("greeting").GetString());
        Assert.Equal("é", run.GetProperty("parameters").GetProperty("a")[1].GetString());
        Assert.True(run.GetProperty("duration_ms").GetInt64() >= 0);
        Assert.True(run.GetProperty("lateness_ms").GetInt64() >= 0);
        Assert.NotNull(run.GetProperty("node").GetString());
        Assert.Single(run.GetProperty("attempts").EnumerateArray());
        string[] promised = ["reason", "scheduled_until", "response_code", "error"];
        Assert.All(promised, key => Assert.Equal(JsonValueKind.Null, run.GetProperty(key).ValueKind));
    }

    [Fact(DisplayName = "X-03 instants in answers are UTC with a Z, to the millisecond")]
    public async Task Instants_are_utc()
    {
        await host.DefineAsync("utc", more: ""","schedule":{"cron":"0 9 * * *"} """);
        var run = await host.EndedAsync(await host.RunAsync("utc"));
        var job = await host.Admin.GetJsonAsync("/api/v1/jobs/utc");
        var health = await host.Admin.GetJsonAsync("/health/jobs");
        var nodes = await host.Admin.GetJsonAsync("/api/v1/nodes");

        string?[] instants =
        [
            run.GetProperty("scheduled_for").GetString(),
            run.GetProperty("started_at").GetString(),
            run.GetProperty("finished_at").GetString(),
            job.GetProperty("next_run").GetString(),
            job.GetProperty("created_at").GetString(),
            health.GetProperty("checked_at").GetString(),
            nodes.GetProperty("items")[0].GetProperty("started_at").GetString(),
        ];

        Assert.All(instants, instant => Assert.Matches(UtcInstant(), instant));
        Assert.EndsWith("T12:00:00.000Z", job.GetProperty("next_run").GetString());
    }

    [Fact]
    public async Task An_active_run_refuses_another_unless_an_admin_allows_it()
    {
        await host.DefineAsync("busy", "wait");
        var first = await host.RunAsync("busy");
        await host.WaitAsync(first, "running");
        using var operate = await host.ClientWithAsync("operate");

        using var refused = await operate.PostAsync("/api/v1/jobs/busy/run", null);
        using var forbidden = await operate.PostAsync("/api/v1/jobs/busy/run?overlap=allow", null);
        using var allowed = await host.Admin.PostAsync("/api/v1/jobs/busy/run?overlap=allow", null);

        var problem = await refused.JsonAsync();
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("urn:pontual:problem:run-already-active", problem.GetProperty("type").GetString());
        Assert.Equal(first, problem.GetProperty("run_id").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, allowed.StatusCode);
        var second = (await allowed.JsonAsync()).GetProperty("run_id").GetString()!;
        await host.Admin.PostAsync($"/api/v1/runs/{first}/cancel", null);
        await host.Admin.PostAsync($"/api/v1/runs/{second}/cancel", null);
        await host.EndedAsync(first);
        await host.EndedAsync(second);
    }

    [Fact]
    public async Task A_running_run_is_cancelled_and_an_ended_one_is_retried()
    {
        await host.DefineAsync("cancelled", "wait");
        var id = await host.RunAsync("cancelled");
        await host.WaitAsync(id, "running");

        using var early = await host.Admin.PostAsync($"/api/v1/runs/{id}/retry", null);
        using var cancel = await host.Admin.PostAsync($"/api/v1/runs/{id}/cancel", null);
        var ended = await host.EndedAsync(id);
        using var late = await host.Admin.PostAsync($"/api/v1/runs/{id}/cancel", null);
        await host.DefineAsync("cancelled");
        using var retry = await host.Admin.PostAsync($"/api/v1/runs/{id}/retry", null);

        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, cancel.StatusCode);
        Assert.Equal("cancelled", ended.GetProperty("state").GetString());
        Assert.Equal("requested", ended.GetProperty("reason").GetString());
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, retry.StatusCode);
        var again = (await retry.JsonAsync()).GetProperty("run_id").GetString()!;
        Assert.NotEqual(id, again);
        Assert.Equal("succeeded", (await host.EndedAsync(again)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Runs_come_newest_first_in_pages_and_by_filter()
    {
        await host.DefineAsync("paged");
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await host.RunAsync("paged"));
            await host.EndedAsync(ids[^1]);
        }

        var first = await host.Admin.GetJsonAsync("/api/v1/runs?job=paged&limit=2");
        var cursor = first.GetProperty("next_cursor").GetString();
        var second = await host.Admin.GetJsonAsync($"/api/v1/runs?job=paged&limit=2&cursor={cursor}");
        var failed = await host.Admin.GetJsonAsync("/api/v1/runs?job=paged&state=failed");
        var largest = await host.Admin.GetJsonAsync("/api/v1/runs?job=paged&limit=500");

        ids.Reverse();
        Assert.Equal(ids, [.. Ids(first), .. Ids(second)]);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
        Assert.Empty(Ids(failed));
        Assert.Equal(4, Ids(largest).Count);
    }

    [Fact]
    public async Task A_long_error_is_cut_in_lists_and_whole_in_the_detail()
    {
        await host.DefineAsync("long-error", "fail");
        var run = await host.EndedAsync(await host.RunAsync("long-error"));

        var listed = await host.Admin.GetJsonAsync("/api/v1/runs?job=long-error");

        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.True(run.GetProperty("error").GetString()!.Length >= 2_000);
        Assert.Equal(500, listed.GetProperty("items")[0].GetProperty("error").GetString()!.Length);
    }

    [Fact]
    public async Task Output_is_text_or_pieces_and_can_be_read_on()
    {
        await host.DefineAsync("printing");
        var id = await host.RunAsync("printing");
        await host.EndedAsync(id);

        using var text = await host.Admin.GetAsync($"/api/v1/runs/{id}/output");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{id}/output");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var json = await host.Admin.SendAsync(request);
        var pieces = await json.JsonAsync();
        var rest = await host.Admin.GetStringAsync($"/api/v1/runs/{id}/output?after={pieces.GetProperty("next").GetInt64()}");

        Assert.Equal("text/plain; charset=utf-8", text.Content.Headers.ContentType?.ToString());
        Assert.Equal("olá, wörld ✓\n", await text.Content.ReadAsStringAsync());
        Assert.Equal("olá, wörld ✓\n", pieces.GetProperty("items")[0].GetProperty("text").GetString());
        Assert.Equal("", rest);
    }

    [Fact]
    public async Task Followed_output_comes_while_the_run_prints_and_ends_with_it()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        await own.Host.DefineAsync("followed", "wait");
        var id = await own.Host.RunAsync("followed");

        using var answer = await own.Host.Admin.GetAsync($"/api/v1/runs/{id}/output?follow=1", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var first = await reader.ReadLineAsync();
        own.Host.OpenGate();
        var rest = await reader.ReadToEndAsync();

        Assert.Equal("waiting", first);
        Assert.Equal("went on\n", rest);
        Assert.Equal("succeeded", (await own.Host.EndedAsync(id)).GetProperty("state").GetString());
    }

    private static List<string> Ids(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(run => run.GetProperty("id").GetString()!)];

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\z")]
    private static partial Regex UtcInstant();
}

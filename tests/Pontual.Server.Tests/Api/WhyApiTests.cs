using System.Net;
using System.Text.Json;
using Pontual.Server.Tests.Access;

namespace Pontual.Server.Tests.Api;

public sealed class WhyApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task What_was_skipped_is_explained_by_the_run_it_met()
    {
        await host.DefineAsync("overlapping", "wait", ""","schedule":{"every":"1s"}""");

        var skipped = await SkippedAsync("overlapping", "overlap");
        var why = await WhyAsync("overlapping", skipped.GetProperty("scheduled_for").GetString()!);
        await host.Admin.PostJsonAsync("/api/v1/jobs/overlapping/pause", """{"reason":"enough"}""");
        var now = await WhyAsync("overlapping");

        Assert.Equal("skipped", why.GetProperty("verdict").GetString());
        Assert.Contains("was still active and runs still, and the overlap policy is skip", Sentence(why), StringComparison.Ordinal);
        Assert.Equal(skipped.GetProperty("id").GetString(), why.GetProperty("run_id").GetString());
        Assert.Equal("running", now.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task What_a_pause_skipped_is_explained_by_who_paused_and_why()
    {
        await host.DefineAsync("paused", more: ""","schedule":{"every":"1s"}""");
        await host.Admin.PostJsonAsync("/api/v1/jobs/paused/pause", """{"reason":"moving house"}""");

        var skipped = await SkippedAsync("paused", "paused");
        await host.Admin.PostJsonAsync("/api/v1/jobs/paused/resume", "{}");
        var why = await WhyAsync("paused", skipped.GetProperty("scheduled_for").GetString()!);

        Assert.Contains("the job was paused by", Sentence(why), StringComparison.Ordinal);
        Assert.Contains("(\"moving house\")", Sentence(why), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_asked_for_is_told_and_one_that_failed_with_its_error()
    {
        await host.DefineAsync("asked", "fail");
        var run = await host.EndedAsync(await host.RunAsync("asked"));

        var why = await WhyAsync("asked", run.GetProperty("scheduled_for").GetString()!);

        Assert.Equal("failed", why.GetProperty("verdict").GetString());
        Assert.StartsWith("It was asked for at ", Sentence(why), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_rests_says_until_when_and_local_times_are_of_its_zone()
    {
        await host.DefineAsync("resting", more: ""","schedule":{"cron":"0 9 1 1 *","zone":"Asia/Tokyo"}""");

        var now = await WhyAsync("resting");
        var then = await WhyAsync("resting", "2031-01-01T09:00");

        Assert.StartsWith("It waits for its next time, ", Sentence(now), StringComparison.Ordinal);
        Assert.StartsWith("It will run at 2031-01-01 09:00:00 (Asia/Tokyo)", Sentence(then), StringComparison.Ordinal);
        Assert.Contains(
            then.GetProperty("facts").EnumerateArray(),
            fact => fact.GetProperty("value").GetString() == "2031-01-01T00:00:00.000Z"
        );
    }

    [Fact]
    public async Task A_job_that_was_removed_says_so_and_one_that_never_was_is_not_found()
    {
        await host.DefineAsync("removed");
        (await host.Admin.DeleteAsync("/api/v1/jobs/removed")).EnsureSuccessStatusCode();

        var removed = await WhyAsync("removed");
        using var unknown = await host.Admin.GetAsync("/api/v1/jobs/never/why");
        using var wrong = await host.Admin.GetAsync("/api/v1/jobs/removed/why?at=yesterday");

        Assert.Equal("not-defined", removed.GetProperty("verdict").GetString());
        Assert.Equal((HttpStatusCode.NotFound, "job-not-found"), (unknown.StatusCode, await unknown.TypeAsync()));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-parameter"), (wrong.StatusCode, await wrong.TypeAsync()));
    }

    private async Task<JsonElement> SkippedAsync(string job, string reason)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (true)
        {
            var runs = await host.Admin.GetJsonAsync($"/api/v1/runs?job={job}&state=skipped");
            var found = runs.GetProperty("items").EnumerateArray().FirstOrDefault(run => run.GetProperty("reason").GetString() == reason);
            if (found.ValueKind is JsonValueKind.Object)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private Task<JsonElement> WhyAsync(string job, string? at = null) =>
        host.Admin.GetJsonAsync($"/api/v1/jobs/{job}/why{(at is null ? "" : $"?at={Uri.EscapeDataString(at)}")}");

    private static string Sentence(JsonElement why) => why.GetProperty("sentence").GetString()!;
}

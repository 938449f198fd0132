using System.Net;

namespace Pontual.Server.Tests.Api;

public sealed class AuditApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_change_is_told_with_who_from_where_why_and_what_was_before()
    {
        using var ana = await host.ClientWithAsync("admin");
        ana.DefaultRequestHeaders.TryAddWithoutValidation("X-Pontual-Reason", "a new address");
        await host.DefineAsync("audited");
        using (await ana.PutAsync("/api/v1/jobs/audited", ApiHost.Json("""{"name":"audited","target":{"handler":{"name":"fail"}}}""")))
        using (await ana.PostAsync("/api/v1/jobs/audited/pause", ApiHost.Json("""{"reason":"works"}""")))
        using (await ana.DeleteAsync("/api/v1/jobs/audited")) { }

        var items = (await host.Admin.GetJsonAsync("/api/v1/audit?subject=audited")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(
            ["job.removed", "job.paused", "job.updated", "job.created"],
            items.Select(entry => entry.GetProperty("action").GetString())
        );
        var update = items[2];
        Assert.Equal(
            ("a admin token", "127.0.0.1", "a new address"),
            (
                update.GetProperty("actor_name").GetString(),
                update.GetProperty("address").GetString(),
                update.GetProperty("reason").GetString()
            )
        );
        Assert.Equal(("echo", "fail"), (HandlerIn(update.GetProperty("before")), HandlerIn(update.GetProperty("after"))));
        Assert.StartsWith("token:", update.GetProperty("actor").GetString(), StringComparison.Ordinal);
        Assert.Equal("local", items[3].GetProperty("actor").GetString());

        static string? HandlerIn(System.Text.Json.JsonElement job) =>
            job.GetProperty("target").GetProperty("handler").GetProperty("name").GetString();
    }

    [Fact]
    public async Task Pages_follow_each_other_and_filters_that_are_none_are_refused()
    {
        for (var i = 0; i < 3; i++)
        {
            await host.DefineAsync($"paged{i}");
        }

        var subjects = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await host.Admin.GetJsonAsync(
                $"/api/v1/audit?action=job.created&limit=1{(cursor is null ? "" : $"&cursor={cursor}")}"
            );
            subjects.AddRange(page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("subject").GetString()));
            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);

        Assert.Equal(["paged2", "paged1", "paged0"], subjects.Where(subject => subject!.StartsWith("paged", StringComparison.Ordinal)));
        foreach (var wrong in new[] { "cursor=1", "cursor=-1-1", "cursor=999999999999999999-1", "actor=", "from=yesterday", "nope=1" })
        {
            using var answer = await host.Admin.GetAsync($"/api/v1/audit?{wrong}");
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"{wrong}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Only_administrators_read_it()
    {
        using var operating = await host.ClientWithAsync("operate");

        using var answer = await operating.GetAsync("/api/v1/audit");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}

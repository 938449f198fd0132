using System.Net;
using System.Text;

namespace Pontual.Server.Tests.Api;

public sealed class DefinitionsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Pack = """
        jobs:
          - name: from-pack
            description: Olá
            schedule: { cron: "0 9 * * *" }
            target: { handler: { name: echo } }
        """;

    [Fact]
    public async Task A_file_is_tried_applied_exported_and_pruned()
    {
        using var tried = await ApplyAsync(Pack, "?dry_run=1");
        using var before = await host.Admin.GetAsync("/api/v1/jobs/from-pack");
        using var applied = await ApplyAsync(Pack);
        using var again = await ApplyAsync(Pack);
        var export = await host.Admin.GetStringAsync("/api/v1/export");
        using var exported = await ApplyAsync(export);
        using var pruned = await ApplyAsync("jobs: []", "?prune=1");
        using var after = await host.Admin.GetAsync("/api/v1/jobs/from-pack");

        Assert.Equal(HttpStatusCode.OK, tried.StatusCode);
        var trial = await tried.JsonAsync();
        Assert.False(trial.GetProperty("applied").GetBoolean());
        Assert.Equal("create", trial.GetProperty("jobs")[0].GetProperty("change").GetString());
        Assert.Contains("+ from-pack", trial.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        Assert.True((await applied.JsonAsync()).GetProperty("applied").GetBoolean());
        Assert.Equal("unchanged", (await again.JsonAsync()).GetProperty("jobs")[0].GetProperty("change").GetString());
        Assert.Contains("- name: from-pack", export, StringComparison.Ordinal);
        Assert.False((await exported.JsonAsync()).GetProperty("applied").GetBoolean());
        Assert.Equal("remove", (await pruned.JsonAsync()).GetProperty("jobs")[0].GetProperty("change").GetString());
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_with_its_line()
    {
        const string Wrong = """
            jobs:
              - name: Bad Name
                target: { handler: { name: echo } }
              - name: good
                target: { handler: { name: echo } }
                timeout: 5
            """;

        using var answer = await ApplyAsync(Wrong);
        using var good = await host.Admin.GetAsync("/api/v1/jobs/good");

        var errors = (await answer.JsonAsync()).GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["/jobs/0/name", "/jobs/1/timeout"], errors.Select(error => error.GetProperty("path").GetString()));
        Assert.Equal([2, 6], errors.Select(error => error.GetProperty("line").GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, good.StatusCode);
    }

    private async Task<HttpResponseMessage> ApplyAsync(string text, string query = "")
    {
        using var body = new StringContent(text, Encoding.UTF8, "application/yaml");
        return await host.Admin.PostAsync($"/api/v1/apply{query}", body);
    }
}

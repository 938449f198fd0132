using System.Net;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Health;

public sealed class HealthApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Live_and_ready_are_open()
    {
        using var live = await host.Anonymous.GetAsync("/health/live");
        using var ready = await host.Anonymous.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("ok", (await ready.JsonAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_summary_is_open_and_its_details_need_a_token()
    {
        await host.DefineAsync("summed");

        var open = await host.Anonymous.GetJsonAsync("/health");
        var detailed = await host.Admin.GetJsonAsync("/health");

        Assert.Equal("sqlite", open.GetProperty("database").GetProperty("kind").GetString());
        Assert.Matches(@"\A3\.[0-9]+\.[0-9]+\z", open.GetProperty("database").GetProperty("sqlite_version").GetString());
        Assert.NotEmpty(open.GetProperty("version").GetString()!);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, open.GetProperty("jobs").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Object, detailed.GetProperty("jobs").ValueKind);
    }

    [Fact(DisplayName = "S5-05 health answers 503 when a critical job fails, and readiness does not")]
    public async Task A_failing_critical_job_is_critical()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        await own.Host.DefineAsync("vital", "fail", ""","critical":true """);
        await own.Host.EndedAsync(await own.Host.RunAsync("vital"));

        using var jobs = await own.Host.Admin.GetAsync("/health/jobs");
        using var summary = await own.Host.Anonymous.GetAsync("/health");
        using var ready = await own.Host.Anonymous.GetAsync("/health/ready");

        var told = await jobs.JsonAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, jobs.StatusCode);
        Assert.Equal("critical", told.GetProperty("status").GetString());
        Assert.Equal("failing", told.GetProperty("jobs").GetProperty("vital").GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, summary.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }
}

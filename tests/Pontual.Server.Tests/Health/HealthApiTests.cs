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
}

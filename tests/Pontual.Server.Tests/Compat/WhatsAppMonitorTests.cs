using System.Net;
using System.Text;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.Server.Tests.Access;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Compat;

/// <summary>The monitor as its document's callers call it: a database, a cron service, a browser.</summary>
public sealed class WhatsAppMonitorTests : IAsyncLifetime
{
    private const string Start = "/functions/v1/rendizy-server/whatsapp/monitor/start";
    private const string Status = "/rendizy-server/channels/whatsapp/status";

    private readonly ChannelsHost _channels = new();

    public Task InitializeAsync() => _channels.InitializeAsync();

    public Task DisposeAsync() => _channels.DisposeAsync();

    [Theory(DisplayName = "S4-03 the monitor checks every channel, reconnects what dropped, and leaves a heartbeat")]
    [InlineData("")]
    [InlineData("/rendizy-server")]
    [InlineData("/functions/v1/rendizy-server")]
    public async Task It_reconnects_what_dropped(string prefix)
    {
        _channels.Sales.Apply(new Fault(FaultKind.Drop));

        var answer = await _channels.Host.Admin.PostJsonAsync($"{prefix}/whatsapp/monitor/start", "{}");
        var heartbeat = await _channels.Turns.LatestAsync(TenantName.Default, CancellationToken.None);

        Assert.Equal("""{"success":true,"already_running":false,"checked":2,"reconnected":1}""", answer.GetRawText());
        Assert.Equal((2, 2, 1), (heartbeat!.Checks, heartbeat.Channels, heartbeat.Attempts));
        await Poll.UntilAsync(
            async () =>
            {
                await _channels.Host.Admin.PostJsonAsync($"{prefix}/whatsapp/monitor/start", "{}");
                return (await _channels.FindAsync("sales")).Status.State is SessionState.Connected;
            },
            TimeSpan.FromSeconds(20)
        );
    }

    [Fact(DisplayName = "S4-03 calling the monitor while a check goes on is harmless")]
    public async Task While_a_check_goes_on_it_does_nothing()
    {
        _channels.Sales.Apply(new Fault(FaultKind.Drop));
        var now = TimeProvider.System.GetUtcNow();
        await _channels.Turns.TryBeginAsync(TenantName.Default, "elsewhere", now, TimeSpan.FromMinutes(3), CancellationToken.None);

        var answer = await _channels.Host.Admin.PostJsonAsync(Start, "{}");

        Assert.Equal("""{"success":true,"already_running":true,"checked":0,"reconnected":0}""", answer.GetRawText());
        Assert.Null((await _channels.FindAsync("sales")).Outage);
    }

    [Fact(DisplayName = "S4-04 a page polls the status with fetch as it is in the document, and no gateway is asked")]
    public async Task A_page_polls_the_status()
    {
        using var page = await _channels.Host.BrowserAsync("page", "viewer");
        page.Show(null);
        var asked = _channels.Gateways.Commands.Count;

        // What fetch(…, { method: 'POST', body: JSON.stringify({ organization_id: 'org_default' }) }) sends.
        using var body = new StringContent("""{"organization_id":"org_default"}""", Encoding.UTF8, "text/plain");
        using var answer = await page.Http.PostAsync(Status, body);
        var status = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((true, true), (status.GetProperty("success").GetBoolean(), status.GetProperty("connected").GetBoolean()));
        Assert.Equal(
            ["sales connected", "support connected"],
            status.GetProperty("channels").EnumerateArray().Select(one => $"{one.GetProperty("id")} {one.GetProperty("status")}")
        );
        Assert.Equal(asked, _channels.Gateways.Commands.Count);
    }

    [Fact(DisplayName = "S4-04 a page of another site does not get the status")]
    public async Task Another_sites_page_is_refused()
    {
        using var page = await _channels.Host.BrowserAsync("page", "viewer");
        page.ComeFrom("https://evil.example");

        using var answer = await page.Http.PostAsync(Status, null);

        Assert.Equal("foreign-origin", await answer.TypeAsync());
    }

    [Fact(DisplayName = "S4-04 the status says so when no session works")]
    public async Task The_status_follows_the_check()
    {
        _channels.Sales.Apply(new Fault(FaultKind.Drop));
        await _channels.CheckAsync();
        var one = await _channels.Host.Admin.PostJsonAsync(Status, "{}");
        _channels.Sales.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself });
        _channels.Support.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself });
        await _channels.CheckAsync();
        var none = await _channels.Host.Admin.PostJsonAsync(Status, "{}");

        Assert.True(one.GetProperty("connected").GetBoolean());
        Assert.False(none.GetProperty("connected").GetBoolean());
    }

    [Fact(DisplayName = "S4-05 a cron service calls it with a token alone, without a body")]
    public async Task A_cron_service_calls_it()
    {
        using var service = await _channels.Host.ClientWithAsync("operate");
        using var watcher = await _channels.Host.ClientWithAsync("read");

        using var started = await service.PostAsync(Start, null);
        using var refused = await watcher.PostAsync(Start, null);
        using var nobody = await _channels.Host.Anonymous.PostAsync(Start, null);

        Assert.Equal(2, (await started.JsonAsync()).GetProperty("checked").GetInt32());
        Assert.Equal("scope-missing", await refused.TypeAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("{}", HttpStatusCode.OK)]
    [InlineData("""{"organization_id":null,"more":1}""", HttpStatusCode.OK)]
    [InlineData("""{"organization_id":"default"}""", HttpStatusCode.OK)]
    [InlineData("""{"organization_id":"shop"}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"organization_id":"ORG!"}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"organization_id":7}""", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    public async Task Only_the_callers_own_organization_is_told_of(string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8);

        using var status = await _channels.Host.Admin.PostAsync(Status, content);

        Assert.Equal(expected, status.StatusCode);
    }
}

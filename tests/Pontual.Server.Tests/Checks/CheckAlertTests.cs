using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Alerts;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Checks;

public sealed class CheckAlertTests : IAsyncLifetime
{
    private readonly ApiHost _host = new()
    {
        More = services => services.AddSingleton(new WatchOptions { Every = TimeSpan.FromMilliseconds(500) }),
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_does_not_report_is_alerted_once_and_the_alert_ends_when_it_reports()
    {
        var check = await _host.Admin.PostJsonAsync("/api/v1/checks", """{"name":"silent","schedule":{"every":"1s"},"grace":"1s"}""");

        var open = await AlertAsync("open");
        using var fixing = await _host.Admin.PutAsync(
            "/api/v1/checks/silent",
            ApiHost.Json("""{"name":"silent","schedule":{"every":"1d"}}""")
        );
        await _host.Anonymous.GetStringAsync(check.GetProperty("ping_url").GetString());
        var resolved = await AlertAsync("resolved");
        var all = await _host.Admin.GetJsonAsync("/api/v1/alerts?state=all&rule=check-late");

        Assert.Equal(("silent", "critical"), (open.GetProperty("subject").GetString(), open.GetProperty("severity").GetString()));
        Assert.StartsWith(
            "Check silent is down: its report was due at ",
            open.GetProperty("summary").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(open.GetProperty("id").GetString(), resolved.GetProperty("id").GetString());
        Assert.Single(all.GetProperty("items").EnumerateArray());
    }

    private async Task<JsonElement> AlertAsync(string state)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var alerts = await _host.Admin.GetJsonAsync($"/api/v1/alerts?state={state}&rule=check-late");
            if (alerts.GetProperty("items").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }
}

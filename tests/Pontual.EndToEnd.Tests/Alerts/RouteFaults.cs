using System.Text.Json;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>A route of alerts that takes nothing.</summary>
internal static class RouteFaults
{
    public static async Task MakeAsync(AlertFleet fleet, FaultTable table, AlertNode second, HttpClient api)
    {
        await table.AddAsync(
            "alert route down",
            "alert-route-down",
            "backup",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                fleet.Sink.Answer("route/ops", 503);
                (await second.Server.DoAsync("check", "create", "backup", "--every", "1d")).Ok();
                var check = JsonSerializer.Deserialize<JsonElement>(await api.GetStringAsync("api/v1/checks/backup"));
                using var anybody = new HttpClient();
                await anybody.GetAsync($"{check.GetProperty("ping_url").GetString()}/fail");
                return null;
            },
            async () =>
            {
                fleet.Sink.Answer("route/ops", 200);
                await Task.CompletedTask;
            }
        );
        Assert.Contains(fleet.Sink.All, told => told is { Rule: "check-failing", Route: "ops", Kind: "opened", Taken: true });
    }
}

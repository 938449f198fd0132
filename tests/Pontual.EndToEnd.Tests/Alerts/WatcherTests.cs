using System.Text.Json;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.TestKit.Web;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Who watches the watcher.</summary>
public sealed class WatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact(DisplayName = "S5-05 a server that watches says so outside, and its address stays out of the log")]
    public async Task A_heartbeat_goes_out()
    {
        await using var outside = new HostileServer();
        outside.On("/ping/s3cret-key", HostileExchange.Text("200 OK", "OK"));
        using var folder = new Folder();
        await using var server = await Served.StartAsync(
            folder.Path,
            [("PONTUAL__HEARTBEAT", "${env:BEAT}"), ("BEAT", outside.Url("/ping/s3cret-key"))]
        );

        await Wait.ForAsync("heartbeat", Patience, () => Task.FromResult(outside.Requests.IsEmpty ? null : outside));

        Assert.Single(outside.Requests);
        Assert.DoesNotContain("s3cret-key", server.Process.Written, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "After the return it is told how long nothing ran, what was missed and what became of it")]
    public async Task An_outage_is_reported()
    {
        using var folder = new Folder();
        var jobs = folder.Write(
            "jobs.yaml",
            """
            jobs:
              - name: once-a-second
                schedule: { every: 1s }
                catch-up: none
                target: { process: { command: "true" } }
            """
        );
        await using var server = await Served.StartAsync(folder.Path);
        (await server.DoAsync("apply", "-f", jobs)).Ok();
        await server.RunAsync("once-a-second", "done", Patience, run => run.GetProperty("state").GetString() == "succeeded");
        using (var api = await LocalAdministrator.OfAsync(folder.Path))
        {
            await LookedAsync(api);
        }

        await server.Process.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(32), TimeProvider.System);
        await server.KillAndRestartAsync();
        using var after = await LocalAdministrator.OfAsync(folder.Path);
        var alert = (JsonElement)
            await Wait.ForAsync<object>(
                "report of the outage",
                Patience,
                async () =>
                {
                    var page = JsonSerializer.Deserialize<JsonElement>(await after.GetStringAsync("api/v1/alerts?state=all&rule=outage"));
                    var found = page.GetProperty("items");
                    return
                        found.GetArrayLength() > 0
                        // What was owed is planned in several steps, and may have been counted in the middle.
                        && found[0].GetProperty("summary").GetString()!.Contains("due times passed", StringComparison.Ordinal)
                        ? found[0]
                        : null;
                },
                () => server.Process.Written
            );

        var summary = alert.GetProperty("summary").GetString()!;
        Assert.Matches(
            @"Nothing watched or ran for \d+ s, from .* to .*\. \d+ due times passed meanwhile: \d+ made up for, \d+ skipped",
            summary
        );
    }

    private static Task LookedAsync(HttpClient api) =>
        Wait.ForAsync<object>(
            "look",
            Patience,
            async () =>
                JsonSerializer.Deserialize<JsonElement>(await api.GetStringAsync("health/score")).GetProperty("looked_at").ValueKind
                is JsonValueKind.String
                    ? api
                    : null
        );
}

using System.Globalization;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary><c>pontual serve</c> as a process, on a port that stays, with the gateways and the check as a pack; and what its public API tells.</summary>
internal sealed class Office(string folder, Simulator simulator, string? postgres) : IAsyncDisposable
{
    /// <summary>From one check to the next.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>How long a session may hang on its way since a step of ours, as the pack says.</summary>
    public static readonly TimeSpan HangsAfterStep = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(40);

    private readonly int _port = Simulator.FreePort();
    private PontualProcess? _process;
    private HttpClient? _api;

    public string Written => _process!.Written;

    public async Task StartAsync()
    {
        var pack = Path.Combine(folder, "fleet.yaml");
        await File.WriteAllTextAsync(pack, Pack());
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");
        (string, string)[] keys =
        [
            .. Enum.GetValues<GatewayKind>().Select(kind => ($"KEY_{(int)kind}", SimulatedGateway.KeyOf(kind))),
            .. postgres is null ? Array.Empty<(string, string)>() : [("PONTUAL__POSTGRES", postgres)],
        ];
        _process = PontualProcess.Start(folder, ["serve", "--urls", url, "--pack", pack], keys);
        await Wait.ForTextAsync(_process, "Pontual answers on", StartTime);
        _api?.Dispose();
        _api = await LocalAdministrator.OfAsync(folder);
    }

    /// <summary>kill -9, and start again on what is left.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Where the webhooks of a gateway come in.</summary>
    public async Task<string> DoorOfAsync(GatewayKind kind) =>
        (await GetAsync($"gateways/{kind.Word()}")).GetProperty("webhook_url").GetString()!;

    /// <summary>The last check: how many there were, when it began, and whether it goes on.</summary>
    public async Task<(long Checks, DateTimeOffset? Began, bool GoesOn)> CheckAsync()
    {
        var check = await GetAsync("session-check");
        var began = check.GetProperty("started_at");
        return (
            check.GetProperty("checks").GetInt64(),
            began.ValueKind is JsonValueKind.Null ? null : began.GetDateTimeOffset(),
            check.GetProperty("is_running").GetBoolean()
        );
    }

    /// <summary>How each channel is judged, by gateway and session.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> ChannelsAsync() =>
        (await ItemsAsync("channels?limit=500")).ToDictionary(channel =>
            $"{channel.GetProperty("gateway").GetString()}/{channel.GetProperty("external_id").GetString()}"
        );

    /// <summary>The outages of a channel, each with what was tried in it.</summary>
    public async Task<IReadOnlyList<(JsonElement Outage, IReadOnlyList<JsonElement> Attempts)>> OutagesAsync(string channel)
    {
        var all = new List<(JsonElement, IReadOnlyList<JsonElement>)>();
        foreach (var outage in await ItemsAsync($"channels/{channel}/outages?limit=100"))
        {
            all.Add((outage, await ItemsAsync($"channels/{channel}/outages/{outage.GetProperty("id").GetString()}/attempts")));
        }

        return all;
    }

    /// <summary>All alerts there were.</summary>
    public Task<IReadOnlyList<JsonElement>> AlertsAsync() => ItemsAsync("alerts?state=all&limit=500");

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<JsonElement>> ItemsAsync(string path) =>
        [.. (await GetAsync(path)).GetProperty("items").EnumerateArray()];

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _api!.GetAsync(new Uri($"api/v1/{path}", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} → {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>All spans of the usual rules are shorter, as the period is: what takes hours in a day takes minutes here.</summary>
    private string Pack() =>
        $$"""
            pack: { name: fleet }
            gateways:
            {{string.Join('\n', Enum.GetValues<GatewayKind>().Select(Gateway))}}
            jobs:
              - name: check
                schedule: { cron: "*/30 * * * * *" }
                timeout: 2m
                overlap: skip
                catch-up: none
                target:
                  handler:
                    name: check-sessions
                    args:
                      rules:
                        silence: 90s
                        unacknowledged: 60s
                        unheard: 20s
                        stuck-connecting: 60s
                        hangs-after-step: 50s
                        unasked: 20s
                        loop-calm: 10s
                        first-wait: 5s
                        longest-wait: 30s
                        after-asking: 3m
                        relapse: 40s
                        probe-every: 25s
                        webhook-look: 25s
                        attempts-per-minute: 20
            """;

    private string Gateway(GatewayKind kind) =>
        $$"""  - { name: {{kind.Word()}}, kind: {{kind.Word()}}, url: "{{simulator.UrlOf(kind)}}", secret: "${env:KEY_{{(int)kind}}}"{{(kind is GatewayKind.CloudApi ? $", account: \"{SimulatedGateway.CloudAccount}\"" : "")}} }""";
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Composition;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Bench.Cases;

/// <summary>The state of the connections as open pages poll it (S4-04), of a server that looks after fifty sessions meanwhile.</summary>
internal sealed class StatusCase : ICase
{
    private const int Sessions = 50;
    private const int AtOnce = 16;
    private const string KeyVariable = "PONTUAL_BENCH_GATEWAY_KEY";

    public string Name => "status";

    public string Summary =>
        $"POST …/channels/whatsapp/status of {Sessions} sessions, {AtOnce} callers, while they are checked every 30 s; beside the server's own GET /health/live";

    public IReadOnlyList<string> Aims => ["10,000 open pages that ask every 30 s: 333/s, so 1,000/s"];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("pontual-status-").FullName;
        try
        {
            await using var gateway = await StartGatewayAsync();
            var pack = Path.Combine(folder, "pack.yaml");
            await File.WriteAllTextAsync(pack, PackOf(gateway));
            var (data, settings) = (Path.Combine(folder, "data"), Path.Combine(folder, "pontual.yaml"));
            // All pages have the same token here: of one caller no server takes so much.
            await File.WriteAllTextAsync(settings, "server: { rate-limit: off }\n");
            await using var serve = ServeProcess.Start(data, pack, settings);
            using var client = await ClientAsync(serve, data);
            await serve.UntilAsync(async () => await KnownAsync(client) == Sessions);
            var calls = options.Of(20_000, 10_000, 500);
            await MeasureAsync(client, calls / 10, Ask);
            var bare = await MeasureAsync(client, calls, () => new HttpRequestMessage(HttpMethod.Get, "health/live"));
            var ours = await MeasureAsync(client, calls, Ask);
            return
            [
                new Figure("answers", ours.PerSecond, "/s", "/health/live", bare.PerSecond) { Aim = "1,000" },
                new Figure("p50", Samples.Percentile(ours.Waits, 0.5), "ms", "/health/live", Samples.Percentile(bare.Waits, 0.5)),
                new Figure("p99", Samples.Percentile(ours.Waits, 0.99), "ms", "/health/live", Samples.Percentile(bare.Waits, 0.99)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SimulatedGateway> StartGatewayAsync()
    {
        var gateway = await SimulatedGateway.StartAsync(new SimulationOptions { Time = TimeProvider.System }, CancellationToken.None);
        for (var number = 0; number < Sessions; number++)
        {
            gateway.Add(GatewayKind.Evolution, $"session-{number}", $"55119000000{number:00}");
        }

        Environment.SetEnvironmentVariable(KeyVariable, SimulatedGateway.KeyOf(GatewayKind.Evolution));
        return gateway;
    }

    private static string PackOf(SimulatedGateway gateway) =>
        $$"""
            gateways:
              - { name: bench, kind: evolution, url: "{{gateway.UrlOf(GatewayKind.Evolution)}}", secret: "${env:{{KeyVariable}}}" }
            jobs:
              - name: check-sessions
                schedule: { cron: "*/30 * * * * *" }
                target: { handler: { name: check-sessions } }
                overlap: skip
            """;

    private static async Task<HttpClient> ClientAsync(ServeProcess serve, string data)
    {
        DiscoveryFile? found = null;
        await serve.UntilAsync(() => Task.FromResult((found = DiscoveryFile.Read(data)) is not null));
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce }) { BaseAddress = found!.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", found.Token);
        return client;
    }

    private static HttpRequestMessage Ask() =>
        new(HttpMethod.Post, "channels/whatsapp/status")
        {
            Content = new StringContent("""{"organization_id":"org_default"}""", Encoding.UTF8, "application/json"),
        };

    private static async Task<int> KnownAsync(HttpClient client)
    {
        using var answer = await client.SendAsync(Ask());
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("channels").GetArrayLength()
            : 0;
    }

    private static async Task<(double PerSecond, IReadOnlyCollection<double> Waits)> MeasureAsync(
        HttpClient client,
        int calls,
        Func<HttpRequestMessage> ask
    )
    {
        var waits = new double[calls];
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CallAsync()));
        return (calls / clock.Elapsed.TotalSeconds, waits);

        async Task CallAsync()
        {
            await Task.Yield();
            while (Interlocked.Increment(ref next) is var number && number < calls)
            {
                var begun = Stopwatch.GetTimestamp();
                using var request = ask();
                using var answer = await client.SendAsync(request);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
                waits[number] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
        }
    }
}

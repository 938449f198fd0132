using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Metrics;

/// <summary>A real Prometheus (Debian's package) with our rules, that scrapes one server each second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pontual-prometheus-");
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Task<string> _errors;

    private PrometheusServer(ApiHost host)
    {
        var rules = Path.Combine(_folder.FullName, "rules.yml");
        File.Copy(Repository.Path("deploy/prometheus/pontual.rules.yml"), rules);
        File.WriteAllText(Path.Combine(_folder.FullName, "token"), host.Admin.DefaultRequestHeaders.Authorization!.Parameter);
        var settings = Path.Combine(_folder.FullName, "prometheus.yml");
        File.WriteAllText(
            settings,
            $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [ "{{rules}}" ]
            scrape_configs:
              - job_name: pontual
                authorization: { credentials_file: "{{Path.Combine(_folder.FullName, "token")}}" }
                static_configs: [ { targets: [ "{{host.Url.Authority}}" ] } ]
            """
        );
        var port = FreePort();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = Start(
            "prometheus",
            $"--config.file={settings}",
            $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port}"
        );
        _process.StandardInput.Close();
        _ = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public static PrometheusServer Scrape(ApiHost host) => new(host);

    /// <summary>Hands a text to promtool.</summary>
    /// <returns>All that it had to say; empty when it has nothing to complain of.</returns>
    public static async Task<string> CheckMetricsAsync(string metrics)
    {
        using var tool = Start("promtool", "check", "metrics");
        await tool.StandardInput.WriteAsync(metrics);
        tool.StandardInput.Close();
        var said = await Task.WhenAll(tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
        await tool.WaitForExitAsync();
        return string.Concat(said) + (tool.ExitCode == 0 ? "" : $"exit code {tool.ExitCode}");
    }

    /// <summary>Waits until a query answers with something.</summary>
    public async Task<JsonElement> QueryAsync(string query)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            if (
                await TryGetAsync($"api/v1/query?query={Uri.EscapeDataString(query)}") is { } data
                && data.GetProperty("result").GetArrayLength() > 0
            )
            {
                return data.GetProperty("result");
            }

            Assert.False(_process.HasExited, _process.HasExited ? await _errors : "");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>What it says of its rules.</summary>
    public async Task<IReadOnlyList<JsonElement>> RulesAsync() =>
        [
            .. (await TryGetAsync("api/v1/rules"))!
                .Value.GetProperty("groups")
                .EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray()),
        ];

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<JsonElement?> TryGetAsync(string path)
    {
        try
        {
            return (await _client.GetJsonAsync(path)).GetProperty("data");
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException)
        {
            return null; // It starts.
        }
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    // It does not tell which port it took: it must be told one.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

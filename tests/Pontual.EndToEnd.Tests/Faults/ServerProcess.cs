using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>A real <c>pontual serve</c> on a data folder, found through its discovery file.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, HttpClient client) => (_process, Client) = (process, client);

    /// <summary>Talks to the server as its local administrator.</summary>
    public HttpClient Client { get; }

    public static async Task<ServerProcess> StartAsync(string dataFolder, TimeProvider time, CancellationToken cancellation)
    {
        var discovery = Path.Combine(dataFolder, "server.json");
        File.Delete(discovery);
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "pontual.dll"),
                "serve",
                "--data",
                dataFolder,
                "--urls",
                "http://127.0.0.1:0",
            },
        };
        var process = Process.Start(start)!;
        var said = new List<string>();
        process.OutputDataReceived += (_, line) => Note(said, line.Data);
        process.ErrorDataReceived += (_, line) => Note(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var client = await FindAsync(discovery, process, said, time, cancellation);
        return new ServerProcess(process, client);
    }

    public void Kill() => _process.Kill(entireProcessTree: false);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static void Note(List<string> said, string? line)
    {
        lock (said)
        {
            if (line is not null && said.Count < 200)
            {
                said.Add(line);
            }
        }
    }

    private static async Task<HttpClient> FindAsync(
        string discovery,
        Process process,
        List<string> said,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        while (!process.HasExited)
        {
            try
            {
                using var json = JsonDocument.Parse(await File.ReadAllTextAsync(discovery, either.Token));
                var client = new HttpClient { BaseAddress = new Uri(json.RootElement.GetProperty("url").GetString()!.TrimEnd('/') + "/") };
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                    "Bearer",
                    json.RootElement.GetProperty("token").GetString()
                );
                using var ready = await client.GetAsync("health/ready", either.Token);
                if (ready.IsSuccessStatusCode)
                {
                    return client;
                }
            }
            catch (Exception notYet) when (notYet is IOException or JsonException or HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, either.Token);
            }
        }

        lock (said)
        {
            throw new InvalidOperationException($"The server ended with {process.ExitCode}:\n{string.Join('\n', said)}");
        }
    }
}

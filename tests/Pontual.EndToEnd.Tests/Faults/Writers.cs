using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Pontual.TestKit.Checking;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>A client that goes on writing while faults are made: enqueues, changes definitions, pauses and resumes; and notes what came of each call.</summary>
internal sealed class Writers(IReadOnlyList<FleetNode> nodes, Workload workload, Journal journal, int seed) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Random _random = new(seed);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly HttpClient _client = Client();
    private readonly List<Task> _loops = [];
    private readonly Dictionary<string, bool> _paused = [];
    private int _value;

    /// <summary>One that may do everything, and does not wait for ever.</summary>
    public static HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) })
        {
            Timeout = Patience,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", FleetNode.AdminToken);
        return client;
    }

    public void Start()
    {
        Repeat(TimeSpan.FromMilliseconds(120), EnqueueAsync);
        Repeat(TimeSpan.FromMilliseconds(400), ChangeAsync);
        Repeat(TimeSpan.FromMilliseconds(1_500), PauseAsync);
    }

    /// <summary>Ends the calls; the last ones are waited for.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private void Repeat(TimeSpan pause, Func<Task> call) =>
        _loops.Add(
            Task.Run(async () =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    await call();
                    await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            })
        );

    private Task EnqueueAsync() =>
        CallAsync("run", Pick(Workload.Enqueued), value: null, HttpMethod.Post, job => ($"jobs/{job}/run", "{}"), IdIn);

    private Task ChangeAsync()
    {
        var value = $"v{Interlocked.Increment(ref _value).ToString(CultureInfo.InvariantCulture)}";
        return CallAsync(
            "put",
            Pick(Workload.Written),
            value,
            HttpMethod.Put,
            job => ($"jobs/{job}", workload.Register(job, value).ToJsonString()),
            _ => value
        );
    }

    private Task PauseAsync()
    {
        var job = Pick(Workload.Paused);
        var kind = (_paused[job] = !_paused.GetValueOrDefault(job)) ? "pause" : "resume";
        return CallAsync(kind, job, value: null, HttpMethod.Post, name => ($"jobs/{name}/{kind}", ""), _ => null);
    }

    private async Task CallAsync(
        string kind,
        string job,
        string? value,
        HttpMethod method,
        Func<string, (string Path, string Body)> request,
        Func<string, string?> read
    )
    {
        var (path, body) = request(job);
        var up = nodes.Select(node => node.Url).OfType<Uri>().ToList();
        if (up.Count == 0)
        {
            return;
        }

        using var message = new HttpRequestMessage(method, new Uri(Pick(up), $"api/v1/{path}"));
        if (body.Length > 0)
        {
            message.Content = new StringContent(body, Encoding.UTF8, Json);
        }

        var invoked = _time.GetUtcNow();
        var (end, said) = await SendAsync(message);
        journal.Add(new ClientCall(kind, job, end is CallEnd.Ok ? read(said) : value, invoked, _time.GetUtcNow(), end));
    }

    private async Task<(CallEnd End, string Said)> SendAsync(HttpRequestMessage message)
    {
        try
        {
            using var answer = await _client.SendAsync(message);
            var said = await answer.Content.ReadAsStringAsync();
            return (
                (int)answer.StatusCode switch
                {
                    < 300 => CallEnd.Ok,
                    < 500 => CallEnd.Failed,
                    _ => CallEnd.Unknown,
                },
                said
            );
        }
        catch (HttpRequestException refused)
            when (refused.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return (CallEnd.Failed, "");
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException)
        {
            return (CallEnd.Unknown, "");
        }
    }

    private static string IdIn(string said)
    {
        using var json = JsonDocument.Parse(said);
        return json.RootElement.GetProperty("run_id").GetGuid().ToString();
    }

    private T Pick<T>(IReadOnlyList<T> from)
    {
        lock (_random)
        {
            return from[_random.Next(from.Count)];
        }
    }
}

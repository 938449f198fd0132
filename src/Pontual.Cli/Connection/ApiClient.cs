using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Commands;

namespace Pontual.Cli.Connection;

/// <summary>Speaks to a server over its API. What goes wrong becomes a <see cref="CommandFailure"/> with the exit code that fits.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpClient _http;

    public ApiClient(Uri server, string? token, string? tenant, string? why = null)
    {
        Server = server;
        Token = token;
        var sockets = new SocketsHttpHandler
        {
            UseProxy = !server.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        _http = new HttpClient(sockets) { BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Patience };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (!string.IsNullOrEmpty(tenant))
        {
            _http.DefaultRequestHeaders.Add("X-Pontual-Tenant", tenant);
        }

        if (!string.IsNullOrWhiteSpace(why))
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Pontual-Reason", why.ReplaceLineEndings(" "));
        }
    }

    /// <summary>Where it speaks to.</summary>
    public Uri Server { get; }

    /// <summary>What it is let in by; null for nothing.</summary>
    public string? Token { get; }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    public Task<JsonElement> PostAsync(string path, JsonNode? body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, body, cancellation);

    /// <summary>Sends a request and reads the answer.</summary>
    /// <param name="method">GET, POST, PUT or DELETE.</param>
    /// <param name="path">Relative: <c>api/v1/jobs</c>.</param>
    /// <param name="body">JSON to send; null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <param name="ifMatch">The revision that must still stand, as the server gave it; null for any.</param>
    /// <returns>The JSON it answered; an empty object when it answered nothing.</returns>
    public async Task<JsonElement> SendAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellation,
        string? ifMatch = null
    )
    {
        using var request = Request(method, path, body);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await AnswerAsync(request, cancellation);
        return await ReadAsync(answer, cancellation);
    }

    /// <summary>Sends a document of definitions; what is wrong in it is told by the names people know.</summary>
    public async Task<JsonElement> ApplyAsync(string path, Definitions definitions, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(definitions.Text, Encoding.UTF8, definitions.Type),
        };
        using var answer = await AnswerAsync(request, cancellation, problem => ProblemLine.Of(problem, definitions));
        return await ReadAsync(answer, cancellation);
    }

    /// <summary>Sends a request whose answer is text of another kind than JSON.</summary>
    public async Task<string> PostForTextAsync(string path, JsonNode body, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Post, path, body);
        using var answer = await AnswerAsync(request, cancellation);
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Reads text as the server sends it: documents and output.</summary>
    public async Task<byte[]> DownloadAsync(string path, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, path, null);
        using var answer = await AnswerAsync(request, cancellation);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>The answer of a GET whatever its status, for health: its body and its status.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ProbeAsync(string path, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, path, null);
        using var answer = await SendAsync(request, cancellation);
        return (answer.StatusCode, await ReadAsync(answer, cancellation));
    }

    /// <summary>The answer with its headers, its body still unread.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, path, null);
        return await AnswerAsync(request, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(HttpMethod method, string path, JsonNode? body) =>
        new(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private async Task<HttpResponseMessage> AnswerAsync(
        HttpRequestMessage request,
        CancellationToken cancellation,
        Func<JsonElement, string>? line = null
    )
    {
        var answer = await SendAsync(request, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw ApiProblem.Of(
                answer.StatusCode,
                await answer.Content.ReadAsStringAsync(cancellation),
                Server,
                line ?? (problem => ProblemLine.Of(problem))
            );
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException failure)
        {
            throw Unreachable(failure.InnerException?.Message ?? failure.Message);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
        try
        {
            using var json = JsonDocument.Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Unreachable("what answers there does not speak Pontual's API");
        }
    }

    private CommandFailure Unreachable(string reason) => new(ExitCode.Unreachable, $"cannot reach the server at {Server}: {reason}");
}

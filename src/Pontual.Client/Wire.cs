using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>Sends requests and reads answers.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Uri _server;
    private readonly PontualClientOptions _options;
    private readonly HttpClient _http;

    public Wire(Uri server, PontualClientOptions options)
    {
        _server = new Uri(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        _options = options;
        _http = options.Http ?? Own();
    }

    /// <summary>What changes of a session must show; null without a session.</summary>
    public string? Antiforgery { get; set; }

    /// <summary>How the API writes JSON.</summary>
    public static JsonSerializerOptions Json { get; } =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Sends a request that is answered without a body.</summary>
    public async Task SendAsync(Call call, CancellationToken cancellation)
    {
        using var answer = await OpenAsync(call, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a request and reads the JSON it is answered with.</summary>
    public async Task<T> SendAsync<T>(Call call, CancellationToken cancellation)
    {
        using var answer = await OpenAsync(call, cancellation).ConfigureAwait(false);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException broken)
        {
            throw new HttpRequestException(
                $"What answers at {_server} does not speak Pontual's API: {broken.Message}",
                broken,
                answer.StatusCode
            );
        }
    }

    /// <summary>Sends a request and reads the text it is answered with.</summary>
    public async Task<string> ReadTextAsync(Call call, CancellationToken cancellation)
    {
        using var answer = await OpenAsync(call, cancellation).ConfigureAwait(false);
        return await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The answer as soon as its headers are there; its body is still to be read.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Call call, CancellationToken cancellation)
    {
        using var request = ToRequest(call);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode || (call.TakesUnavailable && IsUnavailable(answer)))
        {
            return answer;
        }

        using (answer)
        {
            throw await ProblemException.OfAsync(answer, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_options.Http is null)
        {
            _http.Dispose();
        }
    }

    private static bool IsUnavailable(HttpResponseMessage answer) =>
        answer is { StatusCode: HttpStatusCode.ServiceUnavailable, Content.Headers.ContentType.MediaType: "application/json" };

    private static HttpClient Own() =>
        new(new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 }, disposeHandler: true);

    private HttpRequestMessage ToRequest(Call call)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(_server, call.Target()));
        var headers = request.Headers;
        headers.Accept.Add(new MediaTypeWithQualityHeaderValue(call.Accept));
        Add("Authorization", _options.Token is { } token ? $"Bearer {token}" : null);
        Add("X-Pontual-Tenant", _options.Tenant);
        Add("X-Pontual-Reason", call.Method == HttpMethod.Get ? null : _options.Reason?.ReplaceLineEndings(" "));
        Add("X-Pontual-Callback-Token", call.CallbackToken);
        if (Antiforgery is not null && call.Method != HttpMethod.Get)
        {
            // A session's changes must come from a page of the server.
            Add("X-Pontual-Antiforgery", Antiforgery);
            Add("Origin", _server.GetLeftPart(UriPartial.Authority));
        }

        Add("Idempotency-Key", call.IdempotencyKey);
        Add("If-Match", call.IfMatch);
        request.Content =
            call.Document is { } document ? new StringContent(document.Text, Encoding.UTF8, document.Type)
            : call.Body is { } body ? new StringContent(JsonSerializer.Serialize(body, Json), Encoding.UTF8, "application/json")
            : null;
        return request;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}

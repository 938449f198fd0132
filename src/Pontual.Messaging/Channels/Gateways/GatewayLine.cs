using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Circuits;
using Pontual.Engine.Executing;
using Pontual.Runners.Http;

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>The way to one gateway: a request and its answer, through its circuit and rate, with an end in time and plain words for what goes wrong.</summary>
/// <remarks>An answer of any status comes back, but for 429: what it means is for the connector to say, because gateways answer errors with 200 and successes
/// with errors. A 500 says nothing about the gateway itself (Evolution answers so for one session that is not connected); 502, 503 and 504 do.</remarks>
public sealed class GatewayLine
{
    private const int LargestAnswer = 16 << 20;
    private const int LongestLookedThrough = 8 << 10;
    private const int LongestQuote = 200;

    private readonly GuardedHttp _http;
    private readonly ICircuits _circuits;
    private readonly CircuitKey _circuit;
    private readonly string _node;
    private readonly TimeProvider _time;

    /// <param name="address">Where it is.</param>
    /// <param name="http">Calls it.</param>
    /// <param name="circuits">Knows whether it may be called.</param>
    /// <param name="circuit">Under which name.</param>
    /// <param name="node">The node that calls.</param>
    /// <param name="time">The clock that patience goes by.</param>
    public GatewayLine(GatewayAddress address, GuardedHttp http, ICircuits circuits, CircuitKey circuit, string node, TimeProvider time)
    {
        Address = address;
        (_http, _circuits, _circuit, _node, _time) = (http, circuits, circuit, node, time);
    }

    /// <summary>Where it is.</summary>
    public GatewayAddress Address { get; }

    /// <summary>Asks the gateway.</summary>
    /// <exception cref="GatewayException">There is no answer, or it is 429, or it was not asked.</exception>
    public async Task<GatewayAnswer> SendAsync(GatewayCall call, CancellationToken cancellation)
    {
        var url = new Uri(Address.Url.ToString().TrimEnd('/') + call.Path);
        try
        {
            var answer = await _circuits.RunAsync(_circuit, _node, token => AskAsync(url, call, token), Judge, cancellation);
            return answer.Status == 429
                ? throw new GatewayException(GatewayFault.TooMany, $"{url.Authority} answered 429: too many requests")
                {
                    Status = 429,
                    Wait = answer.Wait,
                }
                : answer;
        }
        catch (OutsideRefusedException refused)
        {
            throw new GatewayException(GatewayFault.HeldBack, refused.Message) { Wait = refused.Refusal.Wait };
        }
        finally
        {
            call.Content?.Dispose();
        }
    }

    /// <summary>The beginning of what a gateway answered, for messages. Some echo the request: what we let ourselves in with is covered, in all its forms.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="secrets">Others that may be in it, beside those of the address: a session's own key, a token. Null for none.</param>
    public string Quote(GatewayAnswer answer, params ReadOnlySpan<string?> secrets)
    {
        // Covered before it is cut, so that no half of a secret is left at the end.
        var text = Mask(
            System.Text.Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, LongestLookedThrough)]),
            [.. answer.Covered, .. secrets]
        );
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestQuote ? line : line[..LongestQuote] + "…";
    }

    /// <summary>A text from a gateway with what we let ourselves in with covered, in all its forms.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secrets">Others that may be in it, beside those of the address. Null for none.</param>
    public string Mask(string text, params ReadOnlySpan<string?> secrets)
    {
        var known = new ResolvedSecrets(new Secrets(_ => null));
        foreach (var secret in (ReadOnlySpan<string?>)[Address.Secret, Address.WebhookSecret, .. secrets])
        {
            if (!string.IsNullOrEmpty(secret))
            {
                known.Remember(secret);
            }
        }

        return known.Mask(text);
    }

    private static CallEnd Judge(GatewayAnswer answer) =>
        answer.Status is 429 ? CallEnd.TooMany(answer.Wait)
        : answer.Status is 502 or 503 or 504 ? CallEnd.Failed($"it answered {answer.Status}")
        : CallEnd.Answered;

    private async Task<GatewayAnswer> AskAsync(Uri url, GatewayCall call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(call.Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var request = Request(url, call);
        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            var wait = RetryAfterOf(answer);
            await answer.Content.LoadIntoBufferAsync(LargestAnswer, either.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(either.Token);
            return new GatewayAnswer((int)answer.StatusCode, body, answer.Content.Headers.ContentType?.MediaType, wait)
            {
                // A scheme such as Bearer is no part of the secret.
                Covered = [.. call.Secrets, .. call.Headers.Select(header => header.Value[(header.Value.IndexOf(' ') + 1)..])],
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new GatewayException(
                GatewayFault.TimedOut,
                $"{url.Authority} did not answer within {call.Patience.TotalSeconds:0} s: is it the right address and port, and does the gateway run?"
            )
            {
                MayHaveHappened = true,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            throw Told(failure, url);
        }
    }

    private static HttpRequestMessage Request(Uri url, GatewayCall call)
    {
        var request = new HttpRequestMessage(call.Method, url) { Content = call.Content };
        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.Json is { } json)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(json))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        return request;
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
            _ => null,
        };

    /// <summary>What was never connected cannot have happened; what broke later may have.</summary>
    private static GatewayException Told(Exception failure, Uri url)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return new GatewayException(
                        GatewayFault.Tls,
                        $"TLS with {url.Authority} failed: {cause.Message} Is it http where https is written, or a certificate that is not trusted?"
                    );
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new GatewayException(GatewayFault.UnknownHost, $"DNS knows no host {url.IdnHost}: is the name right?");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new GatewayException(
                        GatewayFault.Refused,
                        $"{url.Authority} refuses the connection: nothing listens on port {url.Port}. Is the port right, and does the gateway run?"
                    );
                case SocketException
                {
                    SocketErrorCode: SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable
                }:
                    return new GatewayException(GatewayFault.TimedOut, $"no connection to {url.Authority}: is a firewall between?");
            }
        }

        if (failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
        {
            return new GatewayException(GatewayFault.Refused, $"no connection to {url.Authority}: {failure.GetBaseException().Message}");
        }

        return new GatewayException(GatewayFault.Broken, $"the connection to {url.Authority} broke before the answer was complete")
        {
            MayHaveHappened = true,
        };
    }
}

/// <summary>A request to a gateway.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Path and query behind the gateway's address; parts that come from outside are escaped.</param>
public sealed record GatewayCall(HttpMethod Method, string Path)
{
    /// <summary>How long a gateway may take to answer.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(20);

    /// <summary>Headers beside those of the content.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>A JSON body; null for none.</summary>
    public JsonNode? Json { get; init; }

    /// <summary>Another body; null for none.</summary>
    public HttpContent? Content { get; init; }

    /// <summary>How long it may take.</summary>
    public TimeSpan Patience { get; init; } = UsualPatience;

    /// <summary>What in it nobody else may see, beside the gateway's own keys and the values of <see cref="Headers"/>.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The method alone: some gateways want their key in the path.</summary>
    public override string ToString() => Method.Method;
}

/// <summary>What a gateway answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The bytes.</param>
/// <param name="MediaType">Their type; null when it is not told.</param>
/// <param name="Wait">What Retry-After asks for; null for nothing.</param>
public sealed record GatewayAnswer(int Status, ReadOnlyMemory<byte> Body, string? MediaType, TimeSpan? Wait)
{
    /// <summary>What was in the request and may come back in the answer, to be covered in whatever is told of it.</summary>
    internal IReadOnlyList<string> Covered { get; init; } = [];

    /// <summary>Whether the status says success. What the gateway means may be another thing.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body as JSON; null when it is none (a proxy's page, an HTML error).</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                return JsonElement.Parse(Body.Span);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Without the body, which may hold anything.</summary>
    public override string ToString() => $"{Status} {MediaType}";
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>Calls to a WPPConnect-Server with the token of the session. Thread-safe.</summary>
internal sealed class WppConnectWire(GatewayLine line)
{
    private readonly ConcurrentDictionary<string, string> _tokens = new(StringComparer.Ordinal);

    /// <summary>The names of all sessions that the server has ever had.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellation)
    {
        var answer = await line.SendAsync(
            new GatewayCall(HttpMethod.Get, $"/api/{Escape(line.Address.Secret)}/show-all-sessions"),
            cancellation
        );
        if (answer.Status is 400 && answer.Json is { ValueKind: JsonValueKind.Object })
        {
            throw WrongSecret(answer);
        }

        if (!answer.IsSuccess || answer.Json?.Get("response") is not { ValueKind: JsonValueKind.Array } names)
        {
            throw Unexpected(answer, "show-all-sessions");
        }

        // Older versions list objects.
        return [.. names.EnumerateArray().Select(name => name.Text() ?? name.Text("session")).OfType<string>().Distinct()];
    }

    /// <summary>Gets the token of a session, if it is not known yet.</summary>
    public Task SignInAsync(SessionRef session, CancellationToken cancellation) => TokenAsync(session, cancellation);

    /// <summary>Calls a route of a session. A token that is refused is made anew once: a 401 comes before anything is done.</summary>
    public async Task<GatewayAnswer> SendAsync(
        SessionRef session,
        HttpMethod method,
        string route,
        JsonObject? body,
        CancellationToken cancellation,
        TimeSpan? patience = null,
        WebhookWish? told = null
    )
    {
        for (var isSecond = false; ; isSecond = true)
        {
            var token = await TokenAsync(session, cancellation);
            var answer = await line.SendAsync(
                new GatewayCall(method, $"/api/{Escape(session.Id)}/{route}")
                {
                    Headers = [("Authorization", $"Bearer {token}")],
                    Json = body,
                    Patience = patience ?? GatewayCall.UsualPatience,
                    Secrets = told?.Secrets ?? [],
                },
                cancellation
            );
            if (!IsRefused(answer))
            {
                return answer;
            }

            _tokens.TryRemove(KeyValuePair.Create(session.Id, token));
            if (isSecond || session.Secret is not null)
            {
                throw new GatewayException(
                    GatewayFault.Unauthorized,
                    $"{Place} refuses the token of session '{session}' (401): {Quote(session, answer)}. Is the server's secret key right?"
                )
                {
                    Status = 401,
                };
            }
        }
    }

    /// <summary>The same, for routes where 404 says that the session is not connected. Nothing was done then.</summary>
    public async Task<GatewayAnswer> SendToLiveAsync(
        SessionRef session,
        HttpMethod method,
        string route,
        JsonObject? body,
        CancellationToken cancellation,
        TimeSpan? patience = null
    )
    {
        var answer = await SendAsync(session, method, route, body, cancellation, patience);
        return answer.Status is 404 && answer.Json?.Text("status") is "Disconnected"
            ? throw new GatewayException(GatewayFault.NotReady, $"session '{session}' is not connected ({Place} answered 404 Disconnected)")
            {
                Status = 404,
            }
            : answer;
    }

    /// <summary>An answer that is none of those that this server gives.</summary>
    public GatewayException Unexpected(GatewayAnswer answer, string route, SessionRef session = default)
    {
        var (fault, hint) = answer switch
        {
            { Status: 404, Json: null } => (
                GatewayFault.NotFound,
                "it knows no such route: is it a WPPConnect-Server, at the right address?"
            ),
            { Json: null } => (GatewayFault.BadAnswer, "that is no JSON: is it the right address and port, or a proxy's page?"),
            { IsSuccess: true, Json: { } json } when IsError(json) => (GatewayFault.Failed, "it says that it failed"),
            { IsSuccess: true } => (GatewayFault.BadAnswer, "that is not what WPPConnect-Server 2 answers"),
            _ => (GatewayFault.Failed, "it says that it failed"),
        };
        return new GatewayException(fault, $"{Place} answered {answer.Status} to {route}: {hint} ({Quote(session, answer)})")
        {
            Status = answer.Status,
            MayHaveHappened = answer.Status >= 500,
        };
    }

    /// <summary>Whether an answer of whatever status says that it failed: its errors have that word where others have a state.</summary>
    public static bool IsError(JsonElement json) => string.Equals(json.Text("status"), "error", StringComparison.OrdinalIgnoreCase);

    /// <summary>The beginning of an answer, without the key and the token.</summary>
    public string Quote(SessionRef session, GatewayAnswer answer) =>
        line.Quote(answer, session.Secret, session.Id is null ? null : _tokens.GetValueOrDefault(session.Id));

    /// <summary>A part of a path.</summary>
    public static string Escape(string part) => Uri.EscapeDataString(part);

    private string Place => line.Address.Url.Authority;

    /// <summary>Two bodies say so: <c>message</c> without a token, <c>error</c> with a bad one. A third 401 means that a list could not be opened, and has <c>response</c>.</summary>
    private static bool IsRefused(GatewayAnswer answer) => answer.Status is 401 && answer.Json?.Get("response") is null;

    private async Task<string> TokenAsync(SessionRef session, CancellationToken cancellation)
    {
        if (session.Secret is { } own)
        {
            return own;
        }

        if (_tokens.TryGetValue(session.Id, out var known))
        {
            return known;
        }

        var answer = await line.SendAsync(
            new GatewayCall(HttpMethod.Post, $"/api/{Escape(session.Id)}/{Escape(line.Address.Secret)}/generate-token"),
            cancellation
        );
        if (answer.Status is 400 && answer.Json is { ValueKind: JsonValueKind.Object })
        {
            throw WrongSecret(answer);
        }

        if (!answer.IsSuccess || answer.Json?.Text("token") is not { } token)
        {
            throw Unexpected(answer, "generate-token", session);
        }

        _tokens[session.Id] = token;
        return token;
    }

    private GatewayException WrongSecret(GatewayAnswer answer) =>
        new(
            GatewayFault.Unauthorized,
            $"{Place} refuses the secret key (400: {line.Quote(answer)}): is it the SECRET_KEY of the server's settings?"
        )
        {
            Status = 400,
        };
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>How Evolution is asked, and what its answers mean: errors may come with 200, and their words as a text, a list, or a list in a list.</summary>
internal sealed class EvolutionWire(GatewayLine line)
{
    /// <summary>What JavaScript says when nobody wrote a reason down.</summary>
    private const string NoReason = "[object Object]";

    /// <summary>Asks, and takes only an answer that means success.</summary>
    /// <exception cref="GatewayException">It is none.</exception>
    public async Task<JsonElement> AskAsync(
        SessionRef session,
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellation,
        TimeSpan? patience = null,
        WebhookWish? told = null
    )
    {
        var answer = await SendAsync(session, method, path, body, cancellation, patience, told);
        return answer is { IsSuccess: true, Json: { } json } && !IsError(json) ? json : throw Trouble(session, answer, path);
    }

    /// <summary>Asks, whatever the answer.</summary>
    public Task<GatewayAnswer> SendAsync(
        SessionRef session,
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellation,
        TimeSpan? patience = null,
        WebhookWish? told = null
    ) =>
        line.SendAsync(
            new GatewayCall(method, path)
            {
                Headers = [("apikey", session.Secret ?? line.Address.Secret)],
                Json = body,
                Patience = patience ?? GatewayCall.UsualPatience,
                Secrets = told?.Secrets ?? [],
            },
            cancellation
        );

    /// <summary>A path that ends with the session's name.</summary>
    public static string PathOf(string route, SessionRef session) => $"{route}/{Uri.EscapeDataString(session.Id)}";

    /// <summary>Whether an answer of whatever status says that it failed.</summary>
    public static bool IsError(JsonElement json) => json.Flag("error") is true;

    /// <summary>What an answer other than success means.</summary>
    public GatewayException Trouble(SessionRef session, GatewayAnswer answer, string path)
    {
        var route = path.Split('/', '?') is [_, var group, var verb, ..] ? $"{group}/{verb}" : path;
        var (fault, hint) = FaultOf(answer);
        return new GatewayException(
            fault,
            $"{line.Address.Url.Authority} answered {answer.Status} to {route} of '{session}': {hint} ({Quote(session, answer)})"
        )
        {
            Status = answer.Status,
            Wait = answer.Wait,
            // What is refused for a known reason was not done. A failure that names none may have come after the deed.
            MayHaveHappened = fault is GatewayFault.Failed or GatewayFault.BadAnswer && (answer.IsSuccess || answer.Status >= 500),
        };
    }

    /// <summary>Whether a failure means that there is no connection to send through: nothing has left then.</summary>
    public static bool IsNotConnected(GatewayAnswer answer) =>
        answer.Status is 400 or 500
        && answer.Json is { } json
        && (
            ReasonIn(json) is var reason
                && (
                    reason.Contains("(reading 'onWhatsApp')", StringComparison.Ordinal)
                    || reason.Contains("(reading 'find')", StringComparison.Ordinal)
                )
            || json is { ValueKind: JsonValueKind.Object } && !json.EnumerateObject().Any()
            || json.Get("isBoom") is not null
        );

    private static (GatewayFault Fault, string Hint) FaultOf(GatewayAnswer answer) =>
        answer switch
        {
            { Json: null, Status: 404 } => (
                GatewayFault.NotFound,
                "it knows no such route. Is it an Evolution API v2, at the right address?"
            ),
            { Json: null } => (GatewayFault.BadAnswer, "that is no JSON. Is it the right address and port, or a proxy's page?"),
            { Status: 503, Json: { } json } when json.Text("code") is "LICENSE_REQUIRED" => (
                GatewayFault.Unlicensed,
                "it asks for a licence. Activate it in Evolution's manager"
            ),
            { Status: 401 or 403 } => (GatewayFault.Unauthorized, "it refuses the key. Is it the global API key, or the instance's own?"),
            // An instance that is not there is told before the key is looked at: 404 proves nothing about the key.
            { Status: 404 } => (GatewayFault.NotFound, "it knows no such instance"),
            { IsSuccess: true, Json: { } json } when !IsError(json) => (
                GatewayFault.BadAnswer,
                "that is not what Evolution API v2 answers"
            ),
            _ when IsNotConnected(answer) => (GatewayFault.NotReady, "the instance is not connected"),
            _ => (GatewayFault.Failed, "it says that it failed"),
        };

    /// <summary>The beginning of an answer, without keys.</summary>
    public string Quote(SessionRef session, GatewayAnswer answer) => line.Quote(answer, session.Secret);

    /// <summary>All that an answer says of its reason, on one line; empty for nothing.</summary>
    public static string ReasonIn(JsonElement json)
    {
        var said = new List<string>();
        Collect(json.Get("response", "message") ?? json.Get("message") ?? json.Get("error"), said);
        return string.Join("; ", said);
    }

    private static void Collect(JsonElement? words, List<string> into)
    {
        switch (words)
        {
            case { ValueKind: JsonValueKind.Array } list:
                foreach (var each in list.EnumerateArray())
                {
                    Collect(each, into);
                }

                break;
            case { ValueKind: JsonValueKind.String } text when text.Text() is { } word && word != NoReason:
                into.Add(word);
                break;
            case { ValueKind: JsonValueKind.Object } thing:
                into.Add(thing.GetRawText());
                break;
        }
    }
}

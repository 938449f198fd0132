using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>How WAHA is asked, and what its answers mean. A failure of its engine echoes our whole request: only its message is ever told on.</summary>
internal sealed partial class WahaWire(GatewayLine line)
{
    /// <summary>Asks, and takes only an answer that means success.</summary>
    /// <exception cref="GatewayException">It is none.</exception>
    public async Task<JsonElement> AskAsync(
        SessionRef session,
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellation,
        TimeSpan? patience = null
    )
    {
        var answer = await SendAsync(session, method, path, body, cancellation, patience);
        return answer is { IsSuccess: true, Json: { } json } && !IsError(json) ? json : throw Trouble(session, answer, path);
    }

    /// <summary>Asks, whatever the answer.</summary>
    public Task<GatewayAnswer> SendAsync(
        SessionRef session,
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellation,
        TimeSpan? patience = null
    ) =>
        line.SendAsync(
            new GatewayCall(method, path)
            {
                Headers = [("X-Api-Key", session.Secret ?? line.Address.Secret), ("Accept", "application/json")],
                Json = body,
                Patience = patience ?? GatewayCall.UsualPatience,
            },
            cancellation
        );

    /// <summary>A part of a path or of a query.</summary>
    public static string Escape(string part) => Uri.EscapeDataString(part);

    /// <summary>The path of a session.</summary>
    public static string PathOf(SessionRef session, string verb = "") =>
        $"/api/sessions/{Escape(session.Id)}{(verb.Length > 0 ? "/" : "")}{verb}";

    /// <summary>What an answer other than success means.</summary>
    public GatewayException Trouble(SessionRef session, GatewayAnswer answer, string path)
    {
        var (fault, hint) = FaultOf(answer);
        var reason = ReasonIn(answer) is { } said ? $": {line.Mask(said, session.Secret)}" : "";
        return new GatewayException(fault, $"{line.Address.Url.Authority} answered {answer.Status} to {path.Split('?')[0]}: {hint}{reason}")
        {
            Status = answer.Status,
            Wait = answer.Wait,
            MayHaveHappened = fault is GatewayFault.Failed or GatewayFault.BadAnswer && (answer.IsSuccess || answer.Status >= 500),
        };
    }

    /// <summary>463 (no new chats for a while) or 475 (no more new chats in this cycle) in the words of a failure; null for neither.</summary>
    public static string? RestrictionIn(GatewayAnswer answer) =>
        ReasonIn(answer) is { } said && Restricted().Match(said) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Whether the session is in no state for that. Nothing was done then.</summary>
    public static bool IsNotReady(GatewayAnswer answer) => answer.Status is 422 && answer.Json?.Get("expected") is not null;

    /// <summary>Whether it failed by its own words, with whatever status.</summary>
    public static bool IsFailure(GatewayAnswer answer) =>
        answer.Status >= 500 || (answer is { IsSuccess: true, Json: { } json } && IsError(json));

    private static bool IsError(JsonElement json) =>
        json is { ValueKind: JsonValueKind.Object } && json.Get("error") is not null && json.Number("statusCode") >= 400;

    private static (GatewayFault Fault, string Hint) FaultOf(GatewayAnswer answer) =>
        answer switch
        {
            { Json: null, Status: 404 } => (GatewayFault.NotFound, "it knows no such route. Is it a WAHA, at the right address?"),
            { Json: null } => (GatewayFault.BadAnswer, "that is no JSON. Is it the right address and port, or a proxy's page?"),
            { Status: 401 or 403 } => (GatewayFault.Unauthorized, "it refuses the key. Is it WAHA_API_KEY?"),
            { Status: 404 } => (GatewayFault.NotFound, "it knows no such session"),
            _ when IsNotReady(answer) => (GatewayFault.NotReady, $"the session is {answer.Json?.Text("status")}"),
            { IsSuccess: true, Json: { } json } when !IsError(json) => (GatewayFault.BadAnswer, "that is not what WAHA answers"),
            _ => (GatewayFault.Failed, "it says that it failed"),
        };

    private static string? ReasonIn(GatewayAnswer answer) =>
        answer.Json is not { ValueKind: JsonValueKind.Object } json
            ? null
            : json.Text("exception", "message")
                ?? json.Text("message")
                ?? (
                    json.Items("message").Select(each => each.Text()).OfType<string>().ToList() is { Count: > 0 } list
                        ? string.Join("; ", list)
                        : null
                )
                ?? json.Text("error");

    [GeneratedRegex(@"\berror:?\s*(463|475)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Restricted();
}

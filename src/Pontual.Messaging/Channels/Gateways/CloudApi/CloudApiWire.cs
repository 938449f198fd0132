using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>Calls to the Graph API. The token goes in a header and never in an address.</summary>
internal sealed class CloudApiWire(GatewayLine line)
{
    /// <summary>The business account whose numbers are listed.</summary>
    /// <exception cref="GatewayException">None is set.</exception>
    public string Account =>
        line.Address.Account is { Length: > 0 } account
            ? Escape(account)
            : throw new GatewayException(
                GatewayFault.NotReady,
                "the gateway has no account: set 'account' to the id of the WhatsApp business account (WABA) whose numbers are meant"
            );

    /// <summary>Asks, and answers with the JSON of a success.</summary>
    /// <exception cref="GatewayException">It is an error.</exception>
    public async Task<JsonElement> AskAsync(
        HttpMethod method,
        string path,
        JsonObject? body,
        CancellationToken cancellation,
        SessionRef session = default,
        WebhookWish? told = null
    )
    {
        var answer = await SendAsync(method, path, session, body, null, cancellation, told);
        return answer.Json is { } json && answer.IsSuccess && CloudApiError.In(json) is null ? json : throw Trouble(answer, session);
    }

    /// <summary>Asks, and answers with whatever came.</summary>
    public Task<GatewayAnswer> SendAsync(
        HttpMethod method,
        string path,
        SessionRef session,
        JsonObject? body,
        HttpContent? content,
        CancellationToken cancellation,
        WebhookWish? told = null
    ) =>
        line.SendAsync(
            new GatewayCall(method, path)
            {
                Headers = [("Authorization", $"Bearer {session.Secret ?? line.Address.Secret}")],
                Json = body,
                Content = content,
                Secrets = told?.Secrets ?? [],
            },
            cancellation
        );

    /// <summary>What is wrong with an answer.</summary>
    public GatewayException Trouble(GatewayAnswer answer, SessionRef session)
    {
        var error = answer.Json is { } json ? CloudApiError.In(json) : null;
        var (fault, hint) = (error, answer) switch
        {
            ({ } known, _) => (known.Fault, HintOf(known)),
            (null, { Json: null }) => (
                GatewayFault.BadAnswer,
                "that is no JSON: is the address https://graph.facebook.com/v24.0 or a later version?"
            ),
            (null, { IsSuccess: true }) => (GatewayFault.BadAnswer, "that is not what the Cloud API answers"),
            _ => (GatewayFault.Failed, "it failed"),
        };
        return new GatewayException(fault, Said(answer, session, hint))
        {
            Status = answer.Status,
            Wait = answer.Wait,
            MayHaveHappened = error is null && answer.Status >= 500,
        };
    }

    /// <summary>What to tell people of an answer.</summary>
    public string Said(GatewayAnswer answer, SessionRef session, string? hint = null) =>
        $"{line.Address.Url.Authority} answered {answer.Status}{(hint is null ? "" : $": {hint}")} ({line.Quote(answer, session.Secret)})";

    /// <summary>A part of a path.</summary>
    public static string Escape(string part) => Uri.EscapeDataString(part);

    private static string HintOf(CloudApiError error) =>
        error.Code switch
        {
            190 => "the access token is invalid or has run out (190): make a new one for the system user",
            100 when error.Fault is GatewayFault.NotFound =>
                "it knows no such id, or the token may not see it (100/33): is it the account's or the number's id?",
            368 or 131031 => $"the account is blocked ({error.Code}): see the business manager",
            131042 => "there is a problem with the payment (131042): see the business manager",
            133010 => "the number is not registered (133010)",
            _ when error.Fault is GatewayFault.Unauthorized =>
                $"the token may not do that ({error.Code}): does it have whatsapp_business_management and whatsapp_business_messaging?",
            _ => $"error {error.Code}",
        };
}

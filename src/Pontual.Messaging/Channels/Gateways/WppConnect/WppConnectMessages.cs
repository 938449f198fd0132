using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>The messages of a WPPConnect-Server.</summary>
internal sealed class WppConnectMessages(WppConnectWire wire) : IMessageGateway
{
    /// <summary>A medium is uploaded by the browser before the answer comes.</summary>
    private static readonly TimeSpan MediaPatience = TimeSpan.FromSeconds(90);

    private readonly WppConnectHistory _history = new(wire);

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(SessionRef session, OutgoingMessage message, CancellationToken cancellation)
    {
        if (message.Template is not null)
        {
            return Bad("WPPConnect sends no templates: those are the Cloud API's");
        }

        if (WppConnectIds.RecipientOf(message.To) is not { } to)
        {
            return Bad("the recipient is no number and no id of one chat");
        }

        if (RequestOf(message, to) is not { } request)
        {
            return Bad("there is nothing to send: neither text nor a medium with content or an http address");
        }

        try
        {
            await wire.SignInAsync(session, cancellation);
        }
        catch (GatewayException trouble)
        {
            // Without a token no message can have left, whatever became of the token.
            return trouble.Outcome() is SendOutcome.Unknown unknown
                ? new SendOutcome.RejectedRetryable(RejectionCause.GatewayDown, unknown.Reason)
                : trouble.Outcome();
        }

        try
        {
            var patience = message.Media is null ? GatewayCall.UsualPatience : MediaPatience;
            var answer = await wire.SendToLiveAsync(session, HttpMethod.Post, request.Route, request.Body, cancellation, patience);
            return await OutcomeAsync(session, to, answer, cancellation);
        }
        catch (GatewayException trouble)
        {
            return trouble.Outcome();
        }
    }

    /// <inheritdoc/>
    public async Task<NumberCheck> CheckNumberAsync(SessionRef session, string phone, CancellationToken cancellation)
    {
        var answer = await wire.SendToLiveAsync(
            session,
            HttpMethod.Get,
            $"check-number-status/{WppConnectWire.Escape(phone)}",
            null,
            cancellation
        );
        if (!answer.IsSuccess || answer.Json?.Get("response") is not { } found || found.Flag("numberExists") is not { } exists)
        {
            throw wire.Unexpected(answer, "check-number-status", session);
        }

        // A number that nobody has is answered with 200, and its id is what was asked for.
        return new NumberCheck(phone, exists, exists ? found.Id("id") : null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionMessage>> MessagesSinceAsync(
        SessionRef session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    ) => _history.SinceAsync(session, since, most, cancellation);

    private static SendOutcome.RejectedPermanent Bad(string reason) => new(RejectionCause.BadMessage, reason);

    /// <summary>One recipient for each call: of a list some may get the message although the answer is 400.</summary>
    private static (string Route, JsonObject Body)? RequestOf(OutgoingMessage message, Recipient to)
    {
        var body = new JsonObject
        {
            ["phone"] = to.Name,
            ["isGroup"] = to.IsGroup,
            ["isNewsletter"] = to.IsNewsletter,
            ["isLid"] = to.IsLid,
        };
        if (message.Media is not { } media)
        {
            body["message"] = message.Text;
            return string.IsNullOrEmpty(message.Text) ? null : ("send-message", body);
        }

        // 'path' may be a file of the gateway's own machine: only what is clearly an address goes there.
        var (inline, path) = media switch
        {
            { Content: { } content } => (DataUrls.Of(media.MimeType, content), null),
            { Url: { Scheme: "http" or "https" } url } => (null, url.ToString()),
            _ => ((string?)null, (string?)null),
        };
        if (inline is null && path is null)
        {
            return null;
        }

        body[
            inline is null ? "path"
            : media.Kind is MediaKind.Voice ? "base64Ptt"
            : "base64"
        ] = inline ?? path;
        if (media.Kind is not MediaKind.Voice)
        {
            (body["filename"], body["caption"]) = (media.FileName, message.Text);
        }

        var route = (media.Kind, inline) switch
        {
            (MediaKind.Voice, null) => "send-voice",
            (MediaKind.Voice, _) => "send-voice-base64",
            (_, null) => "send-file",
            _ => "send-file-base64",
        };
        return (route, body);
    }

    private async Task<SendOutcome> OutcomeAsync(SessionRef session, Recipient to, GatewayAnswer answer, CancellationToken cancellation)
    {
        var said = $"{answer.Status}: {wire.Quote(session, answer)}";
        switch (answer)
        {
            case { IsSuccess: true, Json: { } json }:
                return AcceptedIn(json) ?? (SendOutcome)new SendOutcome.Unknown($"WPPConnect took it and named no id ({said})");
            case { Status: 400, Json: { } json } when json.Text("status") is "Connected" && to.IsLookedUp:
                return await NotThereAsync(session, to, said, cancellation);
            case { Status: 400 or 413, Json: null }:
                return Bad($"WPPConnect could not read the message ({said})");
            case { Status: 404, Json: null }:
                return new SendOutcome.RejectedRetryable(
                    RejectionCause.ChannelStopped,
                    $"WPPConnect knows no such route: is it the right address? ({said})"
                );
            default:
                return new SendOutcome.Unknown($"WPPConnect answered {said}: the message may have left");
        }
    }

    /// <summary>After "the number does not exist" the server goes on and sends all the same, and it says so also when its look-up failed: then the number may
    /// well exist and have the message. Only a look-up of ours that answers clearly settles it: nobody can have a message at a number that is nobody's.</summary>
    private async Task<SendOutcome> NotThereAsync(SessionRef session, Recipient to, string said, CancellationToken cancellation)
    {
        try
        {
            var check = await CheckNumberAsync(session, to.Name, cancellation);
            return check.Exists
                ? new SendOutcome.Unknown(
                    $"WPPConnect said that the number does not exist, and it does: the message may have left ({said})"
                )
                : new SendOutcome.RejectedPermanent(RejectionCause.NumberInvalid, "the number has no WhatsApp");
        }
        catch (GatewayException trouble)
        {
            return new SendOutcome.Unknown(
                $"WPPConnect said that the number does not exist, and could not say so again: {trouble.Message}"
            );
        }
    }

    private static SendOutcome.Accepted? AcceptedIn(JsonElement json)
    {
        // A list of one, or in older versions the message itself.
        var sent = json.Items("response").FirstOrDefault() is { ValueKind: JsonValueKind.Object } first ? first : json.Get("response");
        return sent?.Get("id") is { } id && (id.Text() ?? id.Text("_serialized") ?? id.Text("id")) is { } text
            ? new SendOutcome.Accepted(WppConnectIds.MessageOf(text), sent.Value.Id("to") ?? sent.Value.Id("chatId"))
            : null;
    }
}

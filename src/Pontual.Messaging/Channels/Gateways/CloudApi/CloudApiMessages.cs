using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>The messages of the Cloud API: it sends, and neither looks numbers up nor lists what was.</summary>
internal sealed partial class CloudApiMessages(CloudApiWire wire) : IMessageGateway
{
    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(SessionRef session, OutgoingMessage message, CancellationToken cancellation)
    {
        if (Envelope(message) is not { } body)
        {
            return Bad("the recipient is neither a number nor a user's id (BR.123…)");
        }

        if (message is { Template: null, Media: null } && string.IsNullOrEmpty(message.Text))
        {
            return Bad("there is nothing to send: neither text nor a medium nor a template");
        }

        try
        {
            if (await FillAsync(session, message, body, cancellation) is { } refused)
            {
                return refused;
            }

            var answer = await wire.SendAsync(
                HttpMethod.Post,
                $"/{CloudApiWire.Escape(session.Id)}/messages",
                session,
                body,
                null,
                cancellation
            );
            return OutcomeOf(answer, session);
        }
        catch (GatewayException trouble)
        {
            return trouble.Outcome();
        }
    }

    /// <inheritdoc/>
    public Task<NumberCheck> CheckNumberAsync(SessionRef session, string phone, CancellationToken cancellation) =>
        throw new GatewayException(
            GatewayFault.NotReady,
            "the Cloud API looks no numbers up: that one does not exist is told after sending (131026)"
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionMessage>> MessagesSinceAsync(
        SessionRef session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    ) =>
        throw new GatewayException(
            GatewayFault.NotReady,
            "the Cloud API lists no messages: what was missed comes again by webhook, which Meta repeats, or not at all"
        );

    private static SendOutcome.RejectedPermanent Bad(string reason) => new(RejectionCause.BadMessage, reason);

    private static JsonObject? Envelope(OutgoingMessage message)
    {
        var body = new JsonObject { ["messaging_product"] = "whatsapp", ["recipient_type"] = "individual" };
        if (UserId().IsMatch(message.To))
        {
            // Whoever hides the number is written to by an id that belongs to this business alone.
            body["recipient"] = message.To;
        }
        else if (Number().Match(message.To) is { Success: true } number)
        {
            body["to"] = number.Groups[1].Value;
        }
        else
        {
            return null;
        }

        if (message.Reference is not null)
        {
            body["biz_opaque_callback_data"] = message.Reference;
        }

        return body;
    }

    /// <returns>Why it cannot be sent; null when it can.</returns>
    private async Task<SendOutcome?> FillAsync(SessionRef session, OutgoingMessage message, JsonObject body, CancellationToken cancellation)
    {
        if (message.Template is { } template)
        {
            (body["type"], body["template"]) = ("template", TemplateOf(template));
            return null;
        }

        if (message.Media is not { } media)
        {
            (body["type"], body["text"]) = ("text", new JsonObject { ["body"] = message.Text, ["preview_url"] = false });
            return null;
        }

        var medium = new JsonObject();
        if (media.Content is { } content)
        {
            var upload = await UploadAsync(session, media, content, cancellation);
            if (upload.Refused is { } refused)
            {
                return refused;
            }

            medium["id"] = upload.Id;
        }
        else if (media.Url is { Scheme: "http" or "https" } url)
        {
            medium["link"] = url.ToString();
        }
        else
        {
            return Bad("the medium has neither content nor an http address");
        }

        if (media.Kind is not MediaKind.Voice && message.Text is not null)
        {
            medium["caption"] = message.Text;
        }

        if (media.Kind is MediaKind.Document)
        {
            medium["filename"] = media.FileName;
        }

        var kind = media.Kind is MediaKind.Voice ? "audio" : media.Kind.ToString().ToLowerInvariant();
        (body["type"], body[kind]) = (kind, medium);
        return null;
    }

    private static JsonObject TemplateOf(OutgoingTemplate template)
    {
        var json = new JsonObject
        {
            ["name"] = template.Name,
            ["language"] = new JsonObject { ["code"] = template.Language },
        };
        if (template.Parameters.Count > 0)
        {
            var texts = template.Parameters.Select(text => (JsonNode)new JsonObject { ["type"] = "text", ["text"] = text });
            json["components"] = new JsonArray(new JsonObject { ["type"] = "body", ["parameters"] = new JsonArray([.. texts]) });
        }

        return json;
    }

    /// <summary>Puts a medium where a message can name it. Whatever becomes of that, no message has left.</summary>
    private async Task<(string? Id, SendOutcome? Refused)> UploadAsync(
        SessionRef session,
        OutgoingMedia media,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellation
    )
    {
        var file = new ReadOnlyMemoryContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(media.MimeType) } };
        var form = new MultipartFormDataContent
        {
            { new StringContent("whatsapp"), "messaging_product" },
            { new StringContent(media.MimeType), "type" },
            { file, "file", media.FileName },
        };
        try
        {
            var answer = await wire.SendAsync(
                HttpMethod.Post,
                $"/{CloudApiWire.Escape(session.Id)}/media",
                session,
                null,
                form,
                cancellation
            );
            if (answer is { IsSuccess: true, Json: { } json } && json.Text("id") is { } id)
            {
                return (id, null);
            }

            var outcome = OutcomeOf(answer, session);
            return (null, outcome is SendOutcome.Unknown unknown ? Later(unknown.Reason) : outcome);
        }
        catch (GatewayException trouble) when (trouble.MayHaveHappened)
        {
            return (null, Later(trouble.Message));
        }

        static SendOutcome.RejectedRetryable Later(string reason) =>
            new(RejectionCause.GatewayDown, $"the medium could not be uploaded: {reason}");
    }

    private SendOutcome OutcomeOf(GatewayAnswer answer, SessionRef session)
    {
        if (answer.Json is not { } json)
        {
            return answer.Status is >= 400 and < 500
                ? new SendOutcome.RejectedRetryable(RejectionCause.ChannelStopped, wire.Trouble(answer, session).Message)
                : new SendOutcome.Unknown(wire.Said(answer, session));
        }

        if (CloudApiError.In(json) is { } error)
        {
            return error.Outcome(answer.Status, wire.Trouble(answer, session).Message, answer.Wait);
        }

        // Held for an assessment of quality is parked, not failed: it has been taken.
        return answer.IsSuccess && json.Items("messages").FirstOrDefault().Text("id") is { } id
            ? new SendOutcome.Accepted(id, WhoIn(json))
            : new SendOutcome.Unknown(wire.Said(answer, session, "it names no message"));
    }

    /// <summary>That a number is given back is no proof that it has WhatsApp.</summary>
    private static string? WhoIn(JsonElement json)
    {
        var contact = json.Items("contacts").FirstOrDefault();
        return contact.Text("wa_id") ?? contact.Text("user_id");
    }

    [GeneratedRegex(@"\A\+?([0-9]{5,15})(?:@c\.us|@s\.whatsapp\.net)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}\z")]
    private static partial Regex UserId();
}

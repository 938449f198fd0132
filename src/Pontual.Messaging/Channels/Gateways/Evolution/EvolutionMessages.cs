using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>The messages of an Evolution API.</summary>
internal sealed class EvolutionMessages(EvolutionWire wire) : IMessageGateway
{
    private const int PageSize = 100;
    private const int MostPages = 50;

    private static readonly TimeSpan MediaPatience = TimeSpan.FromSeconds(90);

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(SessionRef session, OutgoingMessage message, CancellationToken cancellation)
    {
        if (message.Template is not null)
        {
            return new SendOutcome.RejectedPermanent(
                RejectionCause.BadMessage,
                "Evolution sends no templates here: those are the Cloud API's"
            );
        }

        if (RequestOf(message) is not { } request)
        {
            return new SendOutcome.RejectedPermanent(
                RejectionCause.BadMessage,
                "there is nothing to send: neither text nor a medium with content or an http address"
            );
        }

        try
        {
            var path = EvolutionWire.PathOf($"/message/{request.Route}", session);
            var patience = message.Media is null ? GatewayCall.UsualPatience : MediaPatience;
            return OutcomeOf(session, await wire.SendAsync(session, HttpMethod.Post, path, request.Body, cancellation, patience), path);
        }
        catch (GatewayException trouble)
        {
            return trouble.Outcome();
        }
    }

    /// <inheritdoc/>
    public async Task<NumberCheck> CheckNumberAsync(SessionRef session, string phone, CancellationToken cancellation)
    {
        var path = EvolutionWire.PathOf("/chat/whatsappNumbers", session);
        var body = new JsonObject { ["numbers"] = new JsonArray(phone) };
        var answer = await wire.SendAsync(session, HttpMethod.Post, path, body, cancellation);
        if (
            answer is not { IsSuccess: true, Json: { ValueKind: JsonValueKind.Array } rows }
            || rows.EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } row
            || row.Flag("exists") is not { } exists
        )
        {
            throw wire.Trouble(session, answer, path);
        }

        // Of a number that nobody has, the jid is only what was asked for.
        return new NumberCheck(phone, exists, exists ? row.Text("jid") : null, row.Text("name"));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionMessage>> MessagesSinceAsync(
        SessionRef session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<string, SessionMessage>(StringComparer.Ordinal);
        for (var page = 1; page <= MostPages; page++)
        {
            var records = await PageAsync(session, since, page, cancellation);
            foreach (var message in records.Select(record => EvolutionShapes.Message(record, byApi: null)).OfType<SessionMessage>())
            {
                if (message.At >= since)
                {
                    found[message.Id] = message;
                }
            }

            if (records.Count < PageSize)
            {
                break;
            }
        }

        return [.. found.Values.OrderBy(message => message.At).Take(most)];
    }

    /// <summary>A page of stored messages, the newest first. The time is a filter only when both its ends are given, as texts; without, it is passed over in silence.</summary>
    private async Task<List<JsonElement>> PageAsync(SessionRef session, DateTimeOffset since, int page, CancellationToken cancellation)
    {
        var path = EvolutionWire.PathOf("/chat/findMessages", session);
        var body = new JsonObject
        {
            ["where"] = new JsonObject
            {
                ["messageTimestamp"] = new JsonObject
                {
                    ["gte"] = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
                    ["lte"] = "2100-01-01T00:00:00.000Z",
                },
            },
            ["page"] = page,
            ["offset"] = PageSize,
        };
        var found = await wire.AskAsync(session, HttpMethod.Post, path, body, cancellation);
        return [.. found.Items("messages", "records"), .. found.Items("records"), .. found.Items()];
    }

    private static (string Route, JsonObject Body)? RequestOf(OutgoingMessage message)
    {
        var body = new JsonObject { ["number"] = message.To };
        if (message.Media is not { } media)
        {
            body["text"] = message.Text;
            return string.IsNullOrEmpty(message.Text) ? null : ("sendText", body);
        }

        var content = media switch
        {
            { Content: { } bytes } => Convert.ToBase64String(bytes.Span),
            { Url: { Scheme: "http" or "https" } url } => url.ToString(),
            _ => null,
        };
        if (content is null)
        {
            return null;
        }

        if (media.Kind is MediaKind.Voice)
        {
            body["audio"] = content;
            return ("sendWhatsAppAudio", body);
        }

        body["mediatype"] = media.Kind switch
        {
            MediaKind.Image => "image",
            MediaKind.Video => "video",
            _ => "document",
        };
        (body["mimetype"], body["fileName"], body["media"]) = (media.MimeType, media.FileName, content);
        if (message.Text is { } caption)
        {
            body["caption"] = caption;
        }

        return ("sendMedia", body);
    }

    private SendOutcome OutcomeOf(SessionRef session, GatewayAnswer answer, string path)
    {
        if (answer is { IsSuccess: true, Json: { } taken })
        {
            return Taken(session, answer, taken);
        }

        var trouble = wire.Trouble(session, answer, path);
        return answer switch
        {
            { Status: 400, Json: { } json } when SaysNoSuchNumber(json) => new SendOutcome.RejectedPermanent(
                RejectionCause.NumberInvalid,
                "Evolution says that the number has no WhatsApp"
            ),
            // Of an instance over the Cloud API this comes when Meta was not reached, or its answer was lost.
            { Status: 400, Json: { } json } when EvolutionWire.ReasonIn(json).Contains("TypeError", StringComparison.Ordinal) =>
                new SendOutcome.Unknown(trouble.Message),
            { Status: 400, Json: not null } when trouble.Fault is GatewayFault.Failed => new SendOutcome.RejectedPermanent(
                RejectionCause.BadMessage,
                trouble.Message
            ),
            { Status: 413 } => new SendOutcome.RejectedPermanent(RejectionCause.BadMessage, "the medium is too large for the gateway"),
            _ => trouble.Outcome(),
        };
    }

    /// <summary>201 means that the connection was handed it, and no more: the platform has it when an acknowledgement comes.</summary>
    private SendOutcome Taken(SessionRef session, GatewayAnswer answer, JsonElement taken)
    {
        if (taken.Text("key", "id") is { } id)
        {
            return new SendOutcome.Accepted(id, taken.Text("key", "remoteJid"));
        }

        // An instance over the Cloud API returns Meta's refusal as if it were a success.
        return (taken.Text("fbtrace_id") ?? taken.Text("error", "fbtrace_id")) is not null
            ? new SendOutcome.RejectedPermanent(RejectionCause.Other, $"Meta refused it: {wire.Quote(session, answer)}")
            : new SendOutcome.Unknown($"Evolution answered {answer.Status} and named no id: {wire.Quote(session, answer)}");
    }

    private static bool SaysNoSuchNumber(JsonElement json) =>
        json.Items("response", "message").Concat(json.Items("message")).Any(each => each.Flag("exists") is false);
}

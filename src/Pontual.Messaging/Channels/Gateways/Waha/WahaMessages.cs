using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>The messages of a WAHA.</summary>
internal sealed class WahaMessages(WahaWire wire) : IMessageGateway
{
    private const int PageSize = 100;
    private const int MostPages = 50;

    private static readonly TimeSpan MediaPatience = TimeSpan.FromSeconds(90);

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(SessionRef session, OutgoingMessage message, CancellationToken cancellation)
    {
        if (message.Template is not null)
        {
            return Bad("WAHA sends no templates: those are the Cloud API's");
        }

        if (RequestOf(session, message) is not { } request)
        {
            return Bad("there is nothing to send: neither text nor a medium with content or an http address");
        }

        try
        {
            var path = $"/api/{request.Route}";
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
        var path = $"/api/contacts/check-exists?phone={WahaWire.Escape(phone)}&session={WahaWire.Escape(session.Id)}";
        var answer = await wire.SendAsync(session, HttpMethod.Get, path, null, cancellation);
        if (!answer.IsSuccess || answer.Json?.Flag("numberExists") is not { } exists)
        {
            throw wire.Trouble(session, answer, path);
        }

        return new NumberCheck(phone, exists, exists ? answer.Json?.Text("chatId") : null);
    }

    /// <inheritdoc/>
    /// <remarks>NOWEB has them when its store is on, GOWS always, WEBJS never. That the order asked for is kept is nowhere promised: all pages are read.</remarks>
    public async Task<IReadOnlyList<SessionMessage>> MessagesSinceAsync(
        SessionRef session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<string, SessionMessage>(StringComparer.Ordinal);
        for (var page = 0; page < MostPages; page++)
        {
            // A page may be short and not be the last one: its messages are filtered after they were counted. Only an empty one is the end.
            var messages = await PageAsync(session, since, page * PageSize, cancellation);
            if (messages.Count == 0)
            {
                break;
            }

            foreach (var message in messages.Select(WahaShapes.Message).OfType<SessionMessage>().Where(message => message.At >= since))
            {
                found[message.Id] = message;
            }
        }

        return [.. found.Values.OrderBy(message => message.At).Take(most)];
    }

    private async Task<List<JsonElement>> PageAsync(SessionRef session, DateTimeOffset since, int offset, CancellationToken cancellation)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"filter.timestamp.gte={since.ToUnixTimeSeconds()}&sortBy=timestamp&sortOrder=asc&limit={PageSize}&offset={offset}&downloadMedia=false"
        );
        var path = $"/api/{WahaWire.Escape(session.Id)}/chats/all/messages?{query}";
        var answer = await wire.SendAsync(session, HttpMethod.Get, path, null, cancellation);
        return answer is { IsSuccess: true, Json: { ValueKind: JsonValueKind.Array } list }
            ? [.. list.EnumerateArray()]
            : throw wire.Trouble(session, answer, path);
    }

    private static SendOutcome.RejectedPermanent Bad(string reason) => new(RejectionCause.BadMessage, reason);

    private static (string Route, JsonObject Body)? RequestOf(SessionRef session, OutgoingMessage message)
    {
        var body = new JsonObject { ["session"] = session.Id, ["chatId"] = WahaIds.ChatOf(message.To) };
        if (message.Media is not { } media)
        {
            body["text"] = message.Text;
            return string.IsNullOrEmpty(message.Text) ? null : ("sendText", body);
        }

        var file = new JsonObject { ["mimetype"] = media.MimeType, ["filename"] = media.FileName };
        switch (media)
        {
            case { Content: { } content }:
                file["data"] = Convert.ToBase64String(content.Span);
                break;
            case { Url: { Scheme: "http" or "https" } url }:
                file["url"] = url.ToString();
                break;
            default:
                return null;
        }

        body["file"] = file;
        if (media.Kind is not MediaKind.Voice && message.Text is { } caption)
        {
            body["caption"] = caption;
        }

        var route = media.Kind switch
        {
            MediaKind.Image => "sendImage",
            MediaKind.Video => "sendVideo",
            MediaKind.Voice => "sendVoice",
            _ => "sendFile",
        };
        return (route, body);
    }

    private SendOutcome OutcomeOf(SessionRef session, GatewayAnswer answer, string path)
    {
        if (answer is { IsSuccess: true, Json: { } taken } && WahaIds.InAnswer(taken) is { } id)
        {
            return new SendOutcome.Accepted(WahaIds.Bare(id), taken.Text("key", "remoteJid") ?? WahaIds.ChatIn(id) ?? taken.Text("to"));
        }

        var trouble = wire.Trouble(session, answer, path);
        return answer switch
        {
            { IsSuccess: true } => new SendOutcome.Unknown($"WAHA answered {answer.Status} and named no id of the message"),
            // The platform refused it before it left. Trying again counts as one more approach: not before the restriction ends.
            _ when WahaWire.RestrictionIn(answer) is not null => new SendOutcome.RejectedRetryable(
                RejectionCause.ChannelRestricted,
                trouble.Message
            ),
            { Status: 400 or 413, Json: not null } => Bad(trouble.Message),
            { Status: 422, Json: not null } when trouble.Fault is not GatewayFault.NotReady => Bad(trouble.Message),
            _ => trouble.Outcome(),
        };
    }
}

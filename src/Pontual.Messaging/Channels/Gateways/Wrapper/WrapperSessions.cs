using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.Wrapper;

/// <summary>The channels of the wrapper.</summary>
internal sealed class WrapperSessions(GatewayLine line) : ISessionGateway
{
    private const string Channels = "/api/channels";
    private static readonly byte[] PngStart = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>Asking for the code makes it look after the connection, so that one call is both: the cure and the pairing.</summary>
    public GatewayTraits Traits { get; } = new() { Pairs = true, Steps = [CureStep.Nudge] };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionFacts>> ListAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync(Channels, cancellation);
        var json = answer.Json ?? throw NoJson(answer, Channels);
        if (json.Flag("success") is false)
        {
            throw Failed(answer, json, Channels);
        }

        if (json.Get("channels") is not { ValueKind: JsonValueKind.Array } list)
        {
            throw Trouble(
                GatewayFault.BadAnswer,
                answer,
                Channels,
                "that is JSON without a list 'channels': is something else behind this address or port?"
            );
        }

        return [.. list.EnumerateArray().Select(TryRead).OfType<SessionFacts>()];
    }

    /// <inheritdoc/>
    public async Task CureAsync(SessionRef session, CureStep step, SessionState state, WebhookWish? webhook, CancellationToken cancellation)
    {
        if (step is not CureStep.Nudge)
        {
            throw new GatewayException(GatewayFault.NotReady, $"this gateway knows no step '{step}': only being asked for its code");
        }

        // Whether a code comes, or none because the old pairing still holds, is for the next list to say.
        await CodeAsync(session, cancellation);
    }

    /// <inheritdoc/>
    public Task<PairingCode?> PairAsync(SessionRef session, CancellationToken cancellation) => CodeAsync(session, cancellation);

    /// <inheritdoc/>
    public Task LogOutAsync(SessionRef session, CancellationToken cancellation) =>
        throw new GatewayException(GatewayFault.NotReady, "this gateway cannot unpair a channel: do it on the phone");

    /// <inheritdoc/>
    public Task<WebhookSetting?> ReadWebhookAsync(SessionRef session, CancellationToken cancellation) =>
        throw new GatewayException(GatewayFault.NotReady, "this gateway does not tell where its webhooks go");

    /// <inheritdoc/>
    public Task SetWebhookAsync(SessionRef session, WebhookWish webhook, CancellationToken cancellation) =>
        throw new GatewayException(
            GatewayFault.NotReady,
            "this gateway takes no webhook over its API: enter it where the gateway is set up"
        );

    /// <summary>It has no question that only a living session answers.</summary>
    public Task<ProbeAnswer> ProbeAsync(SessionRef session, string? phone, CancellationToken cancellation) =>
        Task.FromResult(new ProbeAnswer(null, "this gateway has no question that only a living session answers"));

    private string Place => line.Address.Url.Authority;

    /// <summary>Its words for states; how it writes them is not laid down anywhere, so near ones are taken too.</summary>
    internal static SessionState StateOf(string? status) =>
        status?.ToLowerInvariant() switch
        {
            "connected" or "open" or "inchat" or "islogged" => SessionState.Connected,
            "connecting" or "initializing" or "starting" or "opening" or "reconnecting" => SessionState.Connecting,
            "qrcode" or "qr" or "qr_required" or "waiting_qr" or "notlogged" or "unpaired" or "phonecode" => SessionState.NeedsPairing,
            "disconnected" or "closed" or "close" or "stopped" or "offline" => SessionState.Stopped,
            "conflict" => SessionState.Conflict,
            "logged_out" or "desconnectedmobile" or "disconnectedmobile" => SessionState.LoggedOut,
            _ => SessionState.Unknown,
        };

    private static SessionFacts? TryRead(JsonElement channel) =>
        channel.Text("id") is { } id
            ? new SessionFacts(id, StateOf(channel.Text("status")), channel.Text("status") ?? "")
            {
                Name = channel.Text("name"),
                Phone = LooseJson.PhoneOf(channel.Id("phone") ?? channel.Id("number") ?? channel.Id("wid")),
            }
            : null;

    private async Task<PairingCode?> CodeAsync(SessionRef session, CancellationToken cancellation)
    {
        var path = $"{Channels}/{Uri.EscapeDataString(session.Id)}/qr";
        var answer = await AskAsync(path, cancellation);
        if (answer.Body.Span.StartsWith(PngStart))
        {
            return new PairingCode(answer.Body, null);
        }

        var json = answer.Json ?? throw NoJson(answer, path);
        if (json.Flag("success") is false)
        {
            throw Failed(answer, json, path);
        }

        // An image in base64, the text of one, or neither when the channel is connected: seen under several names.
        var said = json.Text("qr") ?? json.Text("qrcode") ?? json.Text("base64") ?? json.Text("code") ?? json.Text("data", "qr");
        var text = json.Text("urlcode");
        var png = DataUrls.Bytes(said) is { } bytes && bytes.AsSpan().StartsWith(PngStart) ? bytes : null;
        return png is not null ? new PairingCode(png, text)
            : (text ?? said) is { } code ? new PairingCode(null, code)
            : null;
    }

    /// <summary>Asks, and says of every wrong answer what it points to.</summary>
    private async Task<GatewayAnswer> AskAsync(string path, CancellationToken cancellation)
    {
        var answer = await line.SendAsync(
            new GatewayCall(HttpMethod.Get, path) { Headers = [("X-Gateway-Secret", line.Address.Secret)] },
            cancellation
        );
        return answer.Status switch
        {
            >= 200 and < 300 => answer,
            401 or 403 => throw Trouble(
                GatewayFault.Unauthorized,
                answer,
                path,
                "it refuses the secret: is it the Gateway Secret that the gateway shows for its sessions?"
            ),
            404 when path != Channels && answer.Json is not null => throw Trouble(
                GatewayFault.NotFound,
                answer,
                path,
                "it knows no such channel"
            ),
            404 or 405 => throw Trouble(
                GatewayFault.NotFound,
                answer,
                path,
                "something listens there that does not know this path: is the port right (the gateway's own is often another than 80 and 443, such as 8443)?"
            ),
            >= 300 and < 400 => throw Trouble(
                GatewayFault.BadAnswer,
                answer,
                path,
                "it sends elsewhere: is it https instead of http, another port, or a page to sign in on?"
            ),
            _ => throw (answer.Json is { } json ? Failed(answer, json, path) : NoJson(answer, path)),
        };
    }

    private GatewayException NoJson(GatewayAnswer answer, string path) =>
        Trouble(
            GatewayFault.BadAnswer,
            answer,
            path,
            "that is no JSON but a page: is the port right (the gateway's own is often another than 80 and 443, such as 8443), or is a proxy between?"
        );

    private GatewayException Failed(GatewayAnswer answer, JsonElement json, string path) =>
        Trouble(
            GatewayFault.Failed,
            answer,
            path,
            json.Text("error") is null && json.Text("message") is null ? "it failed and gives no reason" : "it failed"
        );

    private GatewayException Trouble(GatewayFault fault, GatewayAnswer answer, string path, string hint) =>
        new(fault, $"{Place} answered {answer.Status} to {path}: {hint} ({line.Quote(answer)})") { Status = answer.Status };
}

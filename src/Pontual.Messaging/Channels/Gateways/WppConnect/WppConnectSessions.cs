using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>The sessions of a WPPConnect-Server.</summary>
internal sealed class WppConnectSessions(WppConnectWire wire) : ISessionGateway
{
    /// <summary>Closing and starting drive a browser.</summary>
    private static readonly TimeSpan BrowserPatience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, string> _phones = new(StringComparer.Ordinal);

    /// <summary>It has no working restart, tells nothing of its webhook, counts nothing, and takes a webhook only at a start.</summary>
    public GatewayTraits Traits { get; } =
        new()
        {
            Sends = true,
            ChecksNumbers = true,
            ListsMessages = true,
            Pairs = true,
            Steps = [CureStep.StopStart],
        };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionFacts>> ListAsync(CancellationToken cancellation)
    {
        var names = await wire.NamesAsync(cancellation);
        return await ManyAtOnce.LookAsync(names, (name, token) => LookAsync(new SessionRef(name), token), cancellation);
    }

    /// <inheritdoc/>
    public async Task CureAsync(SessionRef session, CureStep step, SessionState state, WebhookWish? webhook, CancellationToken cancellation)
    {
        if (step is not CureStep.StopStart)
        {
            throw new GatewayException(GatewayFault.NotReady, $"WPPConnect-Server knows no step '{step}': only stop and start");
        }

        // Starting does nothing unless the session is closed, whatever it answers. Closing may answer 500 and has closed all the same.
        var closed = await wire.SendAsync(session, HttpMethod.Post, "close-session", null, cancellation, BrowserPatience);
        if (closed.Json is null || closed.Status is not (>= 200 and < 300 or 500))
        {
            throw wire.Unexpected(closed, "close-session", session);
        }

        // The server forgets the webhook with the start: one that is not told is none, unless its settings have one for all.
        var start = new JsonObject { ["waitQrCode"] = false };
        if (webhook is not null)
        {
            start["webhook"] = webhook.Url.ToString();
        }

        var started = await wire.SendAsync(session, HttpMethod.Post, "start-session", start, cancellation, BrowserPatience, webhook);
        if (!started.IsSuccess || started.Json is null)
        {
            throw wire.Unexpected(started, "start-session", session);
        }
    }

    /// <inheritdoc/>
    public async Task<PairingCode?> PairAsync(SessionRef session, CancellationToken cancellation)
    {
        // One call tells both the image and its text, which a terminal needs.
        var status = await wire.SendAsync(session, HttpMethod.Get, "status-session", null, cancellation);
        if (status.Json is not { } json || !status.IsSuccess)
        {
            throw wire.Unexpected(status, "status-session", session);
        }

        if (json.Text("status") is not "QRCODE")
        {
            return null;
        }

        if (WppConnectEvents.Pairing(json) is { } code)
        {
            return code;
        }

        var image = await wire.SendAsync(session, HttpMethod.Get, "qrcode-session", null, cancellation);
        return image switch
        {
            { IsSuccess: true, MediaType: "image/png" } => new PairingCode(image.Body, null),
            // JSON says that there is none now.
            { IsSuccess: true, Json: not null } => null,
            _ => throw wire.Unexpected(image, "qrcode-session", session),
        };
    }

    /// <inheritdoc/>
    public async Task LogOutAsync(SessionRef session, CancellationToken cancellation)
    {
        var answer = await wire.SendToLiveAsync(session, HttpMethod.Post, "logout-session", null, cancellation, BrowserPatience);
        if (!answer.IsSuccess || answer.Json?.Flag("status") is not true)
        {
            throw wire.Unexpected(answer, "logout-session", session);
        }

        _phones.TryRemove(session.Id, out _);
    }

    /// <inheritdoc/>
    public Task<WebhookSetting?> ReadWebhookAsync(SessionRef session, CancellationToken cancellation) =>
        throw new GatewayException(GatewayFault.NotReady, "WPPConnect-Server does not tell where a session's webhooks go");

    /// <inheritdoc/>
    public Task SetWebhookAsync(SessionRef session, WebhookWish webhook, CancellationToken cancellation) =>
        throw new GatewayException(
            GatewayFault.NotReady,
            "WPPConnect-Server takes a webhook only when a session starts: stop and start it"
        );

    /// <summary>Asks for the session's own device, then looks its own number up: the device is in the browser's memory, the number is on WhatsApp's servers.</summary>
    public async Task<ProbeAnswer> ProbeAsync(SessionRef session, string? phone, CancellationToken cancellation)
    {
        var device = await wire.SendAsync(session, HttpMethod.Get, "host-device", null, cancellation);
        if (device.Status is 404 or 500 && device.Json is not null)
        {
            return new ProbeAnswer(false, $"host-device answered {device.Status}: {wire.Quote(session, device)}");
        }

        if (!device.IsSuccess || device.Json is not { } json)
        {
            throw wire.Unexpected(device, "host-device", session);
        }

        var own = PhoneOf(json);
        if (own is null)
        {
            return new ProbeAnswer(false, "host-device names no number: the page is open and nobody is signed in");
        }

        var check = await wire.SendAsync(session, HttpMethod.Get, $"check-number-status/{own}", null, cancellation);
        var other = phone is not null && phone != own ? $"; it is paired with {own}, not with {phone}" : "";
        return check switch
        {
            { IsSuccess: true, Json: { } found } when found.Get("response") is not null => new ProbeAnswer(
                true,
                $"host-device and a check of its own number answered{other}"
            ),
            { Json: not null } => new ProbeAnswer(
                false,
                $"host-device answered, but the check of its own number did not ({check.Status}: {wire.Quote(session, check)}){other}"
            ),
            _ => throw wire.Unexpected(check, "check-number-status", session),
        };
    }

    /// <summary>The number in an answer of host-device.</summary>
    private static string? PhoneOf(JsonElement json) =>
        LooseJson.PhoneOf(json.Id("response", "phoneNumber") ?? json.Id("response", "wid") ?? json.Id("response", "id"));

    /// <summary>One session that cannot be looked at does not hide the others.</summary>
    private async Task<SessionFacts> LookAsync(SessionRef session, CancellationToken cancellation)
    {
        try
        {
            var answer = await wire.SendAsync(session, HttpMethod.Get, "status-session", null, cancellation);
            if (answer.Json is not { } json || !answer.IsSuccess || WppConnectWire.IsError(json))
            {
                throw wire.Unexpected(answer, "status-session", session);
            }

            var raw = json.Text("status");
            var facts = new SessionFacts(session.Id, WppConnectStates.OfStatus(raw), raw ?? "null");
            return facts.State is SessionState.Connected ? await LookCloserAsync(session, facts, cancellation) : facts;
        }
        catch (GatewayException problem) when (problem.IsPassing || problem.Fault is GatewayFault.BadAnswer or GatewayFault.NotFound)
        {
            return SessionFacts.Unasked(session.Id, problem);
        }
    }

    /// <summary>CONNECTED is set once and hardly ever cleared: what two other questions say is noted beside it.</summary>
    private async Task<SessionFacts> LookCloserAsync(SessionRef session, SessionFacts facts, CancellationToken cancellation)
    {
        var check = await wire.SendAsync(session, HttpMethod.Get, "check-connection-session", null, cancellation);
        var note = check.Json?.Flag("status") is false ? "status-session says CONNECTED, check-connection-session says Disconnected" : null;
        if (!_phones.TryGetValue(session.Id, out var phone))
        {
            var device = await wire.SendAsync(session, HttpMethod.Get, "host-device", null, cancellation);
            phone = device is { IsSuccess: true, Json: { } json } ? PhoneOf(json) : null;
            if (phone is not null)
            {
                _phones[session.Id] = phone;
            }
            else
            {
                note ??= $"status-session says CONNECTED, host-device answered {device.Status}";
            }
        }

        return facts with
        {
            Phone = phone,
            Note = note,
        };
    }
}

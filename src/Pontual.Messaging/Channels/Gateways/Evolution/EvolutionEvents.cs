using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>What Evolution's events tell.</summary>
internal static class EvolutionEvents
{
    /// <param name="session">The instance.</param>
    /// <param name="kind">The event, as it is written in webhooks (with dots) or in settings (with underscores).</param>
    /// <param name="data">Its data; null for none.</param>
    public static IReadOnlyList<GatewayEvent> Read(string session, string kind, JsonElement? data)
    {
        var word = kind.ToLowerInvariant().Replace('_', '.');
        var told = (word, data) switch
        {
            ("messages.upsert", { } seen) => Each(seen).SelectMany(each => Seen(session, each, byApi: false)),
            ("send.message", { } sent) => Each(sent).SelectMany(each => Seen(session, each, byApi: true)),
            ("messages.update", { } updates) => Each(updates).SelectMany(each => Acked(session, each)),
            ("connection.update", { } change) => Changed(session, change.Text("state"), (int?)change.Number("statusReason"), change),
            ("status.instance", { } status) => Changed(
                session,
                status.Text("status"),
                (int?)status.Number("disconnectionReasonCode"),
                status
            ),
            ("logout.instance", _) => [Facts(session, SessionState.LoggedOut, "logout", "it was logged out")],
            ("remove.instance", _) => [Facts(session, SessionState.Stopped, "removed", "it was deleted at the gateway")],
            ("qrcode.updated", { } code) => Pairing(session, code),
            _ => [],
        };
        return told.ToList() is { Count: > 0 } events ? events : [new GatewayEvent.Other(session, word)];
    }

    /// <summary>A code for pairing in the answer to connect, or in a webhook; null when none is there (only a count of codes, or a state).</summary>
    public static PairingCode? CodeIn(JsonElement shown)
    {
        var (picture, text, digits) = (DataUrls.Bytes(shown.Text("base64")), shown.Text("code"), shown.Text("pairingCode"));
        return picture is null && text is null && digits is null ? null : new PairingCode(picture, text, digits);
    }

    private static IEnumerable<JsonElement> Each(JsonElement data) =>
        data.ValueKind is JsonValueKind.Array ? data.EnumerateArray() : [data];

    private static IEnumerable<GatewayEvent> Seen(string session, JsonElement data, bool byApi)
    {
        if (EvolutionShapes.Message(data, byApi) is { } message)
        {
            yield return new GatewayEvent.MessageSeen(session, message);
        }
    }

    /// <summary>What others' messages come to when we read them is told by the same event: that is nothing of ours. A word that is no step (DELETED, which 2.3.6
    /// also says when it knows nothing) says nothing of how far it got.</summary>
    private static IEnumerable<GatewayEvent> Acked(string session, JsonElement data)
    {
        var id = data.Text("keyId") ?? data.Text("key", "id");
        var level = EvolutionShapes.LevelOf(data.Text("status") ?? data.Text("update", "status"));
        if (id is null || level is not { } reached || (data.Flag("fromMe") ?? data.Flag("key", "fromMe")) is false)
        {
            yield break;
        }

        var code = data.Items("messageStubParameters")
            .Concat(data.Items("update", "messageStubParameters"))
            .Select(each => each.Text())
            .FirstOrDefault();
        yield return new GatewayEvent.MessageAcked(session, id, reached)
        {
            Cause =
                reached is not AckLevel.Failed ? null
                : code is "463" or "475" ? RejectionCause.ChannelRestricted
                : null,
            Error = reached is AckLevel.Failed && code is not null ? $"the platform answered {code}" : null,
        };
    }

    private static IEnumerable<GatewayEvent> Changed(string session, string? word, int? code, JsonElement data)
    {
        if (word is null)
        {
            yield break;
        }

        var reason = code is 200 ? null : code;
        yield return new GatewayEvent.SessionChanged(
            session,
            new SessionFacts(session, EvolutionStates.OfWebhook(word, reason), word)
            {
                Code = reason,
                Phone = LooseJson.PhoneOf(data.Text("wuid")),
                Name = data.Text("profileName"),
                Note = reason is { } known ? EvolutionStates.Words(known) : null,
            }
        );
    }

    private static IEnumerable<GatewayEvent> Pairing(string session, JsonElement data)
    {
        if (CodeIn(data.Get("qrcode") ?? data) is { } code)
        {
            yield return new GatewayEvent.PairingShown(session, code);
            yield return Facts(session, SessionState.NeedsPairing, "qrcode", null);
        }
        else if (data.Number("statusCode") is not null)
        {
            yield return Facts(session, SessionState.NeedsPairing, "refused", "it has shown all its codes: connect it again for another");
        }
    }

    private static GatewayEvent.SessionChanged Facts(string session, SessionState state, string raw, string? note) =>
        new(session, new SessionFacts(session, state, raw) { Note = note });
}

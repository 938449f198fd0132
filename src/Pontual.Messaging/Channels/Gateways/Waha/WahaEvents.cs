using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>What WAHA's events tell.</summary>
internal static class WahaEvents
{
    /// <param name="session">The session.</param>
    /// <param name="kind">The event.</param>
    /// <param name="envelope">The whole webhook.</param>
    public static IReadOnlyList<GatewayEvent> Read(string session, string kind, JsonElement envelope)
    {
        var payload = envelope.Get("payload") ?? default;
        GatewayEvent? told = kind switch
        {
            // Who asks for both gets all that comes in twice: it is the same message by its id.
            "message" or "message.any" when WahaShapes.Message(payload) is { } message => new GatewayEvent.MessageSeen(session, message),
            "message.ack" or "message.ack.group" => Acked(session, payload),
            "session.status" => Changed(session, envelope, payload),
            _ => null,
        };
        return [told ?? new GatewayEvent.Other(session, kind)];
    }

    private static GatewayEvent.MessageAcked? Acked(string session, JsonElement payload) =>
        payload.Id("id") is { } id
        && WahaShapes.LevelOf(payload) is { } level
        && (payload.Flag("fromMe") ?? id.StartsWith("true_", StringComparison.Ordinal))
            ? new GatewayEvent.MessageAcked(session, WahaIds.Bare(id), level)
            : null;

    /// <summary>Comes again with the same status when only a restriction changed, or a code.</summary>
    private static GatewayEvent.SessionChanged? Changed(string session, JsonElement envelope, JsonElement payload)
    {
        if (payload.Text("status") is not { } status)
        {
            return null;
        }

        var (state, note) = WahaStates.Of(status);
        var teller = TellsBoth(envelope.Get("me")) ? envelope.Get("me") : payload.Get("data");
        var restrictions = WahaStates.Restrictions(teller?.Get("reachoutTimelock"), teller?.Get("messageCapping"));
        return new GatewayEvent.SessionChanged(
            session,
            new SessionFacts(session, state, status)
            {
                Note = note,
                Phone = LooseJson.PhoneOf(envelope.Text("me", "id")),
                Name = envelope.Text("me", "pushName"),
                Restrictions = restrictions,
            }
        )
        {
            TellsRestrictions = restrictions.Count > 0 || TellsBoth(teller),
        };
    }

    /// <summary>Only the restriction that changed is told. That this one is over says nothing of the other, which the list then tells.</summary>
    private static bool TellsBoth(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Object } told
        && told.TryGetProperty("reachoutTimelock", out _)
        && told.TryGetProperty("messageCapping", out _);
}

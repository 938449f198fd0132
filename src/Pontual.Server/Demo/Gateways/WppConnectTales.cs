using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The webhooks of WPPConnect: flat, unsigned, and silent about most of what happens to a connection.</summary>
internal sealed class WppConnectTales(World world)
{
    private const int LoggedOut = 401;
    private const int Banned = 403;
    private const int Fine = 200;
    private const int AfterPairing = 515;

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened, IReadOnlyList<(string, string)> headers)
    {
        if (session.Webhook is not { IsEnabled: true } webhook || Of(session, happened) is not var (name, data))
        {
            return [];
        }

        var body = new JsonObject { ["event"] = name, ["session"] = session.Id };
        foreach (var (key, value) in data)
        {
            body[key] = value?.DeepClone();
        }

        return [new WebhookDraft(name, webhook.Url, JsonSerializer.SerializeToUtf8Bytes(body), headers)];
    }

    private (string Event, JsonObject Data)? Of(SimulatedSession session, SimulatedEvent happened) =>
        happened switch
        {
            SimulatedEvent.LinkChanged { Link: Link.Open } => Found("inChat"),
            // That the phone is out of reach is not told, only how a start goes on.
            SimulatedEvent.LinkChanged { Link: Link.Connecting, Code: Fine or AfterPairing } => Found(
                session.IsPaired ? "isLogged" : "notLogged"
            ),
            SimulatedEvent.LinkChanged { Link: Link.Closed, Code: LoggedOut or Banned } => Found("desconnectedMobile"),
            SimulatedEvent.LinkChanged { Link: Link.Closed } => Found("browserClose"),
            SimulatedEvent.LinkChanged { Link: Link.Refused } => Found("autocloseCalled"),
            SimulatedEvent.LinkChanged { Link: Link.Stopped } => (
                "closesession",
                new JsonObject { ["message"] = $"Session: {session.Id} disconnected", ["connected"] = false }
            ),
            SimulatedEvent.CodeShown shown => (
                "qrcode",
                new JsonObject { ["qrcode"] = SimulatedCode.Base64(shown.Code), ["urlcode"] = shown.Code }
            ),
            SimulatedEvent.MessageSeen { Message.IsOurs: false } seen => (
                "onmessage",
                WppConnectShapes.Message(session, seen.Message, world)
            ),
            SimulatedEvent.MessageSeen seen when world.Options.WppConnectTellsOwn => (
                "onselfmessage",
                WppConnectShapes.Message(session, seen.Message, world)
            ),
            SimulatedEvent.Acked acked => ("onack", Ack(session, acked)),
            _ => null,
        };

    private static (string, JsonObject)? Found(string status) => ("status-find", new JsonObject { ["status"] = status });

    private JsonObject Ack(SimulatedSession session, SimulatedEvent.Acked acked) =>
        new()
        {
            ["id"] = WppConnectShapes.Id(acked.Message, world),
            ["fromMe"] = true,
            ["ack"] = acked.Level,
            ["from"] = $"{session.Phone}@c.us",
            ["to"] = WppConnectShapes.ChatOf(acked.Message),
            // The time of the message, not of the acknowledgement.
            ["t"] = acked.Message.At.ToUnixTimeSeconds(),
        };
}

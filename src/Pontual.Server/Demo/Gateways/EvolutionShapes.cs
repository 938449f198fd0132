using System.Text.Json.Nodes;

namespace Pontual.Server.Demo.Gateways;

/// <summary>A message in the shape of Evolution (and of Baileys).</summary>
internal static class EvolutionShapes
{
    public static JsonObject Message(SimulatedSession session, SimulatedMessage message, World world)
    {
        var chat = message.Group is { } group ? $"{group}@g.us" : $"{message.Peer}@s.whatsapp.net";
        return new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["remoteJid"] = chat,
                ["fromMe"] = message.IsOurs,
                ["id"] = message.Id,
                ["participant"] = message.Group is null ? null : $"{world.LidOf(message.Peer)}@lid",
                ["participantAlt"] = message.Group is null ? null : $"{message.Peer}@s.whatsapp.net",
            },
            ["pushName"] = message.IsOurs ? "Me" : $"Peer {message.Peer[^4..]}",
            ["status"] = message.IsOurs
                ? message.ByApi
                    ? "PENDING"
                    : "SERVER_ACK"
                : "DELIVERY_ACK",
            ["message"] = Content(message),
            ["contextInfo"] = null,
            ["messageType"] = message.Kind == "text" ? "conversation" : $"{message.Kind}Message",
            ["messageTimestamp"] = message.At.ToUnixTimeSeconds(),
            ["instanceId"] = $"uuid-of-{session.Id}",
            ["source"] = message.ByApi ? "web" : "android",
        };
    }

    public static string AckWord(int level) =>
        level switch
        {
            < 0 => "ERROR",
            0 => "PENDING",
            1 => "SERVER_ACK",
            2 => "DELIVERY_ACK",
            3 => "READ",
            _ => "PLAYED",
        };

    private static JsonObject Content(SimulatedMessage message) =>
        message.Kind == "text"
            ? new JsonObject { ["conversation"] = message.Text }
            : new JsonObject { [$"{message.Kind}Message"] = new JsonObject { ["caption"] = message.Text } };
}

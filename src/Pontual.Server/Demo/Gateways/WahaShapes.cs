using System.Text.Json.Nodes;

namespace Pontual.Server.Demo.Gateways;

/// <summary>Messages in the shapes of WAHA: the same in webhooks, and another for each engine in the answer to a send.</summary>
internal static class WahaShapes
{
    /// <summary>Whose it is, which chat and the bare id in one.</summary>
    public static string IdOf(SimulatedMessage message) => $"{(message.IsOurs ? "true" : "false")}_{ChatOf(message)}_{message.Id}";

    public static string ChatOf(SimulatedMessage message) => message.Group is { } group ? $"{group}@g.us" : $"{message.Peer}@c.us";

    public static JsonObject Message(SimulatedSession session, SimulatedMessage message) =>
        new()
        {
            ["id"] = IdOf(message),
            ["timestamp"] = message.At.ToUnixTimeSeconds(),
            // Of ours too the chat is in 'from' with one engine, and in 'to' with the others.
            ["from"] = message.IsOurs && session.Engine != "NOWEB" ? $"{session.Phone}@c.us" : ChatOf(message),
            ["fromMe"] = message.IsOurs,
            ["source"] = message.ByApi ? "api" : "app",
            ["to"] = message.IsOurs ? ChatOf(message) : $"{session.Phone}@c.us",
            ["participant"] = message.Group is null ? null : $"{message.Peer}@c.us",
            ["body"] = message.Text,
            ["hasMedia"] = message.Kind != "text",
            ["media"] = message.Kind == "text" ? null : new JsonObject { ["mimetype"] = MimeOf(message.Kind), ["url"] = null },
            ["ack"] = message.Ack,
            ["ackName"] = AckWord(message.Ack),
            ["replyTo"] = null,
            ["_data"] = message.IsOurs ? null : new JsonObject { ["pushName"] = $"Peer {message.Peer[^4..]}" },
        };

    /// <summary>WEBJS has the id as an object, NOWEB answers as Baileys does, GOWS hides it in its data.</summary>
    public static JsonObject Sent(SimulatedSession session, SimulatedMessage message) =>
        session.Engine switch
        {
            "WEBJS" => new JsonObject
            {
                ["id"] = new JsonObject
                {
                    ["fromMe"] = true,
                    ["remote"] = ChatOf(message),
                    ["id"] = message.Id,
                    ["_serialized"] = IdOf(message),
                },
                ["ack"] = 0,
            },
            "GOWS" => new JsonObject { ["_data"] = new JsonObject { ["id"] = new JsonObject { ["_serialized"] = IdOf(message) } } },
            _ => new JsonObject
            {
                ["key"] = new JsonObject
                {
                    ["remoteJid"] = ChatOf(message).Replace("@c.us", "@s.whatsapp.net", StringComparison.Ordinal),
                    ["fromMe"] = true,
                    ["id"] = message.Id,
                },
                ["status"] = "PENDING",
            },
        };

    public static string AckWord(int level) =>
        level switch
        {
            < 0 => "ERROR",
            0 => "PENDING",
            1 => "SERVER",
            2 => "DEVICE",
            3 => "READ",
            _ => "PLAYED",
        };

    private static string MimeOf(string kind) =>
        kind switch
        {
            "image" => "image/png",
            "video" => "video/mp4",
            "audio" => "audio/ogg",
            _ => "application/pdf",
        };
}

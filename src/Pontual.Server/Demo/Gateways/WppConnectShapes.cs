using System.Text.Json.Nodes;

namespace Pontual.Server.Demo.Gateways;

/// <summary>Messages as WPPConnect dresses them: ids are a text, an object, or an object without the text, as the seed decides.</summary>
internal static class WppConnectShapes
{
    public static string ChatOf(SimulatedMessage message) =>
        message.Group is { } group ? $"{group}@g.us"
        : message.Peer.Length > 14 ? $"{message.Peer}@lid"
        : $"{message.Peer}@c.us";

    /// <summary>The long id, with the chat and who wrote.</summary>
    public static string SerializedId(SimulatedMessage message) =>
        $"{(message.IsOurs ? "true" : "false")}_{ChatOf(message)}_{message.Id}{(message.ByApi ? "_out" : message.Group is null ? "" : $"_{message.Peer}@c.us")}";

    public static JsonNode Id(SimulatedMessage message, World world)
    {
        var serialized = SerializedId(message);
        return world.Chance("id", message.Id) switch
        {
            < 0.4 => serialized,
            var chance => new JsonObject
            {
                ["fromMe"] = message.IsOurs,
                ["remote"] = ChatOf(message),
                ["id"] = message.Id,
                // Newer pages of WhatsApp Web leave it empty.
                ["_serialized"] = chance < 0.8 ? serialized : null,
            },
        };
    }

    public static JsonObject Message(SimulatedSession session, SimulatedMessage message, World world)
    {
        var (own, chat) = ($"{session.Phone}@c.us", ChatOf(message));
        var isText = message.Kind == "text";
        return new JsonObject
        {
            ["id"] = Id(message, world),
            // Of a medium this is its preview in base64.
            ["body"] = isText ? message.Text : SmallPicture.Base64,
            ["caption"] = isText ? null : message.Text,
            ["type"] = TypeOf(message.Kind),
            ["t"] = message.At.ToUnixTimeSeconds(),
            ["from"] = message.IsOurs ? own : chat,
            ["to"] = message.IsOurs ? chat : own,
            ["author"] = message is { Group: not null, IsOurs: false } ? $"{message.Peer}@c.us" : null,
            ["fromMe"] = message.IsOurs,
            ["isGroupMsg"] = message.Group is not null,
            ["chatId"] = chat,
            ["notifyName"] = message.IsOurs ? null : $"Peer {message.Peer[^4..]}",
            ["sender"] = new JsonObject(),
            ["ack"] = message.Ack,
        };
    }

    private static string TypeOf(string kind) =>
        kind switch
        {
            "text" => "chat",
            "audio" => "ptt",
            _ => kind,
        };
}

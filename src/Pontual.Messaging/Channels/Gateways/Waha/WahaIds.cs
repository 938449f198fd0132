using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>Ids of WAHA: of messages in three shapes, by engine, and of chats in two.</summary>
/// <remarks>A message is <c>true_5511…@c.us_3EB0…</c> in webhooks, with the writer behind it in groups, and may be the bare <c>3EB0…</c> in the answer to the
/// send: the bare part is what both have, and what we know a message by.</remarks>
internal static class WahaIds
{
    /// <summary>The id in the answer to a send; null for none.</summary>
    public static string? InAnswer(JsonElement json) =>
        json.Id("id")
        ?? json.Text("key", "id")
        ?? json.Id("_data", "id")
        ?? json.Text("_data", "key", "id")
        ?? json.Text("_data", "Info", "ID");

    /// <summary>The part of an id that all shapes share.</summary>
    public static string Bare(string id) => id.Split('_') is ["true" or "false", _, var bare, ..] && bare.Length > 0 ? bare : id;

    /// <summary>The chat in an id; null when it is a bare one.</summary>
    public static string? ChatIn(string id) => id.Split('_') is ["true" or "false", var chat, _, ..] ? chat : null;

    /// <summary>What to send to: a number becomes the id of its chat, and the way that Baileys writes one becomes WAHA's.</summary>
    public static string ChatOf(string to) =>
        !to.Contains('@', StringComparison.Ordinal) ? $"{LooseJson.PhoneOf(to)}@c.us"
        : to.EndsWith("@s.whatsapp.net", StringComparison.Ordinal) ? $"{to.Split('@')[0]}@c.us"
        : to;
}

using System.Text.Json;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Realtime;

/// <summary>What a client asks for over its socket: <c>{"subscribe":["runs","job:NAME"],"after":CURSOR}</c>.</summary>
/// <param name="Wanted">What it wants to hear.</param>
/// <param name="After">From where on; null for where it stands, and at first for now.</param>
internal sealed record SocketWish(Subscription Wanted, long? After)
{
    private const string Shape =
        """send {"subscribe":["runs"]}, with "after" and the cursor of the last event you have, to go on from there""";

    /// <summary>Reads a message.</summary>
    /// <returns>The wish, or what is wrong with the message.</returns>
    public static (SocketWish? Wish, string? Wrong) Read(ReadOnlyMemory<byte> message, TenantName tenant)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return Read(document.RootElement, tenant);
        }
        catch (JsonException)
        {
            return (null, $"That is not JSON: {Shape}.");
        }
    }

    private static (SocketWish? Wish, string? Wrong) Read(JsonElement root, TenantName tenant)
    {
        if (
            root.ValueKind is not JsonValueKind.Object
            || !root.TryGetProperty("subscribe", out var list)
            || list.ValueKind is not JsonValueKind.Array
        )
        {
            return (null, $"'subscribe' is missing or is no list: {Shape}.");
        }

        if (
            root.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => name is not ("subscribe" or "after")) is
            { } unknown
        )
        {
            return (null, $"'{unknown}' is not known: {Shape}.");
        }

        long? after = null;
        if (root.TryGetProperty("after", out var cursor) && cursor.ValueKind is not JsonValueKind.Null)
        {
            if (cursor.ValueKind is not JsonValueKind.Number || !cursor.TryGetInt64(out var number) || number < 0)
            {
                return (null, "'after' is no cursor: send the number that the last event you have came with.");
            }

            after = number;
        }

        var words = list.EnumerateArray()
            .Select(word => word.ValueKind is JsonValueKind.String ? word.GetString()! : word.GetRawText())
            .ToList();
        return Subscription.TryRead(words, tenant, out var wanted, out var wrong)
            ? (new SocketWish(wanted, after), null)
            : (null, $"'{wrong}' cannot be subscribed to: use {Subscription.Rule}.");
    }
}

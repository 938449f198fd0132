using System.Text.Json.Nodes;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Packs;

/// <summary>The part of the schema that tells gateways.</summary>
internal static class GatewaySchema
{
    private const int LongestUrl = 2_000;
    private const int LongestSecret = 1_000;

    public static JsonObject Gateways() =>
        new()
        {
            ["description"] = "Gateways of WhatsApp. A file puts them and never removes one.",
            ["type"] = "array",
            ["items"] = Gateway(),
        };

    private static JsonObject Gateway()
    {
        var gateway = PackSchema.Closed(
            "A gateway: where it is, which protocol it speaks, and what it lets us in with.",
            new()
            {
                ["name"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z0-9][a-z0-9._-]{0,63}$" },
                ["kind"] = PackSchema.Enum(Enum.GetValues<GatewayKind>().Select(kind => kind.Word())),
                ["url"] = PackSchema.Told("Its base address; may be ${env:NAME}.", PackSchema.Words(LongestUrl)),
                ["secret"] = PackSchema.Told("The reference to its key: ${env:NAME} or ${file:PATH}.", PackSchema.Words(LongestSecret)),
                ["account"] = PackSchema.Told("cloud-api: the business account (WABA).", PackSchema.Words(64)),
                ["webhook-secret"] = PackSchema.Told(
                    "The reference to what its webhooks are signed with.",
                    PackSchema.Words(LongestSecret)
                ),
                ["webhooks"] = PackSchema.Told(
                    "false leaves alone where webhooks of its sessions go.",
                    new JsonObject { ["type"] = "boolean" }
                ),
            }
        );
        gateway["required"] = new JsonArray("name", "kind", "url", "secret");
        return gateway;
    }
}

using System.Text.Json.Nodes;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Server.Channels;

/// <summary>A gateway as the API shows it: its definition, where its webhooks come to, and how calling it goes. Secrets are references.</summary>
internal static class GatewayView
{
    /// <summary>What the server adds to a definition: accepted in a body and left out, so that what was read can be sent back.</summary>
    public static readonly string[] ReadOnlyKeys =
    [
        "revision",
        "webhook_url",
        "verify_token",
        "answered_at",
        "failing_since",
        "fault",
        "fault_detail",
    ];

    /// <param name="gateway">The gateway.</param>
    /// <param name="webhookUrl">Where its webhooks come to: whoever knows it can send some.</param>
    /// <param name="verifyToken">What Meta is to ask with before it sends any; null for gateways that do not ask.</param>
    public static JsonObject Of(GatewayRecord gateway, string? webhookUrl, string? verifyToken)
    {
        var json = GatewayDocument.Write(gateway.Definition);
        json["revision"] = gateway.Revision;
        json["webhook_url"] = webhookUrl;
        if (gateway.Definition.Kind is GatewayKind.CloudApi)
        {
            json["verify_token"] = verifyToken;
        }

        json["answered_at"] = Instant(gateway.AnsweredAt);
        json["failing_since"] = Instant(gateway.FailingSince);
        json["fault"] = gateway.Fault is { } fault ? ChannelWords.Of(fault) : null;
        json["fault_detail"] = gateway.FaultDetail;
        return json;
    }

    private static string? Instant(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What came of trying a gateway.</summary>
/// <param name="Works">Whether it answers as it should.</param>
/// <param name="Sessions">The sessions that it lists.</param>
/// <param name="Fault">What sort of trouble; null for none.</param>
/// <param name="Detail">The same for people, with the likely cause; null for none.</param>
internal sealed record GatewayTrialView(bool Works, IReadOnlyList<GatewaySessionView> Sessions, string? Fault, string? Detail);

/// <summary>A session as a gateway lists it.</summary>
internal sealed record GatewaySessionView(string Id, string State, string Raw, string? Name, string? Phone, string? Note)
{
    public static GatewaySessionView Of(SessionFacts facts) =>
        new(facts.Id, ChannelWords.Of(facts.State), facts.Raw, facts.Name, facts.Phone, facts.Note);
}

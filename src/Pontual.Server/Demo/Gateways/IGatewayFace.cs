using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>One gateway's protocol over the simulated world: its routes, its words and its webhooks.</summary>
internal interface IGatewayFace
{
    /// <summary>Which gateway.</summary>
    GatewayKind Kind { get; }

    /// <summary>Maps its routes. The group has the face's path already; faults that hit whole requests are dealt with before.</summary>
    void Map(IEndpointRouteBuilder routes);

    /// <summary>The webhooks that tell of an event, in their order; none when the session's setting wants none. Called under the world's gate: quick, and no waiting.</summary>
    IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened);

    /// <summary>How long to wait before a webhook is tried again.</summary>
    /// <param name="attempt">The try that failed, from 1.</param>
    /// <param name="status">What was answered; 0 for no answer.</param>
    /// <param name="jitter">From 0 to 1, from the seed.</param>
    /// <returns>Null to give up.</returns>
    TimeSpan? RetryAfter(int attempt, int status, double jitter);

    /// <summary>What it says when it answers 200 and means an error.</summary>
    JsonNode ErrorWith200 { get; }

    /// <summary>What it says with 500.</summary>
    JsonNode ServerError { get; }

    /// <summary>What it says while it asks for a licence, with 503; null for a gateway that has none.</summary>
    JsonNode? Unlicensed => null;

    /// <summary>Paths that answer without a licence, without the face's own path.</summary>
    bool NeedsLicence(string path) => true;
}

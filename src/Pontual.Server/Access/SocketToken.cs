using Microsoft.AspNetCore.Http;

namespace Pontual.Server.Access;

/// <summary>A token among the subprotocols that a WebSocket offers: browsers can send no header with one. Clients offer <c>pontual</c> beside it, which is what
/// the server chooses, so that no answer repeats the token.</summary>
internal static class SocketToken
{
    private const string Chosen = "pontual";
    private const string Prefix = "pontual.bearer.";

    /// <summary>The token offered by a request for a socket; null for none.</summary>
    public static string? Of(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest
            ? context
                .WebSockets.WebSocketRequestedProtocols.FirstOrDefault(offer => offer.StartsWith(Prefix, StringComparison.Ordinal))
                ?[Prefix.Length..]
            : null;

    /// <summary>The protocol to choose from what is offered.</summary>
    public static string? Protocol(IList<string> offers) => offers.Contains(Chosen) ? Chosen : null;
}

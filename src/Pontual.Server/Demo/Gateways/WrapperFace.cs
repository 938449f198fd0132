using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The face of the wrapper around WPPConnect: a list of channels, and a code that makes it look after the connection.</summary>
internal sealed class WrapperFace(World world) : IGatewayFace
{
    private const string SecretHeader = "X-Gateway-Secret";
    private static readonly string Key = SimulatedGateway.KeyOf(GatewayKind.Wrapper);

    private readonly WppConnectTales _tales = new(world);

    public GatewayKind Kind => GatewayKind.Wrapper;

    public JsonNode ErrorWith200 => new JsonObject { ["success"] = false, ["error"] = "the browser does not answer" };

    public JsonNode ServerError => new JsonObject { ["success"] = false, ["error"] = "internal error" };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/channels", List);
        routes.MapGet("/api/channels/{id}/qr", Code);
    }

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened) =>
        _tales.Tell(session, happened, session.Webhook?.Secret is { } secret ? [(SecretHeader, secret)] : []);

    /// <summary>What is not taken at once is never sent again.</summary>
    public TimeSpan? RetryAfter(int attempt, int status, double jitter) => null;

    private static IResult Unauthorized => Results.Json(new { success = false, error = "unauthorized" }, statusCode: 401);

    private static string StateOf(Link link) =>
        link switch
        {
            Link.Open => "connected",
            Link.Connecting => "connecting",
            Link.Pairing => "qrcode",
            _ => "disconnected",
        };

    private IResult List(HttpRequest request) =>
        request.Headers[SecretHeader] == Key
            ? Results.Json(
                new
                {
                    success = true,
                    channels = world
                        .SessionsOf(Kind)
                        .Select(session => new
                        {
                            id = session.Id,
                            name = session.Name,
                            status = StateOf(session.Link),
                            phone = session.Phone,
                        }),
                }
            )
            : Unauthorized;

    /// <summary>Asked for its code, a session that is dead or closed connects anew; one that lives is left alone.</summary>
    private IResult Code(HttpRequest request, string id)
    {
        if (request.Headers[SecretHeader] != Key)
        {
            return Unauthorized;
        }

        if (world.Find(Kind, id) is not { } session)
        {
            return Results.Json(new { success = false, error = "channel not found" }, statusCode: 404);
        }

        world.Note(session, CommandKind.Qr, StateOf(session.Link));
        if (session is { Link: Link.Open, IsAlive: false })
        {
            session.Restart();
        }

        session.Connect();
        return Results.Json(
            new
            {
                success = true,
                status = StateOf(session.Link),
                qr = session.PairingCode is { } code ? SimulatedCode.DataUrl(code) : null,
            }
        );
    }
}

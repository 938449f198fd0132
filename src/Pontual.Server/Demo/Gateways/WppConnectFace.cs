using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The face of WPPConnect-Server 2.10.4, with its traps: states that lie, a start that does nothing and answers with the old state, pages of HTML for errors.</summary>
internal sealed class WppConnectFace(World world) : IGatewayFace
{
    private static readonly string Key = SimulatedGateway.KeyOf(GatewayKind.WppConnect);

    private readonly WppConnectTales _tales = new(world);
    private readonly WppConnectChats _chats = new(world);

    public GatewayKind Kind => GatewayKind.WppConnect;

    public JsonNode ErrorWith200 => new JsonObject { ["status"] = "error", ["message"] = "Error on open list" };

    public JsonNode ServerError => WppConnectAnswers.SendError;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Json(new { uptime = 1.0, message = "OK" }));
        routes.MapGet("/api/{secret}/show-all-sessions", List);
        routes.MapPost("/api/{name}/{secret}/generate-token", Token);
        routes.MapGet("/api/{name}/status-session", (HttpContext http, string name) => For(http, name, State));
        routes.MapGet("/api/{name}/check-connection-session", (HttpContext http, string name) => For(http, name, Check));
        routes.MapGet("/api/{name}/qrcode-session", (HttpContext http, string name) => For(http, name, Code));
        routes.MapGet("/api/{name}/host-device", (HttpContext http, string name) => ForLive(http, name, Device));
        routes.MapPost("/api/{name}/close-session", (HttpContext http, string name) => For(http, name, Close));
        routes.MapPost("/api/{name}/logout-session", (HttpContext http, string name) => ForLive(http, name, LogOut));
        routes.MapPost(
            "/api/{name}/start-session",
            (HttpContext http, string name) => WppConnectAnswers.WithBody(http, body => For(http, name, session => Start(session, body)))
        );
        _chats.Map(routes, ForLive);
        routes.MapFallback(http => WppConnectAnswers.Page(404, $"Cannot {http.Request.Method} {http.Request.Path}").ExecuteAsync(http));
    }

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened) => _tales.Tell(session, happened, []);

    /// <summary>What is not taken at once is never sent again.</summary>
    public TimeSpan? RetryAfter(int attempt, int status, double jitter) => null;

    internal static string StateOf(Link link) =>
        link switch
        {
            Link.Open => "CONNECTED",
            Link.Connecting => "INITIALIZING",
            Link.Pairing => "QRCODE",
            _ => "CLOSED",
        };

    private string TokenOf(string session) => $"$2b$10${world.Id(40, "token", session)}";

    /// <summary>Two bodies for the same refusal.</summary>
    private IResult For(HttpContext http, string name, Func<SimulatedSession, IResult> answer)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            return Results.Json(new { message = "Token is not present. Check your header and try again" }, statusCode: 401);
        }

        if (authorization != $"Bearer {TokenOf(name)}" || world.Find(Kind, name) is not { } session)
        {
            return Results.Json(new { error = "Check that the Session and Token are correct" }, statusCode: 401);
        }

        return answer(session);
    }

    private IResult ForLive(HttpContext http, string name, Func<SimulatedSession, IResult> answer) =>
        For(http, name, session => session.Link is Link.Open ? answer(session) : WppConnectAnswers.Disconnected);

    private IResult List(string secret) =>
        secret == Key
            ? Results.Json(new { response = world.SessionsOf(Kind).Select(session => session.Id) })
            : Results.Json(new { response = false, message = "The token is incorrect" }, statusCode: 400);

    private IResult Token(string name, string secret) =>
        secret == Key
            ? Results.Json(
                new
                {
                    status = "success",
                    session = name,
                    token = TokenOf(name),
                    full = $"{name}:{TokenOf(name)}",
                },
                statusCode: StatusCodes.Status201Created
            )
            : Results.Json(new { response = false, message = "The SECRET_KEY is incorrect" }, statusCode: 400);

    private static IResult State(SimulatedSession session)
    {
        if (session.Link is not (Link.Open or Link.Connecting or Link.Pairing))
        {
            return Results.Json(new { status = "CLOSED", qrcode = (string?)null });
        }

        return Results.Json(
            new
            {
                status = StateOf(session.Link),
                qrcode = session.PairingCode is { } code ? SimulatedCode.DataUrl(code) : null,
                urlcode = session.PairingCode,
                version = "2.10.4",
            }
        );
    }

    /// <summary>Connected as long as there is a browser at all.</summary>
    private static IResult Check(SimulatedSession session) =>
        session.Link is Link.Open
            ? Results.Json(new { status = true, message = "Connected" })
            : Results.Json(new { status = false, message = "Disconnected" });

    private IResult Code(SimulatedSession session)
    {
        world.Note(session, CommandKind.Qr, StateOf(session.Link));
        return session.PairingCode is { } code
            ? Results.Bytes(SimulatedCode.Png(code), "image/png")
            : Results.Json(new { status = StateOf(session.Link), message = "QRCode is not available..." });
    }

    /// <summary>From the browser's memory: a dead session has it too.</summary>
    private static IResult Device(SimulatedSession session) =>
        Results.Json(
            new
            {
                status = "success",
                response = new { pushname = session.Name, phoneNumber = $"{session.Phone}@c.us" },
                mapper = "device",
            }
        );

    /// <summary>The old state is answered, then it starts if it is closed, and otherwise nothing happens.</summary>
    private IResult Start(SimulatedSession session, JsonElement body)
    {
        world.Note(session, CommandKind.Start, StateOf(session.Link));
        var old = State(session);
        if (session.Link is Link.Stopped or Link.Closed or Link.Refused)
        {
            session.Webhook =
                body.ValueKind is JsonValueKind.Object
                && body.TryGetProperty("webhook", out var url)
                && url.GetString() is { Length: > 0 } given
                    ? new SimulatedWebhook(given) { Secret = session.Webhook?.Secret }
                    : null;
            session.Start();
        }

        return old;
    }

    /// <summary>While it is starting this answers that it failed, and has closed all the same.</summary>
    private IResult Close(SimulatedSession session)
    {
        world.Note(session, CommandKind.Stop, StateOf(session.Link));
        var was = session.Link;
        session.Stop();
        return was is Link.Open or Link.Stopped
            ? Results.Json(new { status = true, message = "Session successfully closed" })
            : Results.Json(
                new
                {
                    status = false,
                    message = "Error closing session",
                    error = new { },
                },
                statusCode: 500
            );
    }

    private IResult LogOut(SimulatedSession session)
    {
        world.Note(session, CommandKind.Logout, StateOf(session.Link));
        session.LogOut();
        return Results.Json(new { status = true, message = "Session successfully closed" });
    }
}

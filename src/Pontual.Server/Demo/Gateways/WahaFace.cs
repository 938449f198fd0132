using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The face of WAHA: sessions that are left out of the list while they are stopped, a setting of webhooks that is replaced as a whole and restarts the
/// session, and restrictions that are told.</summary>
internal sealed class WahaFace(World world) : IGatewayFace
{
    private static readonly string Key = SimulatedGateway.KeyOf(GatewayKind.Waha);

    private readonly WahaWebhooks _webhooks = new(world);
    private readonly WahaMessages _messages = new(world);

    public GatewayKind Kind => GatewayKind.Waha;

    public JsonNode ErrorWith200 => new JsonObject { ["error"] = "Internal error", ["statusCode"] = 500 };

    public JsonNode ServerError => EngineError("2 UNKNOWN: something broke");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ping", () => Results.Json(new { message = "pong" }));
        var api = routes.MapGroup("/api");
        api.AddEndpointFilter(
            async (call, next) =>
                call.HttpContext.Request.Headers["X-Api-Key"] == Key
                    ? await next(call)
                    : Results.Json(new { message = "Unauthorized", statusCode = 401 }, statusCode: StatusCodes.Status401Unauthorized)
        );
        api.MapGet(
            "/server/version",
            () =>
                Results.Json(
                    new
                    {
                        version = "2026.8.1",
                        engine = "NOWEB",
                        tier = "CORE",
                    }
                )
        );
        api.MapGet("/sessions", List);
        api.MapGet("/sessions/{name}", (string name) => For(name, session => Results.Json(Row(session))));
        api.MapPut("/sessions/{name}", (string name, JsonElement body) => For(name, session => Replace(session, body)));
        api.MapPost("/sessions/{name}/start", (string name) => For(name, session => Do(session, CommandKind.Start, session.Start)));
        api.MapPost("/sessions/{name}/stop", (string name) => For(name, session => Do(session, CommandKind.Stop, session.Stop)));
        api.MapPost("/sessions/{name}/restart", (string name) => For(name, session => Do(session, CommandKind.Restart, session.Restart)));
        api.MapPost(
            "/sessions/{name}/logout",
            (string name) => For(name, session => Do(session, CommandKind.Logout, () => LogOut(session)))
        );
        api.MapGet("/sessions/{name}/timelock", (string name) => For(name, session => Results.Json(TimelockOf(session))));
        api.MapGet("/sessions/{name}/capping", (string name) => For(name, session => Results.Json(CappingOf(session))));
        api.MapGet("/{name}/auth/qr", (string name, string? format) => For(name, session => Code(session, format)));
        _messages.Map(api, For);
    }

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened) => _webhooks.Tell(session, happened);

    /// <summary>Fifteen tries; two seconds first, then twice as long each time.</summary>
    public TimeSpan? RetryAfter(int attempt, int status, double jitter) =>
        attempt >= 15 ? null : TimeSpan.FromSeconds(Math.Min(600, 2 * Math.Pow(2, attempt - 1)));

    internal static string StatusOf(Link link) =>
        link switch
        {
            Link.Open => "WORKING",
            Link.Connecting => "STARTING",
            Link.Pairing => "SCAN_QR_CODE",
            Link.Stopped => "STOPPED",
            _ => "FAILED",
        };

    internal static JsonObject TimelockOf(SimulatedSession session) =>
        new()
        {
            ["enforcementType"] = "DEFAULT",
            ["isActive"] = session.Has(FaultKind.Timelock),
            ["timeEnforcementEnds"] = session.EndOf(FaultKind.Timelock)?.ToUnixTimeSeconds(),
        };

    internal static JsonObject CappingOf(SimulatedSession session) =>
        new()
        {
            ["cappingStatus"] = session.Has(FaultKind.Capped) ? "CAPPED" : "NONE",
            ["totalQuota"] = 100,
            ["usedQuota"] = session.Has(FaultKind.Capped) ? 100 : 0,
            ["cycleEnd"] = session.EndOf(FaultKind.Capped)?.ToUnixTimeSeconds(),
        };

    /// <summary>Who is behind a session; nobody until it is paired.</summary>
    internal static JsonObject? Me(SimulatedSession session, World world)
    {
        if (!session.IsPaired)
        {
            return null;
        }

        var me = new JsonObject
        {
            ["id"] = $"{session.Phone}@c.us",
            ["lid"] = $"{world.LidOf(session.Phone)}@lid",
            ["pushName"] = session.Name,
        };
        // As an older version does: the restrictions have to be asked for.
        if (session.Engine != "WEBJS")
        {
            (me["reachoutTimelock"], me["messageCapping"]) = (TimelockOf(session), CappingOf(session));
        }

        return me;
    }

    internal static JsonObject EngineError(string message) =>
        new()
        {
            ["statusCode"] = 500,
            ["timestamp"] = "2026-01-01T00:00:00.000Z",
            ["exception"] = new JsonObject
            {
                ["message"] = message,
                ["name"] = "Error",
                ["stack"] = "Error: at engine",
            },
            ["request"] = new JsonObject { ["path"] = "/api/sendText", ["method"] = "POST" },
        };

    internal static IResult NotWorking(SimulatedSession session, string expected) =>
        Results.Json(
            new
            {
                error = "Session status is not as expected. Try again later or restart the session",
                session = session.Id,
                status = StatusOf(session.Link),
                expected = new[] { expected },
            },
            statusCode: StatusCodes.Status422UnprocessableEntity
        );

    private IResult For(string name, Func<SimulatedSession, IResult> answer) =>
        world.Find(Kind, name) is { } session
            ? answer(session)
            : Results.Json(new { statusCode = 404, message = "Session not found" }, statusCode: StatusCodes.Status404NotFound);

    private IResult List(bool? all) =>
        Results.Json(world.SessionsOf(Kind).Where(session => all is true || session.Link is not Link.Stopped).Select(Row));

    private JsonObject Row(SimulatedSession session)
    {
        var webhooks = new JsonArray();
        if (session.Webhook is { } webhook)
        {
            webhooks.Add(
                new JsonObject
                {
                    ["url"] = webhook.Url,
                    ["events"] = new JsonArray([.. webhook.Events.Select(each => (JsonNode)each)]),
                    ["hmac"] = webhook.Secret is { } key ? new JsonObject { ["key"] = key } : null,
                }
            );
        }

        return new JsonObject
        {
            ["name"] = session.Id,
            ["status"] = StatusOf(session.Link),
            ["config"] = new JsonObject
            {
                ["webhooks"] = webhooks,
                ["metadata"] = new JsonObject { ["tenant"] = "t1" },
            },
            ["me"] = Me(session, world),
            ["presence"] = "online",
            ["engine"] = new JsonObject { ["engine"] = session.Engine },
            ["timestamps"] = new JsonObject { ["activity"] = session.LastActivity.ToUnixTimeMilliseconds() },
        };
    }

    private IResult Do(SimulatedSession session, CommandKind kind, Action act)
    {
        world.Note(session, kind, StatusOf(session.Link));
        act();
        return Results.Json(Row(session), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>It is restarted after the logout, and shows a code.</summary>
    private static void LogOut(SimulatedSession session)
    {
        session.LogOut();
        session.Connect();
    }

    /// <summary>The whole setting is replaced, and a session that runs is stopped and started.</summary>
    private IResult Replace(SimulatedSession session, JsonElement body)
    {
        world.Note(session, CommandKind.SetWebhook, StatusOf(session.Link));
        session.Webhook =
            body.TryGetProperty("config", out var config)
            && config.TryGetProperty("webhooks", out var webhooks)
            && webhooks.EnumerateArray().LastOrDefault() is { ValueKind: JsonValueKind.Object } first
                ? new SimulatedWebhook(first.GetProperty("url").GetString()!)
                {
                    Events = first.TryGetProperty("events", out var events)
                        ? [.. events.EnumerateArray().Select(each => each.GetString()!)]
                        : [],
                    Secret =
                        first.TryGetProperty("hmac", out var hmac) && hmac.ValueKind is JsonValueKind.Object
                            ? hmac.GetProperty("key").GetString()
                            : null,
                }
                : null;
        if (session.Link is not Link.Stopped)
        {
            session.Stop();
            session.Start();
        }

        return Results.Json(Row(session));
    }

    private IResult Code(SimulatedSession session, string? format)
    {
        world.Note(session, CommandKind.Qr, StatusOf(session.Link));
        return session.PairingCode is not { } code ? NotWorking(session, "SCAN_QR_CODE")
            : format == "raw" ? Results.Json(new { value = code })
            : Results.Json(new { mimetype = "image/png", data = SimulatedCode.Base64(code) });
    }
}

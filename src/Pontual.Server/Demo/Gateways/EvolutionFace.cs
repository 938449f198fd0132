using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The face of Evolution API 2.3.7 (or 2.4, by the options), with its traps: an unknown instance is 404 before the key is looked at, errors come with 200.</summary>
internal sealed class EvolutionFace(World world) : IGatewayFace
{
    private static readonly string Key = SimulatedGateway.KeyOf(GatewayKind.Evolution);

    // The counters are called Message and Contact, with capitals.
    private static readonly JsonSerializerOptions AsWritten = new();

    private readonly EvolutionWebhooks _webhooks = new(world);
    private readonly EvolutionMessages _messages = new(world);

    public GatewayKind Kind => GatewayKind.Evolution;

    public JsonNode ErrorWith200 => new JsonObject { ["error"] = true, ["message"] = "[object Object]" };

    public JsonNode ServerError =>
        EvolutionAnswers.ErrorBody(500, "Internal Server Error", "Cannot read properties of undefined (reading 'id')");

    public JsonNode? Unlicensed =>
        new JsonObject
        {
            ["error"] = "service not activated",
            ["code"] = "LICENSE_REQUIRED",
            ["register_url"] = "https://license.example.com/register",
            ["message"] = "The service asks for a licence.",
        };

    public bool NeedsLicence(string path) => path is not ("" or "/");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/",
            () =>
                Results.Json(
                    new
                    {
                        status = 200,
                        message = "Welcome",
                        version = world.Options.IsEvolution24 ? "2.4.0" : "2.3.7",
                    }
                )
        );
        routes.MapGet("/instance/fetchInstances", List);
        routes.MapGet("/instance/connectionState/{name}", (HttpContext http, string name) => For(http, name, State));
        routes.MapGet("/instance/connect/{name}", (HttpContext http, string name) => For(http, name, Connect));
        routes.MapPost("/instance/restart/{name}", (HttpContext http, string name) => For(http, name, Restart));
        routes.MapDelete("/instance/logout/{name}", (HttpContext http, string name) => For(http, name, LogOut));
        routes.MapGet("/webhook/find/{name}", (HttpContext http, string name) => For(http, name, FindWebhook));
        routes.MapPost(
            "/webhook/set/{name}",
            (HttpContext http, string name, JsonElement body) => For(http, name, s => SetWebhook(s, body))
        );
        _messages.Map(routes, For);
    }

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened) => _webhooks.Tell(session, happened);

    /// <summary>Ten tries; five seconds first, then twice as long each time up to five minutes, a fifth more or less. Not after 400, 401, 403, 404 and 422.</summary>
    public TimeSpan? RetryAfter(int attempt, int status, double jitter) =>
        attempt >= 10 || status is 400 or 401 or 403 or 404 or 422
            ? null
            : TimeSpan.FromSeconds(Math.Min(300, 5 * Math.Pow(2, attempt - 1)) * (0.8 + 0.4 * jitter));

    internal static string StateOf(Link link) =>
        link switch
        {
            Link.Open => "open",
            Link.Connecting or Link.Pairing => "connecting",
            Link.Refused => "refused",
            _ => "close",
        };

    private IResult For(HttpContext http, string name, Func<SimulatedSession, IResult> answer)
    {
        if (world.Find(Kind, name) is not { } session)
        {
            return EvolutionAnswers.Error(404, "Not Found", $"The \"{name}\" instance does not exist");
        }

        return http.Request.Headers["apikey"] == Key || http.Request.Headers["apikey"] == TokenOf(session)
            ? answer(session)
            : EvolutionAnswers.Error(401, "Unauthorized", "Unauthorized");
    }

    private static string TokenOf(SimulatedSession session) => $"token-of-{session.Id}";

    private IResult List(HttpContext http, string? instanceName)
    {
        if (http.Request.Headers["apikey"] != Key)
        {
            return EvolutionAnswers.Error(401, "Unauthorized", "Unauthorized");
        }

        var rows = world.SessionsOf(Kind).Where(session => instanceName is null || session.Id == instanceName).ToList();
        return instanceName is not null && rows.Count == 0
            ? EvolutionAnswers.Error(404, "Not Found", $"Instance \"{instanceName}\" not found")
            : Results.Json(rows.Select(Row), AsWritten);
    }

    /// <summary>The state of the database: a passing loss is not written there.</summary>
    private static object Row(SimulatedSession session) =>
        new
        {
            id = $"uuid-of-{session.Id}",
            name = session.Id,
            // A code that was shown was written down, and its end was not.
            connectionStatus = session.StoredLink is Link.Refused ? "connecting" : StateOf(session.StoredLink),
            ownerJid = session.IsPaired ? $"{session.Phone}@s.whatsapp.net" : null,
            profileName = session.IsPaired ? session.Name : null,
            integration = "WHATSAPP-BAILEYS",
            token = TokenOf(session),
            // Never taken back, not even when it is open again.
            disconnectionReasonCode = session.EndedAt is null ? null : session.Code,
            disconnectionAt = session.EndedAt,
            createdAt = session.CreatedAt,
            Setting = new { rejectCall = false, groupsIgnore = false },
            _count = new
            {
                Message = session.Stored,
                Contact = 0,
                Chat = 0,
            },
        };

    /// <summary>In a storm of connecting it reads close at each look, and after the last code too: refused is told by the webhook alone.</summary>
    private static IResult State(SimulatedSession session) =>
        Results.Json(
            new
            {
                instance = new
                {
                    instanceName = session.Id,
                    state = session.Has(FaultKind.ConnectStorm) || session.Link is Link.Refused ? "close" : StateOf(session.Link),
                },
            }
        );

    private IResult Connect(SimulatedSession session)
    {
        world.Note(session, CommandKind.Connect, StateOf(session.Link));
        if (session.Link is Link.Open)
        {
            return State(session);
        }

        session.Connect();
        return Code(session);
    }

    private IResult Restart(SimulatedSession session)
    {
        world.Note(session, CommandKind.Restart, StateOf(session.Link));
        if (session.Link is Link.Closed or Link.Stopped or Link.Refused)
        {
            return Results.Json(ErrorWith200);
        }

        session.Restart();
        return Code(session);
    }

    private static IResult Code(SimulatedSession session) =>
        session.PairingCode is { } code
            ? Results.Json(
                new
                {
                    pairingCode = (string?)null,
                    code,
                    base64 = SimulatedCode.DataUrl(code),
                    count = session.CodesShown,
                }
            )
            : Results.Json(new { count = session.CodesShown });

    private IResult LogOut(SimulatedSession session)
    {
        world.Note(session, CommandKind.Logout, StateOf(session.Link));
        if (session.Link is Link.Closed or Link.Refused && !world.Options.IsEvolution24)
        {
            return EvolutionAnswers.Error(400, "Bad Request", $"The \"{session.Id}\" instance is not connected");
        }

        session.LogOut();
        return Results.Json(
            new
            {
                status = "SUCCESS",
                error = false,
                response = new { message = "Instance logged out" },
            }
        );
    }

    private static IResult FindWebhook(SimulatedSession session) =>
        session.Webhook is { } webhook
            ? Results.Json(
                new
                {
                    id = $"webhook-of-{session.Id}",
                    url = webhook.Url,
                    headers = webhook.Headers.Count == 0 ? null : webhook.Headers,
                    enabled = webhook.IsEnabled,
                    events = webhook.IsEnabled && webhook.Events.Count == 0 ? EvolutionWebhooks.AllEvents : webhook.Events,
                    webhookByEvents = false,
                    webhookBase64 = false,
                }
            )
            : Results.Text("null", "application/json");

    private IResult SetWebhook(SimulatedSession session, JsonElement body)
    {
        world.Note(session, CommandKind.SetWebhook, "");
        if (!body.TryGetProperty("webhook", out var webhook))
        {
            return EvolutionAnswers.Error(400, "Bad Request", new JsonArray("instance requires property \"webhook\""));
        }

        var isEnabled = webhook.TryGetProperty("enabled", out var enabled) && enabled.ValueKind is JsonValueKind.True;
        if (isEnabled && !webhook.TryGetProperty("events", out _))
        {
            return EvolutionAnswers.Error(500, "Internal Server Error", "Cannot read properties of undefined (reading 'length')");
        }

        session.Webhook = new SimulatedWebhook(webhook.GetProperty("url").GetString()!)
        {
            IsEnabled = isEnabled,
            Events =
                webhook.TryGetProperty("events", out var events) && isEnabled
                    ? [.. events.EnumerateArray().Select(each => each.GetString()!)]
                    : [],
            Headers =
                webhook.TryGetProperty("headers", out var headers) && headers.ValueKind is JsonValueKind.Object
                    ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString() ?? "")
                    : new Dictionary<string, string>(),
        };
        return Results.Json(new { session.Webhook.Url, enabled = isEnabled }, statusCode: StatusCodes.Status201Created);
    }
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The face of Meta's Cloud API: numbers of one business account, of which the platform itself is the gateway.</summary>
internal sealed class CloudFace(World world) : IGatewayFace, IDisposable
{
    private const int PageSize = 25;

    private readonly CloudTales _tales = new(world);
    private readonly CloudMessages _messages = new(world);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private bool _isSubscribed = true;

    public GatewayKind Kind => GatewayKind.CloudApi;

    public JsonNode ErrorWith200 => CloudAnswers.ErrorBody(131000, "Something went wrong");

    public JsonNode ServerError => CloudAnswers.ErrorBody(1, "An unknown error has occurred.");

    public void Map(IEndpointRouteBuilder routes)
    {
        var account = $"/{SimulatedGateway.CloudAccount}";
        routes.MapGet($"{account}/phone_numbers", (HttpContext http, string? after) => For(http, () => List(http, after)));
        routes.MapGet($"{account}/subscribed_apps", (HttpContext http) => For(http, Subscribed));
        routes.MapPost($"{account}/subscribed_apps", SubscribeAsync);
        routes.MapGet("/{id}", (HttpContext http, string id, string? fields) => OfNumber(http, id, session => Number(session, fields)));
        routes.MapPost("/{id}/messages", (HttpContext http, string id) => _messages.SendAsync(http, () => Find(http, id)));
        routes.MapPost("/{id}/media", (HttpContext http, string id) => _messages.UploadAsync(http, () => Find(http, id)));
    }

    public IEnumerable<WebhookDraft> Tell(SimulatedSession session, SimulatedEvent happened) =>
        _isSubscribed ? _tales.Tell(session, happened) : [];

    /// <summary>Again and again with longer waits, for days.</summary>
    public TimeSpan? RetryAfter(int attempt, int status, double jitter) =>
        attempt >= 20 ? null : TimeSpan.FromSeconds(Math.Min(3600, 10 * Math.Pow(2, attempt - 1)) * (0.9 + 0.2 * jitter));

    public void Dispose() => _http.Dispose();

    private static bool IsLetIn(HttpContext http) =>
        http.Request.Headers.Authorization == $"Bearer {SimulatedGateway.KeyOf(GatewayKind.CloudApi)}";

    private static IResult For(HttpContext http, Func<IResult> answer) => IsLetIn(http) ? answer() : CloudAnswers.BadToken;

    private (SimulatedSession? Session, IResult Refusal) Find(HttpContext http, string id) =>
        !IsLetIn(http) ? (null, CloudAnswers.BadToken) : (world.Find(Kind, id), CloudAnswers.NoSuchObject(id));

    private IResult OfNumber(HttpContext http, string id, Func<SimulatedSession, IResult> answer)
    {
        var (session, refusal) = Find(http, id);
        return session is null ? refusal : answer(session);
    }

    /// <summary>A page at a time. The address of the next page holds the token.</summary>
    private IResult List(HttpContext http, string? after)
    {
        var all = world.SessionsOf(Kind);
        var from = after is null ? 0 : all.TakeWhile(session => session.Id != after).Count() + 1;
        var page = all.Skip(from).Take(PageSize).ToList();
        var body = new JsonObject { ["data"] = new JsonArray([.. page.Select(session => Row(session))]) };
        if (page.Count > 0)
        {
            body["paging"] = new JsonObject
            {
                ["cursors"] = new JsonObject { ["before"] = page[0].Id, ["after"] = page[^1].Id },
            };
            if (from + page.Count < all.Count)
            {
                body["paging"]!["next"] =
                    $"https://graph.facebook.com/next?access_token={http.Request.Headers.Authorization.ToString()[7..]}&after={page[^1].Id}";
            }
        }

        return Results.Json(body);
    }

    private static JsonObject Row(SimulatedSession session) =>
        new()
        {
            ["id"] = session.Id,
            ["display_phone_number"] = Shown(session.Phone),
            ["verified_name"] = session.Name,
            ["quality_rating"] =
                session.Has(FaultKind.Timelock) ? "RED"
                : session.Has(FaultKind.Capped) ? "YELLOW"
                : "GREEN",
            ["status"] = StatusOf(session),
            ["code_verification_status"] = "VERIFIED",
            ["throughput"] = new JsonObject { ["level"] = "STANDARD" },
        };

    private static IResult Number(SimulatedSession session, string? fields)
    {
        var row = Row(session);
        row["health_status"] = Health(session);
        row["webhook_configuration"] = session.Webhook is { } webhook ? new JsonObject { ["application"] = webhook.Url } : new JsonObject();
        var asked = (fields ?? "id,display_phone_number,verified_name,quality_rating").Split(',');
        return Results.Json(new JsonObject([.. row.Where(field => field.Key == "id" || asked.Contains(field.Key)).Select(Copied)]));
    }

    private static KeyValuePair<string, JsonNode?> Copied(KeyValuePair<string, JsonNode?> field) =>
        new(field.Key, field.Value?.DeepClone());

    private static JsonObject Health(SimulatedSession session)
    {
        var canSend =
            session.Has(FaultKind.Timelock) || session.Link is not Link.Open ? "BLOCKED"
            : session.Has(FaultKind.Capped) ? "LIMITED"
            : "AVAILABLE";
        var number = new JsonObject
        {
            ["entity_type"] = "PHONE_NUMBER",
            ["id"] = session.Id,
            ["can_send_message"] = canSend,
        };
        if (canSend != "AVAILABLE")
        {
            var (code, words) = session.Has(FaultKind.Banned)
                ? (131031, "The account has been locked.")
                : (141000, "The number may not send all messages.");
            number["errors"] = new JsonArray(new JsonObject { ["error_code"] = code, ["error_description"] = words });
        }

        return new JsonObject { ["can_send_message"] = canSend, ["entities"] = new JsonArray(number) };
    }

    internal static string StatusOf(SimulatedSession session) =>
        session switch
        {
            _ when session.Has(FaultKind.Banned) => "BANNED",
            { Link: not Link.Open } => "DISCONNECTED",
            _ when session.Has(FaultKind.Timelock) => "RESTRICTED",
            _ when session.Has(FaultKind.Capped) => "FLAGGED",
            _ => "CONNECTED",
        };

    private static string Shown(string phone) =>
        phone.Length == 13 ? $"+{phone[..2]} {phone[2..4]} {phone[4..9]}-{phone[9..]}" : $"+{phone}";

    private IResult Subscribed() =>
        Results.Json(
            new
            {
                data = _isSubscribed
                    ? new[]
                    {
                        new
                        {
                            whatsapp_business_api_data = new
                            {
                                id = "670843887433847",
                                name = "Pontual",
                                link = "https://example.com",
                            },
                        },
                    }
                    : [],
            }
        );

    /// <summary>Subscribes the app. With an address, Meta first asks the address whether it wants the webhooks of the account.</summary>
    private async Task<IResult> SubscribeAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!IsLetIn(http))
        {
            return CloudAnswers.BadToken;
        }

        var body = http.Request.ContentLength is > 0 ? await JsonNode.ParseAsync(http.Request.Body, cancellationToken: cancellation) : null;
        var sessions = world.SessionsOf(Kind);
        foreach (var session in sessions)
        {
            world.Note(session, CommandKind.SetWebhook, (string?)body?["override_callback_uri"] ?? "");
        }

        _isSubscribed = true;
        if ((string?)body?["override_callback_uri"] is not { } url)
        {
            return Results.Json(new { success = true });
        }

        if (await HandshakeAsync(url, (string?)body["verify_token"] ?? "", cancellation) is { } trouble)
        {
            return CloudAnswers.Error(400, 2200, $"(#2200) Callback verification failed with the following errors: {trouble}");
        }

        foreach (var session in sessions)
        {
            session.Webhook = (session.Webhook ?? new SimulatedWebhook(url)) with { Url = url };
        }

        return Results.Json(new { success = true });
    }

    private async Task<string?> HandshakeAsync(string url, string token, CancellationToken cancellation)
    {
        var challenge = world.Id(10, "challenge", url);
        var question = $"{url}?hub.mode=subscribe&hub.verify_token={Uri.EscapeDataString(token)}&hub.challenge={challenge}";
        using var answer = await _http.GetAsync(new Uri(question), cancellation);
        return !answer.IsSuccessStatusCode ? $"HTTP Status Code = {(int)answer.StatusCode}"
            : await answer.Content.ReadAsStringAsync(cancellation) != challenge ? "the challenge did not come back"
            : null;
    }
}

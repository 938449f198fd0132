using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Inbox;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Channels;

/// <summary>Webhooks as they came: what was read, what could not be, and reading it again.</summary>
internal static class WebhooksApi
{
    private const int LongestName = 200;

    private static readonly Dictionary<string, WebhookState> Replayable = new(StringComparer.Ordinal)
    {
        ["read"] = WebhookState.Read,
        ["failed"] = WebhookState.Failed,
        ["refused"] = WebhookState.Refused,
    };

    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/webhooks", List)
            .Needs(TokenScope.Read)
            .Takes(Query.WebhookState, Query.Gateway, Query.GatewaySession, Query.From, Query.To, Query.RunCursor, Query.Limit)
            .WithName("ListWebhooks")
            .WithSummary("What gateways told, newest first, and whether it could be read.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/webhooks/{webhook}", Show)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("ShowWebhook")
            .WithSummary("A webhook with what came: messages of people are in it.")
            .Produces<WebhookDetailView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/webhooks/replay", Replay)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody(
                "{ \"id\": one }, or at least one of { \"state\": \"failed\", \"refused\" or \"read\", \"gateway\", \"session\", \"from\", \"to\" }; refused ones only by their state or id"
            )
            .WithName("ReplayWebhooks")
            .WithSummary("Lets webhooks be read again: what they told before is told once. Whoever replays refused ones vouches for them.")
            .Produces<WebhooksReplayed>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<WebhookView>>> List(HttpContext context, IWebhookLog log, CancellationToken cancellation)
    {
        var request = context.Request;
        var limit = Query.Limit.Of(request);
        var query = new WebhookQuery(context.User.Tenant())
        {
            State = Query.WebhookState.Of(request),
            Gateway = Query.Gateway.Of(request),
            Session = Query.GatewaySession.Of(request),
            From = Query.From.Of(request),
            To = Query.To.Of(request),
            After = Query.RunCursor.Of(request),
        };
        var found = await log.ListAsync(query, limit + 1, cancellation);
        return TypedResults.Ok(Page<WebhookView>.Of(found, limit, webhook => webhook.Id.ToString(), WebhookView.Of));
    }

    private static async Task<IResult> Show(string webhook, ClaimsPrincipal caller, IWebhookLog log, CancellationToken cancellation) =>
        Guid.TryParseExact(webhook, "D", out var id) && await log.FindAsync(caller.Tenant(), id, cancellation) is { } found
            ? TypedResults.Ok(WebhookDetailView.Of(found))
            : Problems.WebhookNotFound(webhook);

    private static async Task<IResult> Replay(HttpContext context, IWebhookLog log, CancellationToken cancellation)
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var (id, query) = Read(json.Value, context.User.Tenant(), problems);
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        if (id is null)
        {
            return TypedResults.Ok(new WebhooksReplayed(await log.ReplayAsync(query, context.Actor(), cancellation)));
        }

        return Guid.TryParseExact(id, "D", out var one) && await log.ReplayAsync(context.User.Tenant(), one, context.Actor(), cancellation)
            ? TypedResults.Ok(new WebhooksReplayed(1))
            : Problems.WebhookNotFound(id);
    }

    private static (string? Id, WebhookQuery Query) Read(JsonElement json, TenantName tenant, List<DocumentProblem> problems)
    {
        var query = new WebhookQuery(tenant);
        if (DocumentObject.Open(json, "", problems, "id", "state", "gateway", "session", "from", "to") is not { } body)
        {
            return (null, query);
        }

        var isAboutOne = body.Has("id");
        if (isAboutOne == (body.Has("state") || body.Has("gateway") || body.Has("session") || body.Has("from") || body.Has("to")))
        {
            body.Report(
                "id",
                "conflict",
                isAboutOne ? "an id says which webhook already" : "nothing says which webhooks",
                "give an id alone, or at least one of state, gateway, session, from and to"
            );
            return (null, query);
        }

        query = query with
        {
            State = body.Has("state") && body.TryWord("state", Replayable, out var state) ? state : null,
            Gateway = body.Text("gateway", LongestName),
            Session = body.Text("session", LongestName),
            From = Instant(body, "from"),
            To = Instant(body, "to"),
        };
        return (body.Text("id", LongestName), query);
    }

    private static DateTimeOffset? Instant(DocumentObject body, string key)
    {
        if (body.Text(key, 40) is not { } text)
        {
            return null;
        }

        if (Instants.TryParse(text, out var instant))
        {
            return instant;
        }

        body.Report(
            key,
            "instant",
            $"{DocumentText.Quote(body.Get(key)!.Value)} is no instant",
            "write it with its offset, such as 2030-01-31T09:00:00Z"
        );
        return null;
    }
}

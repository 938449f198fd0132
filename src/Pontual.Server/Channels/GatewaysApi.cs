using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Inbox;
using Pontual.Runners.Http;
using Pontual.Server.Access;
using Pontual.Server.Api;
using Pontual.Server.Checks;

namespace Pontual.Server.Channels;

/// <summary>Gateways of WhatsApp: defining them, trying them, and where their webhooks come to.</summary>
internal static class GatewaysApi
{
    private const string Body =
        "{ \"name\", \"kind\": wrapper, wppconnect, evolution, waha or cloud-api, \"url\", \"secret\": ${env:NAME}, \"account\", \"webhook-secret\", \"webhooks\" }";

    public static void MapGateways(this IEndpointRouteBuilder api)
    {
        api.MapGet("/gateways", List)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("ListGateways")
            .WithSummary("Gateways by name, and how calling them goes. The address of their webhooks lets in whoever knows it.")
            .Produces<JsonObject>();
        api.MapGet("/gateways/{gateway}", Show)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("ShowGateway")
            .WithSummary("A gateway, and how calling it goes.")
            .Produces<JsonObject>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/gateways/{gateway}", Put)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody(Body)
            .WithName("PutGateway")
            .WithSummary(
                "Defines or replaces a gateway; the address of its webhooks stays. If-Match takes the ETag of the answer it is based on."
            )
            .Produces<JsonObject>()
            .Produces<JsonObject>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        api.MapDelete("/gateways/{gateway}", Delete)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("DeleteGateway")
            .WithSummary("Removes a gateway. Its channels stay, retired, with their history; at the gateway itself nothing is changed.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/gateways/{gateway}/test", Test)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("TestGateway")
            .WithSummary(
                "Asks a gateway for its sessions, now and once, and answers what it said or why it could not be asked. Changes nothing."
            )
            .Produces<GatewayTrialView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<JsonObject>> List(
        ClaimsPrincipal caller,
        GatewayStore gateways,
        IOptions<HttpRunnerOptions> own,
        CancellationToken cancellation
    )
    {
        var all = await gateways.ListAsync(caller.Tenant(), cancellation);
        return TypedResults.Ok(
            new JsonObject { ["items"] = new JsonArray([.. all.Select(gateway => (JsonNode)View(gateway, own))]), ["next_cursor"] = null }
        );
    }

    private static async Task<IResult> Show(
        string gateway,
        HttpContext context,
        GatewayStore gateways,
        IOptions<HttpRunnerOptions> own,
        CancellationToken cancellation
    ) => await AnswerAsync(gateway, context, StatusCodes.Status200OK, gateways, own, cancellation);

    private static async Task<IResult> Put(
        string gateway,
        HttpContext context,
        GatewayStore gateways,
        IOptions<HttpRunnerOptions> own,
        IRandomBytes random,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var ifMatch = context.Request.Headers.IfMatch.ToString();
        if (!Revisions.TryRead(ifMatch, out var expected))
        {
            return Problems.InvalidHeader("If-Match", "give the ETag of the gateway as it was read, such as \"3\", or *");
        }

        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var definition = GatewayDocument.Read(WithoutReadOnly(json.Value), "", problems);
        if (definition is not null && definition.Name != gateway)
        {
            problems.Add(
                new("/name", "mismatch", $"the body says '{definition.Name}' and the path '{gateway}'", $"write '{gateway}' in both")
            );
        }

        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        var put = definition! with { Tenant = context.User.Tenant() };
        var change = await gateways.PutAsync(put, CheckSecrets.New(random).Ping, expected, context.Actor(), time.GetUtcNow(), cancellation);
        return change switch
        {
            JobChange.Conflict when expected is null => Problems.DefinitionChanged(),
            JobChange.Conflict => Problems.RevisionMismatch("gateway", gateway, ifMatch),
            JobChange.Created => await AnswerAsync(gateway, context, StatusCodes.Status201Created, gateways, own, cancellation),
            _ => await AnswerAsync(gateway, context, StatusCodes.Status200OK, gateways, own, cancellation),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string gateway,
        HttpContext context,
        GatewayStore gateways,
        TimeProvider time,
        CancellationToken cancellation
    ) =>
        await gateways.RemoveAsync(context.User.Tenant(), gateway, context.Actor(), time.GetUtcNow(), cancellation)
            ? TypedResults.NoContent()
            : Problems.GatewayNotFound(gateway);

    private static async Task<IResult> Test(
        string gateway,
        ClaimsPrincipal caller,
        GatewayStore gateways,
        GatewayOpener opener,
        CancellationToken cancellation
    )
    {
        if (await gateways.FindAsync(caller.Tenant(), gateway, cancellation) is not { } found)
        {
            return Problems.GatewayNotFound(gateway);
        }

        try
        {
            var listed = await opener.Open(found.Definition, "api").Sessions.ListAsync(cancellation);
            return TypedResults.Ok(new GatewayTrialView(true, [.. listed.Select(GatewaySessionView.Of)], null, null));
        }
        catch (GatewayException problem)
        {
            return TypedResults.Ok(new GatewayTrialView(false, [], ChannelWords.Of(problem.Fault), problem.Message));
        }
    }

    private static async Task<IResult> AnswerAsync(
        string gateway,
        HttpContext context,
        int status,
        GatewayStore gateways,
        IOptions<HttpRunnerOptions> own,
        CancellationToken cancellation
    )
    {
        if (await gateways.FindAsync(context.User.Tenant(), gateway, cancellation) is not { } found)
        {
            return Problems.GatewayNotFound(gateway);
        }

        context.Response.Headers.ETag = $"\"{found.Revision}\"";
        if (status == StatusCodes.Status201Created)
        {
            context.Response.Headers.Location = $"/api/v1/gateways/{gateway}";
        }

        return TypedResults.Json(View(found, own), statusCode: status);
    }

    private static JsonObject View(GatewayRecord gateway, IOptions<HttpRunnerOptions> own) =>
        GatewayView.Of(
            gateway,
            own.Value.CallbackBaseUrl is { } reached ? new Uri(reached, gateway.WebhookPath).ToString() : gateway.WebhookPath,
            WebhookAddress.VerifyTokenOf(gateway.WebhookKey)
        );

    private static JsonElement WithoutReadOnly(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            return json;
        }

        var kept = json.EnumerateObject()
            .Where(property => !GatewayView.ReadOnlyKeys.Contains(property.Name, StringComparer.Ordinal))
            .Select(property => KeyValuePair.Create(property.Name, JsonNode.Parse(property.Value.GetRawText())));
        return JsonSerializer.SerializeToElement(new JsonObject(kept));
    }
}

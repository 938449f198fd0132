using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Circuits;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Looking at circuits, and closing them by hand.</summary>
internal static class CircuitsApi
{
    public static void MapCircuits(this IEndpointRouteBuilder api)
    {
        api.MapGet("/circuits", List)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ListCircuits")
            .WithSummary(
                "Hosts and services outside that failed or asked for a wait (429) within the last 30 days, and whether they are called."
            );
        api.MapGet("/circuits/history", History)
            .Needs(TokenScope.Read)
            .Takes(Query.CircuitName, Query.From, Query.Limit)
            .WithName("ListCircuitChanges")
            .WithSummary("Changes of circuits within the last 30 days, the latest first.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapPost("/circuits/reset", Reset)
            .Needs(TokenScope.Operate)
            .Takes(Query.CircuitName)
            .WithName("ResetCircuit")
            .WithSummary("Closes a circuit by hand, and ends the wait that an answer of 429 asked for. All nodes follow within 2 s.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<CircuitView>>> List(
        ClaimsPrincipal caller,
        ICircuitStore circuits,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var records = await circuits.ListAsync(caller.Tenant(), now, cancellation);
        return TypedResults.Ok(new Page<CircuitView>([.. records.Select(record => CircuitView.Of(record, now))], null));
    }

    private static async Task<Ok<Page<CircuitChangeView>>> History(
        HttpRequest request,
        ClaimsPrincipal caller,
        ICircuitStore circuits,
        CancellationToken cancellation
    )
    {
        var changes = await circuits.HistoryAsync(
            caller.Tenant(),
            Query.CircuitName.Of(request),
            Query.From.Of(request) ?? DateTimeOffset.UnixEpoch,
            Query.Limit.Of(request),
            cancellation
        );
        return TypedResults.Ok(new Page<CircuitChangeView>([.. changes.Select(CircuitChangeView.Of)], null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Reset(
        HttpContext context,
        ICircuitStore circuits,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (Query.CircuitName.Of(context.Request) is not { } name)
        {
            return Problems.InvalidParameter(Query.CircuitName.Name, "", Query.CircuitName.Allowed);
        }

        var key = new CircuitKey(context.User.Tenant(), name);
        return await circuits.ResetAsync(key, context.Actor(), time.GetUtcNow(), cancellation)
            ? TypedResults.NoContent()
            : Problems.CircuitNotFound(name);
    }
}

/// <summary>A circuit as the API shows it. <c>kind</c> is host or service; <c>state</c> is closed, open (calls are refused until <c>until</c>) or half-open
/// (<c>node</c> probes); before <c>held_until</c> nobody calls, for it answered 429.</summary>
internal sealed record CircuitView(
    string Name,
    string Kind,
    CircuitState State,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    string? Node,
    string? Reason,
    DateTimeOffset? HeldUntil
)
{
    public static CircuitView Of(CircuitRecord record, DateTimeOffset now) =>
        new(
            record.Key.Name,
            KindOf(record.Key),
            record.State,
            record.Since,
            record.Until,
            record.Node,
            record.Reason,
            record.HeldUntil > now ? record.HeldUntil : null
        );

    public static string KindOf(CircuitKey key) => key.IsHost ? "host" : "service";
}

/// <summary>A change of a circuit as the API shows it. <c>by</c> is the node, or the person, who changed it.</summary>
internal sealed record CircuitChangeView(
    string Circuit,
    DateTimeOffset At,
    CircuitState Before,
    CircuitState After,
    string? By,
    string? Reason
)
{
    public static CircuitChangeView Of(CircuitChange change) =>
        new(change.Key.Name, change.At, change.Before, change.After, change.By, change.Reason);
}

using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Circuits;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Compat;

/// <summary>The history of circuits as the monitoring of Julia's central scheduler asks for it: <c>/health/circuits/history?circuit_name=evolution&amp;horas=24</c>.</summary>
internal static class CircuitsHistoryApi
{
    private const int MostChanges = 500;

    private static readonly QueryParameter<int> Hours = new(
        "horas",
        "whole hours from 1 to 720",
        text => Query.Number(text, out var number) && number is >= 1 and <= 720 ? (number, true) : (0, false),
        24
    );

    public static void MapCircuitsHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/health/circuits/history", History)
            .Needs(TokenScope.Read)
            .Takes(Query.CircuitName, Hours)
            .WithName("HealthCircuitsHistory")
            .WithSummary("When circuits opened and closed within the last hours, the latest first.")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Ok<CircuitsHistoryView>> History(
        HttpRequest request,
        ClaimsPrincipal caller,
        ICircuitStore circuits,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var (name, hours) = (Query.CircuitName.Of(request), Hours.Of(request));
        var from = time.GetUtcNow().AddHours(-hours);
        var changes = await circuits.HistoryAsync(caller.Tenant(), name, from, MostChanges, cancellation);
        return TypedResults.Ok(new CircuitsHistoryView(name, hours, [.. changes.Select(CircuitChangeView.Of)]));
    }
}

/// <summary>Changes of circuits.</summary>
internal sealed record CircuitsHistoryView(string? CircuitName, int Hours, IReadOnlyList<CircuitChangeView> Transitions);

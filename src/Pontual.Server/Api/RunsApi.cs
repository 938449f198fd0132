using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Clocks;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Looking at runs.</summary>
internal static class RunsApi
{
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs", List)
            .Needs(TokenScope.Read)
            .Takes(Query.Job, Query.State, Query.From, Query.RunCursor, Query.Limit)
            .WithName("ListRuns")
            .WithSummary("Runs, newest first.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/runs/{id}", Show)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowRun")
            .WithSummary("A run with its attempts.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<RunView>>> List(
        HttpRequest request,
        ClaimsPrincipal caller,
        IRunViews runs,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        var limit = Query.Limit.Of(request);
        var query = new RunQuery(
            Query.Job.Of(request)?.Of(caller),
            Query.State.Of(request),
            Query.RunCursor.Of(request),
            Query.From.Of(request),
            limit + 1
        )
        {
            Tenant = caller.Tenant(),
        };
        var rows = await runs.ListAsync(query, cancellation);
        return TypedResults.Ok(Page<RunView>.Of(rows, limit, run => run.Id.ToString(), run => RunView.Listed(run, clock)));
    }

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> Show(
        Guid id,
        IRunViews runs,
        ScheduleClock clock,
        CancellationToken cancellation
    ) => await runs.FindAsync(id, cancellation) is { } detail ? TypedResults.Ok(RunView.Of(detail, clock)) : Problems.RunNotFound(id);
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>What a person does to a run: cancel it, or run it again.</summary>
internal static class RunActionsApi
{
    public static void MapRunActions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/runs/{id}/cancel", Cancel)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("CancelRun")
            .WithSummary("Cancels a waiting run at once; a running one is asked to stop.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/runs/{id}/retry", Retry)
            .Needs(TokenScope.Operate)
            .Takes()
            .Repeatable()
            .WithName("RetryRun")
            .WithSummary("Runs an ended run's job again with the same parameters, as a new run.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<CancelView>, Accepted<CancelView>, ProblemHttpResult>> Cancel(
        Guid id,
        HttpContext context,
        RunRequests requests,
        CancellationToken cancellation
    ) =>
        await requests.CancelAsync(id, context.Actor(), cancellation) switch
        {
            CancelResult.Cancelled => TypedResults.Ok(new CancelView(id, "cancelled")),
            CancelResult.Requested => TypedResults.Accepted($"/api/v1/runs/{id}", new CancelView(id, "cancelling")),
            CancelResult.AlreadyEnded => Problems.RunAlreadyEnded(id),
            _ => Problems.RunNotFound(id),
        };

    private static async Task<Results<Accepted<RunAccepted>, ProblemHttpResult>> Retry(
        Guid id,
        HttpContext context,
        RunRequests requests,
        IRunViews runs,
        CancellationToken cancellation
    ) =>
        await requests.RetryAsync(id, context.Actor(), cancellation, Idempotency.RunIdOf(context)) switch
        {
            RetryResult.Queued queued => RunAccepted.Answer(queued.RunId),
            RetryResult.AlreadyActive active when await runs.FindAsync(id, cancellation) is { } found => Problems.RunAlreadyActive(
                found.Run.Job,
                active.RunId
            ),
            RetryResult.ParameterMissing missing => Problems.LimitNeedsParameter(missing.Job, missing.Parameter),
            RetryResult.NotEnded => Problems.RunNotEnded(id),
            RetryResult.JobNotFound removed => Problems.JobNotFound(removed.Job),
            _ => Problems.RunNotFound(id),
        };
}

/// <summary>What a wish to cancel came to.</summary>
/// <param name="RunId">The run.</param>
/// <param name="State"><c>cancelled</c>, or <c>cancelling</c> while the target is being stopped.</param>
internal sealed record CancelView(Guid RunId, string State);

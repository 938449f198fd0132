using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Runs;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Compat;

/// <summary>The routes that a scheduler elsewhere, or this one, calls for each documented job: <c>POST /jobs/verificar-whatsapp</c> (S5-02).</summary>
internal static class JobRoutesApi
{
    /// <summary>A run's attempt, as this scheduler and Julia's send it: the caller keeps the record.</summary>
    private const string AttemptHeader = "X-Pontual-Attempt";

    public static void MapJobRoutes(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/jobs/{job}", Run)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("RunDocumentedJob")
            .WithSummary("Does the work of a documented job and answers when it is done; its name is written with dashes.")
            .Produces<JobDoneView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status500InternalServerError);

    private static async Task<IResult> Run(
        string job,
        HttpRequest request,
        ClaimsPrincipal caller,
        DocumentedJobs jobs,
        CancellationToken cancellation
    )
    {
        var name = job.Replace('-', '_');
        if (job.Contains('_', StringComparison.Ordinal) || !DocumentedJobs.Handlers.ContainsKey(name))
        {
            return Problems.RouteNotFound(request.Path);
        }

        var isByHand = !request.Headers.ContainsKey(AttemptHeader);
        return await jobs.RunAsync(caller.Tenant(), name, isByHand, cancellation) switch
        {
            null => Problems.JobGoesOn(name),
            { Outcome: Outcome.Success success, Lines: var lines } => TypedResults.Ok(
                new JobDoneView(name, success.ItemsProcessed ?? 0, success.Result is { } json ? JsonElement.Parse(json) : null, lines)
            ),
            { Outcome: Outcome.Failure failure } => Problems.JobFailed(name, failure.Message),
            _ => Problems.JobFailed(name, "it was stopped"),
        };
    }
}

/// <summary>What a job's work came to, and what it printed.</summary>
internal sealed record JobDoneView(string Job, long ItemsProcessed, JsonElement? Result, IReadOnlyList<string> Output);

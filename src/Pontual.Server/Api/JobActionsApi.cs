using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>What a person does to a job: run, pause, resume, reset.</summary>
internal static class JobActionsApi
{
    private const int LongestReason = 500;

    public static void MapJobActions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/jobs/{name}/run", Run)
            .Needs(TokenScope.Operate)
            .Takes(Query.AllowOverlap)
            .TakesBody("{ \"parameters\": an object that goes to the target }", required: false)
            .Repeatable()
            .WithName("RunJob")
            .WithSummary("Runs a job now, whatever its schedule says.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/jobs/{name}/pause", Pause)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"reason\": why, \"until\": an instant in the future } (both optional)", required: false)
            .WithName("PauseJob")
            .WithSummary(
                "Pauses a job: occurrences are recorded as skipped. An optional body {\"reason\": …, \"until\": …} says why and how long."
            )
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/jobs/{name}/resume", Resume)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("ResumeJob")
            .WithSummary("Ends a pause.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/jobs/{name}/reset", Reset)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("ResetJob")
            .WithSummary("Ends a pause, clears the failure streak, and fails an active run whose end nobody waits for any more.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Accepted<RunAccepted>, ProblemHttpResult>> Run(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        RunRequests requests,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        var allowOverlap = Query.AllowOverlap.Of(context.Request);
        if (allowOverlap && !context.User.Has(TokenScope.Admin))
        {
            return Problems.ScopeMissing(Scopes.Word(TokenScope.Admin));
        }

        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var parameters = ReadParameters(json.Value, problems);
        return problems.Count > 0
            ? Problems.InvalidDocument(problems)
            : await requests.EnqueueAsync(
                name,
                new RunWish(parameters, AllowOverlap: allowOverlap, By: context.Actor(), Id: Idempotency.RunIdOf(context)),
                cancellation
            ) switch
            {
                RunNowResult.Queued queued => RunAccepted.Answer(queued.RunId),
                RunNowResult.AlreadyActive active => Problems.RunAlreadyActive(name, active.RunId),
                RunNowResult.ParameterMissing missing => Problems.LimitNeedsParameter(name, missing.Parameter),
                _ => Problems.JobNotFound(name),
            };
    }

    private static async Task<IResult> Pause(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        JobEdits edits,
        IJobStore jobs,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var (reason, until) = ReadPause(json.Value, clock.Now, problems);
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        return await edits.PauseAsync(name, reason, context.Actor(), until, cancellation)
            ? await JobsApi.AnswerAsync(name, context.Response, StatusCodes.Status200OK, jobs, cancellation)
            : Problems.JobNotFound(name);
    }

    private static async Task<IResult> Resume(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        JobEdits edits,
        IJobStore jobs,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        return await edits.ResumeAsync(name, context.Actor(), cancellation)
            ? await JobsApi.AnswerAsync(name, context.Response, StatusCodes.Status200OK, jobs, cancellation)
            : Problems.JobNotFound(name);
    }

    private static async Task<IResult> Reset(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        JobEdits edits,
        IJobStore jobs,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        return await edits.ResetAsync(name, context.Actor(), cancellation)
            ? await JobsApi.AnswerAsync(name, context.Response, StatusCodes.Status200OK, jobs, cancellation)
            : Problems.JobNotFound(name);
    }

    private static string? ReadParameters(JsonElement json, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, "", problems, "parameters")?.Get("parameters") is not { } parameters)
        {
            return null;
        }

        if (parameters.ValueKind is not JsonValueKind.Object)
        {
            problems.Add(new("/parameters", "type", $"{DocumentText.Quote(parameters)} is not an object", "write an object, {\"key\": …}"));
        }

        return parameters.GetRawText();
    }

    /// <summary>Reads why a pause is made, and how long it lasts.</summary>
    internal static (string? Reason, DateTimeOffset? Until) ReadPause(JsonElement json, DateTimeOffset now, List<DocumentProblem> problems)
    {
        const string Fix = "write an instant in the future with its offset, such as 2030-01-31T09:00:00Z";
        if (DocumentObject.Open(json, "", problems, "reason", "until") is not { } body)
        {
            return (null, null);
        }

        var reason = body.Text("reason", LongestReason);
        if (body.Text("until", 40, Fix) is not { } text)
        {
            return (reason, null);
        }

        if (!Instants.TryParse(text, out var until) || until <= now)
        {
            body.Report("until", "instant", $"{DocumentText.Quote(text)} is no instant in the future", Fix);
        }

        return (reason, until);
    }
}

/// <summary>A run that was accepted: it runs at once, or when its turn comes.</summary>
internal sealed record RunAccepted(Guid RunId)
{
    public static Accepted<RunAccepted> Answer(Guid runId) => TypedResults.Accepted($"/api/v1/runs/{runId}", new RunAccepted(runId));
}

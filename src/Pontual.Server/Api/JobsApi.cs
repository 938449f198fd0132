using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Access;
using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Server.Access;
using Pontual.Server.Packs;

namespace Pontual.Server.Api;

/// <summary>Defining jobs and looking at them.</summary>
internal static class JobsApi
{
    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs", List)
            .Needs(TokenScope.Read)
            .Takes(Query.JobCursor, Query.Limit)
            .WithName("ListJobs")
            .WithSummary("Jobs in the order of their names.")
            .Produces<Page<JsonObject>>();
        api.MapPost("/jobs", Create)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody("A job, as in /schema/pontual.schema.json.")
            .Repeatable()
            .WithName("CreateJob")
            .WithSummary("Defines a job. Its shape is in /schema/pontual.schema.json.")
            .Produces<JsonObject>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/jobs/{name}", Show)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowJob")
            .WithSummary("A job, and where it stands.")
            .Produces<JsonObject>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/jobs/{name}", Put)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody("A job, as in /schema/pontual.schema.json.")
            .WithName("PutJob")
            .WithSummary(
                "Defines or replaces a job. Read-only keys of an answer may be handed back. If-Match takes the ETag of the answer it is based on."
            )
            .Produces<JsonObject>()
            .Produces<JsonObject>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        api.MapDelete("/jobs/{name}", Delete)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("DeleteJob")
            .WithSummary("Removes a job and cancels its waiting runs. Its history stays.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<JsonObject>>> List(
        HttpRequest request,
        ClaimsPrincipal caller,
        IJobStore jobs,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        var limit = Query.Limit.Of(request);
        var rows = await jobs.ListAsync(caller.Tenant(), Query.JobCursor.Of(request)?.Of(caller), limit + 1, cancellation);
        return TypedResults.Ok(Page<JsonObject>.Of(rows, limit, job => job.Name.Text, job => JobView.Of(job, clock)));
    }

    private static async Task<IResult> Show(
        JobPath name,
        ClaimsPrincipal caller,
        HttpResponse response,
        IJobStore jobs,
        CancellationToken cancellation
    ) =>
        await jobs.FindAsync(name.Of(caller), cancellation) is { } job
            ? Answer(job, response, StatusCodes.Status200OK)
            : Problems.JobNotFound(name.Of(caller));

    private static async Task<IResult> Create(
        HttpContext context,
        PackChecks targets,
        JobEdits edits,
        IJobStore jobs,
        ICalendarStore calendars,
        CancellationToken cancellation
    )
    {
        var (definition, problem) = await ReadAsync(context.Request, null, targets, calendars);
        if (definition is null)
        {
            return problem!;
        }

        var changed = await edits.ApplyAsync(
            new JobChanges([new JobPut(definition, ExpectedRevision: 0)], []) { By = context.Actor() },
            cancellation
        );
        return changed[0].Change is JobChange.Conflict
            ? Problems.JobExists(definition.Name)
            : await AnswerAsync(definition.Name, context.Response, StatusCodes.Status201Created, jobs, cancellation);
    }

    private static async Task<IResult> Put(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        PackChecks targets,
        JobEdits edits,
        IJobStore jobs,
        ICalendarStore calendars,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        if (!Revisions.TryRead(context.Request.Headers.IfMatch.ToString(), out var expected))
        {
            return Problems.InvalidHeader("If-Match", "give the ETag of the job as it was read, such as \"3\", or *");
        }

        var (definition, problem) = await ReadAsync(context.Request, name, targets, calendars);
        if (definition is null)
        {
            return problem!;
        }

        var changed = await edits.ApplyAsync(new JobChanges([new JobPut(definition, expected)], []) { By = context.Actor() }, cancellation);
        return changed[0].Change switch
        {
            JobChange.Conflict when expected is null => Problems.DefinitionChanged(),
            JobChange.Conflict => Problems.RevisionMismatch("job", name.ToString(), context.Request.Headers.IfMatch.ToString()),
            JobChange.Created => await AnswerAsync(name, context.Response, StatusCodes.Status201Created, jobs, cancellation),
            _ => await AnswerAsync(name, context.Response, StatusCodes.Status200OK, jobs, cancellation),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        JobEdits edits,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        var changed = await edits.ApplyAsync(new JobChanges([], [name]) { By = context.Actor() }, cancellation);
        return changed[0].Change is JobChange.NotFound ? Problems.JobNotFound(name) : TypedResults.NoContent();
    }

    /// <summary>The job as it stands after a change, with its ETag; 404 when somebody removed it meanwhile.</summary>
    internal static async Task<IResult> AnswerAsync(
        JobName name,
        HttpResponse response,
        int status,
        IJobStore jobs,
        CancellationToken cancellation
    ) => await jobs.FindAsync(name, cancellation) is { } job ? Answer(job, response, status) : Problems.JobNotFound(name);

    private static JsonHttpResult<JsonObject> Answer(Job job, HttpResponse response, int status)
    {
        response.Headers.ETag = $"\"{job.Revision}\"";
        if (status == StatusCodes.Status201Created)
        {
            response.Headers.Location = $"/api/v1/jobs/{job.Name.Text}";
        }

        return TypedResults.Json(
            JobView.Of(job, response.HttpContext.RequestServices.GetRequiredService<ScheduleClock>()),
            statusCode: status
        );
    }

    private static async Task<(JobDefinition? Definition, IResult? Problem)> ReadAsync(
        HttpRequest request,
        JobName? name,
        PackChecks targets,
        ICalendarStore calendars
    )
    {
        if (!(await StrictJson.ReadAsync(request)).IsJson(out var json, out var problem))
        {
            return (null, problem);
        }

        var problems = new List<DocumentProblem>();
        var tenant = request.HttpContext.User.Tenant();
        var definition = JobDocument.Read(JobView.WithoutReadOnly(json.Value), "", problems, target => targets.Check(target, tenant));
        definition = definition?.In(tenant);
        if (definition is not null && name is { } path && definition.Name != path)
        {
            problems.Add(
                new(
                    "/name",
                    "mismatch",
                    $"the body says '{definition.Name.Text}' and the path '{path.Text}'",
                    $"write '{path.Text}' in both"
                )
            );
        }

        if (definition is not null)
        {
            await calendars.BindAsync(tenant, definition.Schedule, "/schedule", problems, request.HttpContext.RequestAborted);
        }

        return problems.Count > 0 ? (null, Problems.InvalidDocument(problems)) : (definition, null);
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Server.Access;
using Pontual.Server.Checks;

namespace Pontual.Server.Api;

/// <summary>Defining checks, which wait for reports of jobs that something else runs.</summary>
internal static class ChecksApi
{
    private const string Body = "A check: name, schedule (every, or cron with its zone), grace, description, tags.";

    public static void MapChecks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/checks", List)
            .Needs(TokenScope.Read)
            .Takes(Query.JobCursor, Query.Limit)
            .WithName("ListChecks")
            .WithSummary("Checks in the order of their names.");
        api.MapPost("/checks", Create)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody(Body)
            .Repeatable()
            .WithName("CreateCheck")
            .WithSummary("Defines a check; the answer has the address to ping.")
            .Produces<CheckView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/checks/{name}", Show)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowCheck")
            .WithSummary("A check, and how it stands.")
            .Produces<CheckView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/checks/{name}", Put)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody(Body)
            .WithName("PutCheck")
            .WithSummary("Defines or replaces a check; its keys stay. If-Match takes the ETag of the answer it is based on.")
            .Produces<CheckView>()
            .Produces<CheckView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        api.MapDelete("/checks/{name}", Delete)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("DeleteCheck")
            .WithSummary("Removes a check and its pings.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        MapActions(api);
        MapPings(api);
    }

    private static void MapActions(IEndpointRouteBuilder api)
    {
        api.MapPost("/checks/{name}/pause", Pause)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"reason\": why, \"until\": an instant in the future } (both optional)", required: false)
            .WithName("PauseCheck")
            .WithSummary("Waits for no reports of a check, for good or for a while. Pings are kept all the same.")
            .Produces<CheckView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/checks/{name}/resume", Resume)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("ResumeCheck")
            .WithSummary("Ends a pause: the next report is due anew.")
            .Produces<CheckView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/checks/{name}/rotate", Rotate)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("RotateCheck")
            .WithSummary("Gives a check a new ping address and a new badge; the old ones are refused from now on.")
            .Produces<CheckView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void MapPings(IEndpointRouteBuilder api)
    {
        api.MapGet("/checks/{name}/pings", Pings)
            .Needs(TokenScope.Read)
            .Takes(Query.Limit)
            .WithName("ListPings")
            .WithSummary("The latest pings of a check, newest first; a hundred are kept.")
            .Produces<Page<PingView>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/checks/{name}/body", LastBody)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ReadPingBody")
            .WithSummary(
                "What the last ping with a body came with. X-Pontual-Truncated says how many bytes there were, where not all are kept."
            )
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<CheckView>>> List(HttpContext context, ICheckStore checks, CancellationToken cancellation)
    {
        var limit = Query.Limit.Of(context.Request);
        var after = Query.JobCursor.Of(context.Request)?.Of(context.User);
        var rows = await checks.ListAsync(context.User.Tenant(), after, limit + 1, cancellation);
        return TypedResults.Ok(Page<CheckView>.Of(rows, limit, check => check.Name.Text, check => CheckView.Of(check, context)));
    }

    private static async Task<IResult> Show(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        ICheckStore checks,
        CancellationToken cancellation
    ) => await AnswerAsync(path.Of(context.User), context, StatusCodes.Status200OK, checks, cancellation);

    private static async Task<IResult> Create(
        HttpContext context,
        ICheckStore checks,
        IRandomBytes random,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var (definition, problem) = await ReadAsync(context, null);
        if (definition is null)
        {
            return problem!;
        }

        var put = new CheckPut(definition, CheckSecrets.New(random), ExpectedRevision: 0);
        return await checks.PutAsync(put, context.Actor(), time.GetUtcNow(), cancellation) is JobChange.Conflict
            ? Problems.CheckExists(definition.Name)
            : await AnswerAsync(definition.Name, context, StatusCodes.Status201Created, checks, cancellation);
    }

    private static async Task<IResult> Put(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        ICheckStore checks,
        IRandomBytes random,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var ifMatch = context.Request.Headers.IfMatch.ToString();
        if (!Revisions.TryRead(ifMatch, out var expected))
        {
            return Problems.InvalidHeader("If-Match", "give the ETag of the check as it was read, such as \"3\", or *");
        }

        var name = path.Of(context.User);
        var (definition, problem) = await ReadAsync(context, name);
        if (definition is null)
        {
            return problem!;
        }

        var put = new CheckPut(definition, CheckSecrets.New(random), expected);
        return await checks.PutAsync(put, context.Actor(), time.GetUtcNow(), cancellation) switch
        {
            JobChange.Conflict when expected is null => Problems.DefinitionChanged(),
            JobChange.Conflict => Problems.RevisionMismatch("check", name.Text, ifMatch),
            JobChange.Created => await AnswerAsync(name, context, StatusCodes.Status201Created, checks, cancellation),
            _ => await AnswerAsync(name, context, StatusCodes.Status200OK, checks, cancellation),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        ICheckStore checks,
        TimeProvider time,
        CancellationToken cancellation
    ) =>
        await checks.RemoveAsync(path.Of(context.User), context.Actor(), time.GetUtcNow(), cancellation)
            ? TypedResults.NoContent()
            : Problems.CheckNotFound(path.Of(context.User));

    private static async Task<IResult> Pause(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        ICheckStore checks,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var problems = new List<DocumentProblem>();
        var (reason, until) = JobActionsApi.ReadPause(json.Value, now, problems);
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        var pause = new Pause(now, reason, context.Actor().Subject, until);
        var name = path.Of(context.User);
        return await checks.SetPauseAsync(name, pause, context.Actor(), now, cancellation)
            ? await AnswerAsync(name, context, StatusCodes.Status200OK, checks, cancellation)
            : Problems.CheckNotFound(name);
    }

    private static async Task<IResult> Resume(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        ICheckStore checks,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        return await checks.SetPauseAsync(name, null, context.Actor(), time.GetUtcNow(), cancellation)
            ? await AnswerAsync(name, context, StatusCodes.Status200OK, checks, cancellation)
            : Problems.CheckNotFound(name);
    }

    private static async Task<IResult> Rotate(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        ICheckStore checks,
        IRandomBytes random,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        return await checks.RotateAsync(name, CheckSecrets.New(random), context.Actor(), time.GetUtcNow(), cancellation)
            ? await AnswerAsync(name, context, StatusCodes.Status200OK, checks, cancellation)
            : Problems.CheckNotFound(name);
    }

    private static async Task<IResult> Pings(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpRequest request,
        ClaimsPrincipal caller,
        ICheckStore checks,
        IPingStore pings,
        CancellationToken cancellation
    )
    {
        var name = path.Of(caller);
        if (await checks.FindAsync(name, cancellation) is null)
        {
            return Problems.CheckNotFound(name);
        }

        var latest = await pings.ListAsync(name, Query.Limit.Of(request), cancellation);
        return TypedResults.Ok(new Page<PingView>([.. latest.Select(PingView.Of)], null));
    }

    private static async Task<IResult> LastBody(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        IPingStore pings,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        if (await pings.BodyAsync(name, cancellation) is not { } body)
        {
            return Problems.PingBodyNotFound(name);
        }

        if (body.Size > body.Bytes.Length)
        {
            context.Response.Headers["X-Pontual-Truncated"] = body.Size.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return TypedResults.Bytes(body.Bytes, "text/plain; charset=utf-8");
    }

    private static async Task<IResult> AnswerAsync(
        JobName name,
        HttpContext context,
        int status,
        ICheckStore checks,
        CancellationToken cancellation
    )
    {
        if (await checks.FindAsync(name, cancellation) is not { } check)
        {
            return Problems.CheckNotFound(name);
        }

        context.Response.Headers.ETag = $"\"{check.Revision}\"";
        if (status == StatusCodes.Status201Created)
        {
            context.Response.Headers.Location = $"/api/v1/checks/{check.Name.Text}";
        }

        return TypedResults.Json(CheckView.Of(check, context), statusCode: status);
    }

    private static async Task<(CheckDefinition? Definition, IResult? Problem)> ReadAsync(HttpContext context, JobName? path)
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return (null, problem);
        }

        var problems = new List<DocumentProblem>();
        var definition = CheckDocument.Read(CheckView.WithoutReadOnly(json.Value), "", problems)?.In(context.User.Tenant());
        if (definition is not null && path is { } name && definition.Name != name)
        {
            problems.Add(
                new(
                    "/name",
                    "mismatch",
                    $"the body says '{definition.Name.Text}' and the path '{name.Text}'",
                    $"write '{name.Text}' in both"
                )
            );
        }

        return problems.Count > 0 ? (null, Problems.InvalidDocument(problems)) : (definition, null);
    }
}

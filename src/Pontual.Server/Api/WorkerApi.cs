using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Workers;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Where programs in any language take runs and say what came of them.</summary>
internal static class WorkerApi
{
    private const string Run =
        "\"worker\": its name, \"run_id\" and \"token\": as they came with the claim, \"output\": what it printed since the last call (optional)";

    public static void MapWorkers(this IEndpointRouteBuilder api)
    {
        Map(api, "claim", Claim)
            .TakesBody(
                "{ \"worker\": its name, \"tasks\": what it can do, \"limit\": most runs, 1 to 1000 (1), \"wait\": seconds to wait for the first one, 0 to 25 (0), "
                    + "\"lease_seconds\": how long it may be silent about a run, 3 to 600 (30) }"
            )
            .WithName("ClaimRuns")
            .WithSummary("Takes runs of jobs with a worker target, and waits for the first one if asked to.")
            .Produces<ClaimView>();
        Map(api, "heartbeat", Heartbeat)
            .TakesBody(
                "{ \"worker\": its name, \"runs\": [{ \"run_id\", \"token\", \"output\" (optional) }], \"lease_seconds\": 3 to 600 (30) }"
            )
            .WithName("HoldRuns")
            .WithSummary("Renews the leases of runs; the answer says of each whether to go on or to stop.")
            .Produces<HeartbeatView>();
        Map(api, "complete", Complete)
            .TakesBody($"{{ {Run}, \"result\": any JSON (optional), \"items_processed\": a number (optional) }}")
            .WithName("CompleteWorkerRun")
            .WithSummary("Records that a worker did a run.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status409Conflict);
        Map(api, "fail", Fail)
            .TakesBody(
                $"{{ {Run}, \"error\": what went wrong, \"retry\": false when another attempt is of no use, \"result\": any JSON (optional) }}"
            )
            .WithName("FailWorkerRun")
            .WithSummary("Records that a worker's attempt failed; the job's retry policy decides what follows.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder api, string verb, Delegate handler) =>
        api.MapPost($"/worker/{verb}", handler).Needs(TokenScope.Operate).Takes().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Claim(HttpContext context, WorkerDesk desk, IHostApplicationLifetime host)
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (WorkerBody.Claim(json.Value, context.User, problems) is not { } wish)
        {
            return Problems.InvalidDocument(problems);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        var runs = await desk.ClaimAsync(wish, stop.Token);
        if (context.RequestAborted.IsCancellationRequested)
        {
            await desk.GiveBackAsync(runs);
            return Results.Empty;
        }

        return TypedResults.Ok(ClaimView.Of(wish, runs));
    }

    private static async Task<IResult> Heartbeat(HttpContext context, WorkerDesk desk, CancellationToken cancellation)
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (WorkerBody.Heartbeat(json.Value, context.User, problems) is not { } beat)
        {
            return Problems.InvalidDocument(problems);
        }

        var goesOn = await desk.HoldAsync(beat.Worker, beat.Runs, beat.Lease, cancellation);
        return TypedResults.Ok(
            new HeartbeatView([.. beat.Runs.Zip(goesOn, (run, may) => new HeldView(run.RunId, run.LeaseToken, may ? "go_on" : "stop"))])
        );
    }

    private static Task<IResult> Complete(HttpContext context, WorkerDesk desk, CancellationToken cancellation) =>
        EndAsync(context, desk, succeeded: true, cancellation);

    private static Task<IResult> Fail(HttpContext context, WorkerDesk desk, CancellationToken cancellation) =>
        EndAsync(context, desk, succeeded: false, cancellation);

    private static async Task<IResult> EndAsync(HttpContext context, WorkerDesk desk, bool succeeded, CancellationToken cancellation)
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (WorkerBody.End(json.Value, context.User, succeeded, problems) is not { } end)
        {
            return Problems.InvalidDocument(problems);
        }

        return await desk.EndAsync(end.Worker, end.Run, end.Outcome, cancellation)
            ? TypedResults.NoContent()
            : Problems.RunNotHeld(end.Run.RunId);
    }
}

/// <summary>What a worker took. It must name each run in a heartbeat within <c>lease_seconds</c>, or end it.</summary>
internal sealed record ClaimView(string Worker, double LeaseSeconds, IReadOnlyList<ClaimedView> Runs)
{
    public static ClaimView Of(WorkerWish wish, IReadOnlyList<LeasedRun> runs) =>
        new(wish.Worker.Name, wish.Lease.TotalSeconds, [.. runs.Select(ClaimedView.Of)]);
}

/// <summary>A run that a worker took.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Token">The fencing token of this claim: to be sent with every word about the run.</param>
/// <param name="Job">Its job.</param>
/// <param name="Task">What to do.</param>
/// <param name="Args">As the job's target gives them; null for none.</param>
/// <param name="Parameters">As whoever asked for the run gave them; null for none.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="ScheduledFor">When it was due.</param>
/// <param name="TimeoutSeconds">How long the attempt may take in all.</param>
internal sealed record ClaimedView(
    Guid RunId,
    long Token,
    string Job,
    string Task,
    JsonElement? Args,
    JsonElement? Parameters,
    int Attempt,
    DateTimeOffset ScheduledFor,
    double TimeoutSeconds
)
{
    public static ClaimedView Of(LeasedRun leased) =>
        new(
            leased.Run.Id,
            leased.LeaseToken,
            leased.Job.Name.Text,
            WorkerTask.Of(leased.Job.Definition) ?? leased.Job.Name.Text,
            WorkerTask.ArgsOf(leased.Job.Definition),
            leased.Run.Parameters is { } parameters ? JsonElement.Parse(parameters) : null,
            leased.Run.Attempt,
            leased.Run.DueAt,
            leased.Job.Definition.Timeout.TotalSeconds
        );
}

/// <summary>The answer to a heartbeat: one for each run, in order.</summary>
internal sealed record HeartbeatView(IReadOnlyList<HeldView> Runs);

/// <summary>What a worker is to do with a run: <c>go_on</c>, or <c>stop</c> because it was cancelled, its time is over, or it is not this worker's any more.</summary>
internal sealed record HeldView(Guid RunId, long Token, string Next);

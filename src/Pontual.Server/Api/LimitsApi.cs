using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Queues, their limits, and the use of all limits.</summary>
internal static class LimitsApi
{
    public static void MapLimits(this IEndpointRouteBuilder api)
    {
        api.MapGet("/queues", Queues)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ListQueues")
            .WithSummary("How many runs wait and run now, and the limit of each queue that has one.");
        api.MapPut("/queues/{name}/limit", Put)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody("A limit, as under 'queues' in /schema/pontual.schema.json: {\"at-once\": 10, \"rate\": \"100/1m\"}.")
            .ForInstallation()
            .WithName("PutQueueLimit")
            .WithSummary(
                "Limits a queue over all nodes, from the next claim on: how many runs are active at once, how many start in a period."
            )
            .Produces<JsonObject>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapDelete("/queues/{name}/limit", Delete)
            .Needs(TokenScope.Admin)
            .Takes()
            .ForInstallation()
            .WithName("DeleteQueueLimit")
            .WithSummary("Takes a queue's limit away. Without one nothing happens.")
            .Produces(StatusCodes.Status204NoContent);
        api.MapGet("/limits", List)
            .Needs(TokenScope.Read)
            .Takes(Query.LimitScope, Query.LimitCursor, Query.Limit)
            .ForInstallation()
            .WithName("ListLimits")
            .WithSummary("Limits of queues and keys with their use: how many runs are active, how many wait, and when the rate opens.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Ok<Page<QueueView>>> Queues(
        ClaimsPrincipal caller,
        IRunViews runs,
        ILimitStore limits,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var depths = (await runs.DepthsAsync(time.GetUtcNow(), cancellation)).ToDictionary(depth => depth.Queue, StringComparer.Ordinal);
        var bounds = await limits.QueuesAsync(cancellation);
        var names = depths
            .Keys.Union(bounds.Keys, StringComparer.Ordinal)
            .Where(name => WorkerTask.MaySee(caller.Tenant(), name))
            .Order(StringComparer.Ordinal);
        return TypedResults.Ok(
            new Page<QueueView>(
                [
                    .. names.Select(name =>
                        QueueView.Of(depths.GetValueOrDefault(name) ?? new QueueDepth(name, 0, 0, 0, null), bounds.GetValueOrDefault(name))
                    ),
                ],
                null
            )
        );
    }

    private static async Task<IResult> Put(
        JobPath name,
        HttpRequest request,
        ILimitStore limits,
        Signals signals,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadAsync(request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var bound = DocumentObject.Open(json.Value, "", problems, LimitDocument.Keys) is { } document
            ? LimitDocument.Read(document, problems)
            : null;
        if (bound is null)
        {
            return Problems.InvalidDocument(problems);
        }

        await limits.SetQueueAsync(name.ToString(), bound, request.HttpContext.Actor(), time.GetUtcNow(), cancellation);
        signals.RunsReady();
        return TypedResults.Ok(LimitDocument.Write(bound));
    }

    private static async Task<NoContent> Delete(
        JobPath name,
        HttpContext context,
        ILimitStore limits,
        Signals signals,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        await limits.SetQueueAsync(name.ToString(), null, context.Actor(), time.GetUtcNow(), cancellation);
        signals.RunsReady();
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Page<LimitView>>> List(
        HttpRequest request,
        ILimitStore limits,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var limit = Query.Limit.Of(request);
        var (scope, after) = (Query.LimitScope.Of(request), Query.LimitCursor.Of(request));
        var rows = await limits.ListAsync(scope, after, limit + 1, time.GetUtcNow(), cancellation);
        return TypedResults.Ok(Page<LimitView>.Of(rows, limit, row => $"{Words.Of(row.Scope)}:{row.Name}", LimitView.Of));
    }
}

/// <summary>A queue as the API shows it. <c>limit</c> is null without one.</summary>
internal sealed record QueueView(string Queue, long Due, long Waiting, long Running, DateTimeOffset? OldestDue, JsonObject? Limit)
{
    public static QueueView Of(QueueDepth depth, Limit? bound) =>
        new(depth.Queue, depth.Due, depth.Waiting, depth.Running, depth.OldestDue, bound is null ? null : LimitDocument.Write(bound));
}

/// <summary>A limit as the API shows it. <c>next_at</c> is when its rate lets the next start, where that is later than now.</summary>
internal sealed record LimitView(
    LimitScope Scope,
    string Name,
    JsonObject Limit,
    string Words,
    int Active,
    long Waiting,
    DateTimeOffset? NextAt
)
{
    public static LimitView Of(LimitStatus status) =>
        new(
            status.Scope,
            status.Name,
            LimitDocument.Write(status.Bound),
            status.Bound.ToString(),
            status.Active,
            status.Waiting,
            status.Opens
        );
}

/// <summary>What a run waits for. <c>text</c> says it in words.</summary>
internal sealed record LimitWaitView(LimitScope Scope, string Name, string Text, DateTimeOffset? NextAt)
{
    public static LimitWaitView? Of(Run run, DateTimeOffset now)
    {
        // A queue's limit holds up only what could start.
        if (run.WaitsFor is not { } wait || (wait.Scope is LimitScope.Queue && !(run.NotBefore <= now)))
        {
            return null;
        }

        var next = wait.Opens > now ? wait.Opens : null;
        var of = wait.Scope is LimitScope.Queue ? $"limit of queue {wait.Name}" : $"limit {wait.Name}";
        var when = next is { } at ? $", next at {at.UtcDateTime:HH:mm:ss} UTC" : "";
        return new LimitWaitView(wait.Scope, wait.Name, $"waits for {of}: {wait.Bound}{when}", next);
    }
}

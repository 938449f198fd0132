using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Messaging.Channels.Registry;
using Pontual.Server.Access;
using Pontual.Server.Packs;

namespace Pontual.Server.Api;

/// <summary>Files of definitions: applied as a whole, and written from what is there.</summary>
internal static class DefinitionsApi
{
    private const string Yaml = "application/yaml";
    private const long LargestPack = 16 << 20;

    /// <summary>What people send YAML as, and JSON, which is YAML.</summary>
    private static readonly string[] Types = [Yaml, "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain", "application/json"];

    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/apply", Apply)
            .Needs(TokenScope.Admin)
            .Takes(Query.DryRun, Query.Prune)
            .WithMetadata(new BodyLimit(LargestPack))
            .TakesBody("A file of definitions: YAML, or JSON, which is YAML.", required: true, Yaml, "application/json")
            .WithName("ApplyDefinitions")
            .WithSummary(
                "Makes the jobs what a file of definitions (YAML or JSON) says, all of it or nothing, and answers with what changed."
            )
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/export", Export)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ExportDefinitions")
            .WithSummary(
                "All calendars, limits of queues, gateways and jobs as a file of definitions in YAML. Secrets stand in it as references."
            )
            .Produces<string>(StatusCodes.Status200OK, Yaml);
    }

    private static async Task<Results<Ok<ApplyView>, ProblemHttpResult>> Apply(
        HttpRequest request,
        ApplyDefinitions apply,
        CancellationToken cancellation
    )
    {
        var bytes = await StrictJson.ReadBytesAsync(request);
        if (!Types.Contains(request.ContentType?.Split(';')[0].Trim().ToLowerInvariant()))
        {
            return Problems.UnsupportedMediaType($"{Yaml} or application/json");
        }

        var (file, problem) = PackFile.Decode("body", bytes.ToArray());
        if (file is null)
        {
            return Problems.InvalidDefinitions([problem!]);
        }

        var wish = new ApplyRequest([file], Query.Prune.Of(request), Query.DryRun.Of(request), request.HttpContext.User.Tenant())
        {
            By = request.HttpContext.Actor(),
        };
        return await apply.ApplyAsync(wish, cancellation) switch
        {
            ApplyResult.Done done => TypedResults.Ok(ApplyView.Of(done)),
            ApplyResult.Refused refused => Problems.InvalidDefinitions(refused.Problems),
            _ => Problems.DefinitionChanged(),
        };
    }

    private static async Task<ContentHttpResult> Export(
        ClaimsPrincipal caller,
        IJobStore jobs,
        ICalendarStore calendars,
        ILimitStore limits,
        GatewayStore gateways,
        CancellationToken cancellation
    )
    {
        var all = await jobs.ListAsync(caller.Tenant(), null, int.MaxValue, cancellation);
        var named = await calendars.ListAsync(caller.Tenant(), cancellation);
        var text = PackExport.Write(
            all.Select(job => job.Definition),
            named.Select(calendar => calendar.Definition),
            caller.Tenant().IsDefault ? await limits.QueuesAsync(cancellation) : QueueChanges.None.Put,
            (await gateways.ListAsync(caller.Tenant(), cancellation)).Select(gateway => gateway.Definition)
        );
        return TypedResults.Text(text, Yaml, Encoding.UTF8);
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}

/// <summary>What applying changed, or would change.</summary>
/// <param name="Applied">False for a dry run, and when there was nothing to change.</param>
/// <param name="Text">The changes as lines for people.</param>
/// <param name="Jobs">The changes, unchanged jobs included.</param>
/// <param name="Calendars">The same of calendars.</param>
/// <param name="Queues">The same of the limits of queues.</param>
/// <param name="Gateways">The same of gateways.</param>
internal sealed record ApplyView(
    bool Applied,
    string Text,
    IReadOnlyList<JobDiffView> Jobs,
    IReadOnlyList<JobDiffView> Calendars,
    IReadOnlyList<JobDiffView> Queues,
    IReadOnlyList<JobDiffView> Gateways
)
{
    public static ApplyView Of(ApplyResult.Done done) =>
        new(
            done.Applied,
            done.Diff.Render(),
            [.. done.Diff.Jobs.Select(JobDiffView.Of)],
            [.. done.Diff.Calendars.Select(diff => new JobDiffView(diff.Name, diff.Kind, diff.Fields))],
            [.. done.Diff.Queues.Select(diff => new JobDiffView(diff.Queue, diff.Kind, diff.Fields))],
            [.. done.Diff.Gateways.Select(diff => new JobDiffView(diff.Name, diff.Kind, diff.Fields))]
        );
}

/// <summary>What becomes of one job: <c>create</c>, <c>update</c>, <c>unchanged</c> or <c>remove</c>.</summary>
internal sealed record JobDiffView(string Name, JobDiffKind Change, IReadOnlyList<FieldDiff> Fields)
{
    public static JobDiffView Of(JobDiff diff) => new(diff.Name.Text, diff.Kind, diff.Fields);
}

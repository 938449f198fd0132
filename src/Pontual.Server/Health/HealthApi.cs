using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Clocks;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Engine.Workers;
using Pontual.Server.Access;
using Pontual.Server.Api;
using Pontual.Storage.Database;

namespace Pontual.Server.Health;

/// <summary>What monitors ask.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", Summary)
            .AllowAnonymous()
            .WithName("Health")
            .WithSummary("How the system is: 503 when critical. With a token of scope read also counts of jobs by status.")
            .Produces<HealthView>()
            .Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/health/live", () => TypedResults.Ok(new LiveView("ok")))
            .AllowAnonymous()
            .WithName("HealthLive")
            .WithSummary("Whether this process answers.");
        app.MapGet("/health/ready", Ready)
            .AllowAnonymous()
            .WithName("HealthReady")
            .WithSummary("Whether this node can serve.")
            .Produces<ReadyView>()
            .Produces<ReadyView>(StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/health/jobs", Jobs)
            .Needs(TokenScope.Read)
            .WithName("HealthJobs")
            .WithSummary("How each job is: 503 when a critical one is stale or failing.")
            .Produces<JobsHealthView>()
            .Produces<JobsHealthView>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<JsonHttpResult<ReadyView>> Ready(Readiness readiness, CancellationToken cancellation) =>
        await readiness.WhyNotAsync(cancellation) is { } reason
            ? TypedResults.Json(new ReadyView("unavailable", reason), statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Json(new ReadyView("ok", null));

    private static async Task<JsonHttpResult<JobsHealthView>> Jobs(
        ClaimsPrincipal caller,
        JobHealth health,
        IRunViews runs,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var condition = (await health.JudgeAsync(cancellation)).Of(caller.Tenant());
        var day = await runs.LastDayAsync(caller.Tenant(), time.GetUtcNow(), cancellation);
        return TypedResults.Json(JobsHealthView.Of(condition, day), statusCode: CodeOf(condition.Status));
    }

    private static async Task<JsonHttpResult<HealthView>> Summary(
        HttpContext context,
        Readiness readiness,
        JobHealth health,
        AlertHealth alerts,
        INodeStore nodes,
        ScheduleClock clock,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (await readiness.WhyNotAsync(cancellation) is not null)
        {
            return TypedResults.Json(HealthView.Unavailable(readiness.Database), statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var condition = await health.JudgeAsync(cancellation);
        var now = time.GetUtcNow();
        var alive = (await nodes.ListAsync(cancellation)).Count(node => NodeView.IsThere(node, now) && !WorkerName.IsNode(node.Id));
        var status = Worst(condition.Status, (await alerts.JudgeAsync(TenantName.Default, cancellation)).Status);
        var view = new HealthView(
            status,
            HealthView.OwnVersion,
            readiness.Database,
            alive,
            ScheduleView.Of(clock),
            context.User.Has(TokenScope.Read) ? HealthView.Counts(condition.Of(context.User.Tenant())) : null,
            context.User.Has(TokenScope.Read) ? readiness.Connections : null
        );
        return TypedResults.Json(view, statusCode: CodeOf(status));
    }

    private static string Worst(string one, string other) =>
        one == "critical" || other == "critical" ? "critical"
        : one == "degraded" || other == "degraded" ? "degraded"
        : "ok";

    private static int CodeOf(string status) => status == "critical" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
}

/// <summary>The process answers.</summary>
internal sealed record LiveView(string Status);

/// <summary>Whether a node can serve, and why not.</summary>
internal sealed record ReadyView(string Status, string? Reason);

/// <summary>The database a server works on.</summary>
/// <param name="Kind"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="Version">The engine's own name and version.</param>
/// <param name="SqliteVersion">The version of the SQLite library; null on PostgreSQL.</param>
internal sealed record DatabaseView(string Kind, string Version, string? SqliteVersion);

/// <summary>How the system is.</summary>
/// <param name="Status">The worst of all.</param>
/// <param name="Version">Pontual's own.</param>
/// <param name="Database">What it works on.</param>
/// <param name="Nodes">How many nodes are there.</param>
/// <param name="Schedule">The pace of a system whose due times do not go by real time; else null.</param>
/// <param name="Jobs">How many jobs have each status; null without a token.</param>
/// <param name="Connections">How this node uses its connections to PostgreSQL; null without a token, and on SQLite.</param>
internal sealed record HealthView(
    string Status,
    string Version,
    DatabaseView Database,
    int Nodes,
    ScheduleView? Schedule,
    IReadOnlyDictionary<string, int>? Jobs,
    PoolStatus? Connections
)
{
    /// <summary>Pontual's own version.</summary>
    public static string OwnVersion { get; } =
        typeof(HealthView).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static HealthView Unavailable(DatabaseView database) => new("unavailable", OwnVersion, database, 0, null, null, null);

    /// <summary>How many jobs have each status.</summary>
    public static Dictionary<string, int> Counts(JobsCondition condition) =>
        condition.Jobs.CountBy(job => job.Status).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary();
}

/// <summary>A system whose due times do not go by real time: a test mode.</summary>
/// <param name="Speed">How many times as fast they go.</param>
/// <param name="Now">The instant it is by the schedules.</param>
internal sealed record ScheduleView(int Speed, DateTimeOffset Now)
{
    /// <summary>Null where schedules go by real time.</summary>
    public static ScheduleView? Of(ScheduleClock clock) => clock.Speed == 1 ? null : new ScheduleView(clock.Speed, clock.Now);
}

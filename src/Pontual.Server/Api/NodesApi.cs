using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Nodes;
using Pontual.Engine.Workers;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Looking at nodes.</summary>
internal static class NodesApi
{
    public static void MapNodes(this IEndpointRouteBuilder api)
    {
        api.MapGet("/nodes", Nodes).Needs(TokenScope.Read).Takes().WithName("ListNodes").WithSummary("Nodes seen in the last day.");
    }

    private static async Task<Ok<Page<NodeView>>> Nodes(
        ClaimsPrincipal caller,
        INodeStore nodes,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var all = (await nodes.ListAsync(cancellation)).Where(node => WorkerName.MaySee(caller.Tenant(), node.Id));
        var now = time.GetUtcNow();
        return TypedResults.Ok(new Page<NodeView>([.. all.Select(node => NodeView.Of(node, now))], null));
    }
}

/// <summary>A node as the API shows it. <c>state</c> is alive, draining (it stops: takes no more work), left (it stopped by itself) or lost (its lease ended).</summary>
/// <remarks><c>active_attempts</c>, <c>refused_writes</c> (results that were not recorded, because the node no longer held the run) and <c>clock_offset_ms</c>
/// (its wall clock less the database's; null on SQLite) are as of <c>seen_at</c>, its last renewal.</remarks>
internal sealed record NodeView(
    string Id,
    string Host,
    int Pid,
    string Version,
    IReadOnlyList<string> Roles,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset? SeenAt,
    DateTimeOffset LeaseUntil,
    DateTimeOffset? LeftAt,
    int ActiveAttempts,
    long RefusedWrites,
    long? ClockOffsetMs
)
{
    public static NodeView Of(NodeRecord node, DateTimeOffset now) =>
        new(
            node.Id,
            node.Host,
            node.Pid,
            node.Version,
            node.Roles,
            StateOf(node, now),
            node.StartedAt,
            node.SeenAt,
            node.LeaseUntil,
            node.LeftAt,
            StateOf(node, now) is "alive" or "draining" ? node.Condition.Active : 0,
            node.Condition.RefusedWrites,
            (long?)node.Condition.ClockOffset?.TotalMilliseconds
        );

    /// <summary>Whether its lease holds.</summary>
    public static bool IsThere(NodeRecord node, DateTimeOffset now) => node.LeftAt is null && node.LeaseUntil > now;

    /// <summary>The word for how a node is.</summary>
    public static string StateOf(NodeRecord node, DateTimeOffset now) =>
        node.LeftAt is not null ? "left"
        : !IsThere(node, now) ? "lost"
        : node.Condition.DrainingSince is not null ? "draining"
        : "alive";
}

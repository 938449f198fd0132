using Pontual.Engine.Nodes;

namespace Pontual.Engine.Explaining;

/// <summary>Which nodes were there to plan and to run, as far as that is known.</summary>
internal sealed class Staffing(IReadOnlyList<NodeRecord> nodes, DateTimeOffset now)
{
    private const string Scheduler = "scheduler";
    private const string Worker = "worker";

    /// <summary>Nodes are known for so long.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromDays(1);

    /// <summary>Whether somebody plans now.</summary>
    public bool AnyScheduler => nodes.Any(node => Plans(node) && IsThere(node, now));

    /// <summary>Whether somebody runs jobs of a kind now.</summary>
    public bool AnyFor(string kind) => nodes.Any(node => Runs(node, kind) && IsThere(node, now));

    /// <summary>When a scheduler was last heard of; null when none is known.</summary>
    public DateTimeOffset? LastScheduler => nodes.Where(Plans).Max(End);

    /// <summary>The node that planned first after an instant at which none did; null where one did, or that is not known.</summary>
    public NodeRecord? FirstAfterGap(DateTimeOffset at)
    {
        var planning = nodes.Where(Plans).ToList();
        return at < now - Known || planning.Exists(node => node.StartedAt <= at && End(node) >= at)
            ? null
            : planning.Where(node => node.StartedAt > at).MinBy(node => node.StartedAt);
    }

    /// <summary>The node that planned last before an instant; null when none is known.</summary>
    public NodeRecord? LastBefore(DateTimeOffset at) => nodes.Where(node => Plans(node) && End(node) < at).MaxBy(End);

    /// <summary>When a node was last known to be there.</summary>
    public DateTimeOffset? End(NodeRecord node) => node.LeftAt ?? (node.LeaseUntil > now ? now : node.LeaseUntil);

    /// <summary>The role that jobs of a kind need.</summary>
    public static string RoleFor(string kind) => kind is "http" or "sql" ? "scheduler or worker" : Worker;

    private static bool Plans(NodeRecord node) => node.Roles.Contains(Scheduler);

    private static bool Runs(NodeRecord node, string kind) =>
        kind == Worker || node.Roles.Contains(Worker) || (kind is "http" or "sql" && node.Roles.Contains(Scheduler));

    private static bool IsThere(NodeRecord node, DateTimeOffset now) => node.LeftAt is null && node.LeaseUntil > now;
}

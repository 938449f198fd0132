using Pontual.Engine.Nodes;

namespace Pontual.Server.Watches;

/// <summary>Which nodes are missing. Pure.</summary>
/// <remarks>A node never comes back under its name: a restarted process is another node. So a lost one is missing until another that does the same started after
/// it, and each such start takes the place of one. A process that lost its lease and entered again is one node all the same: its last stay counts.</remarks>
internal static class LostNodes
{
    /// <summary>Nodes that were lost and that none took the place of, oldest first.</summary>
    public static IReadOnlyList<NodeRecord> Find(IReadOnlyList<NodeRecord> all, DateTimeOffset now)
    {
        var missing = new List<NodeRecord>();
        var stays = all.GroupBy(node => (node.Host, node.Pid, node.ProcessMark))
            .Select(stays => stays.MaxBy(stay => stay.LeaseUntil)!)
            .ToList();
        var later = stays.OrderBy(node => node.StartedAt).ToList();
        foreach (var lost in stays.Where(node => node.LeftAt is null && node.LeaseUntil <= now).OrderBy(node => node.LeaseUntil))
        {
            // Its last sign of life: a process that is restarted at once starts before the lease of the one before it ends.
            var last = lost.SeenAt ?? lost.StartedAt;
            var heir = later.Find(node => node.StartedAt > last && node.Id != lost.Id && lost.Roles.All(node.Roles.Contains));
            if (heir is null)
            {
                missing.Add(lost);
            }
            else
            {
                later.Remove(heir);
            }
        }

        return missing;
    }
}

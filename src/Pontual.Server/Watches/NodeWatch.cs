using System.Globalization;
using Pontual.Engine.Alerts;
using Pontual.Engine.Nodes;
using Pontual.Engine.Tenants;
using Pontual.Engine.Workers;
using Pontual.Server.Api;

namespace Pontual.Server.Watches;

/// <summary>Finds nodes that are lost, and those that live badly: by what each of them said with its last heartbeat.</summary>
internal sealed class NodeWatch(INodeStore nodes) : IWatch
{
    private const string Scheduler = "scheduler";
    private const long Gibibyte = 1L << 30;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockDanger = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlowDatabase = TimeSpan.FromMilliseconds(500);

    /// <summary>What explains jobs that nobody plans.</summary>
    public static AlertKey NoSchedulerKey { get; } = new(TenantName.Default, AlertRule.NoScheduler, "schedulers");

    public IReadOnlyList<string> Rules { get; } =
    [AlertRule.NodeLost, AlertRule.NoScheduler, AlertRule.ClockOff, AlertRule.DatabaseSlow, AlertRule.DiskFull];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation) =>
        Find([.. (await nodes.ListAsync(cancellation)).Where(node => !WorkerName.IsNode(node.Id))], now);

    /// <summary>Pure.</summary>
    internal static IReadOnlyList<Finding> Find(IReadOnlyList<NodeRecord> all, DateTimeOffset now)
    {
        List<NodeRecord> there = [.. all.Where(node => NodeView.IsThere(node, now))];
        var findings = LostNodes.Find(all, now).Select(Lost).ToList();
        var last = all.Where(node => node.Roles.Contains(Scheduler))
            .Max(node => (DateTimeOffset?)(node.LeftAt ?? node.SeenAt ?? node.StartedAt));
        if (last is { } seen && !there.Exists(node => node.Roles.Contains(Scheduler)))
        {
            findings.Add(
                Of(
                    AlertRule.NoScheduler,
                    NoSchedulerKey.Subject,
                    Severity.Critical,
                    $"No node plans or rescues anything: the last one that did was seen at {seen:u}.",
                    seen
                )
            );
        }

        foreach (var node in there)
        {
            findings.AddRange(Conditions(node));
        }

        return findings;
    }

    private static Finding Lost(NodeRecord node) =>
        Of(
            AlertRule.NodeLost,
            $"{node.Host}-{node.Pid}",
            node.Roles.Contains(Scheduler) ? Severity.Critical : Severity.Warning,
            $"Node {node.Id} ({string.Join(", ", node.Roles)}) was last seen at {node.SeenAt ?? node.StartedAt:u} and ended without a word; no other has taken its place. Its runs go on elsewhere.",
            node.SeenAt ?? node.StartedAt
        );

    private static IEnumerable<Finding> Conditions(NodeRecord node)
    {
        if (node.Condition.ClockOffset is { } offset && offset.Duration() > ClockTolerance)
        {
            var direction = offset > TimeSpan.Zero ? "ahead of" : "behind";
            yield return Of(
                AlertRule.ClockOff,
                node.Host,
                offset.Duration() > ClockDanger ? Severity.Critical : Severity.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The clock of {node.Host} is {offset.Duration().TotalSeconds:0} s {direction} the database's. Set it right (NTP): logs and programs there tell wrong times."
                )
            );
        }

        if (node.Condition.RoundTrip >= SlowDatabase)
        {
            yield return Of(
                AlertRule.DatabaseSlow,
                node.Host,
                Severity.Warning,
                $"The database has answered no heartbeat of {node.Host} in less than {SlowDatabase.TotalMilliseconds:0} ms for the last five."
            );
        }

        if (node.Condition.Disk is { } disk && disk.Free < Math.Min(disk.Size / 10, 20 * Gibibyte))
        {
            var isDanger = disk.Free < Math.Min(disk.Size * 3 / 100, 5 * Gibibyte);
            yield return Of(
                AlertRule.DiskFull,
                node.Host,
                isDanger ? Severity.Critical : Severity.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The disk of the data folder on {node.Host} has less than {(isDanger ? 3 : 10)} % free: when it is full nothing can be recorded, and nothing runs."
                )
            ) with
            {
                Facts = new Dictionary<string, string>
                {
                    ["size"] = string.Create(CultureInfo.InvariantCulture, $"{disk.Size / (1 << 20)} MiB"),
                },
            };
        }
    }

    private static Finding Of(string rule, string subject, Severity severity, string summary, DateTimeOffset? since = null) =>
        new(rule, TenantName.Default, subject, severity, summary) { Since = since };
}

using Pontual.Engine.Clocks;
using Pontual.Engine.Events;
using Pontual.Engine.Nodes;
using Pontual.Storage.Database;
using Pontual.Storage.Events;

namespace Pontual.Storage.Nodes;

/// <summary>The port of nodes and their leases.</summary>
internal sealed class NodeStore(PontualDatabase database, PaceStore pace, ScheduleClock schedules, TimeProvider time) : INodeStore
{
    private const string Columns =
        "id, host, pid, process_mark, version, roles, started_at, lease_until, left_at, seen_at, active, refused_writes, clock_offset_ms, draining_since, disk_free, disk_size, round_trip_ms";

    private static readonly Statement Insert = new(
        """
        INSERT INTO node (id, host, pid, process_mark, version, roles, started_at, lease_until)
        VALUES (@id, @host, @pid, @mark, @version, @roles, @started, @until)
        """
    );

    private const string SchedulerRole = "scheduler";

    // Any number of its own will do. Held until the transaction ends: the second of two that enter at once finds the first.
    internal static readonly Statement OneAtATime = new(postgreSql: "SELECT 1 FROM pg_advisory_xact_lock(7226617101)", sqlite: "SELECT 1");

    // What a start before this one made due, and nobody has planned yet, keeps its time: it is the same run.
    private static readonly Statement MakeDue = new(
        """
        UPDATE job_state SET next_due = @due
        WHERE on_start = 1 AND next_due IS NULL AND NOT EXISTS (
            SELECT 1 FROM node WHERE left_at IS NULL AND lease_until > @now AND ',' || roles || ',' LIKE '%,' || CAST(@role AS text) || ',%')
        """
    );

    private const string HowItDoes =
        "seen_at = @now, active = @active, refused_writes = @refused, clock_offset_ms = @offset, draining_since = @draining, disk_free = @disk_free, disk_size = @disk_size, round_trip_ms = @round_trip";

    // The clock is read in the same round trip. SQLite has none of its own.
    private static readonly Statement Renew = new(
        postgreSql: $"""
        UPDATE node SET lease_until = @until, {HowItDoes} WHERE id = @node AND left_at IS NULL AND lease_until > @now RETURNING clock_timestamp()
        """,
        sqlite: $"UPDATE node SET lease_until = @until, {HowItDoes} WHERE id = @node AND left_at IS NULL AND lease_until > @now RETURNING lease_until"
    );

    private static readonly Statement Wishes = new(
        """
        SELECT id, lease_token, cancel_reason FROM run
        WHERE node = @node AND cancel_reason IS NOT NULL AND state = 'running'
        """
    );

    private static readonly Statement Known = new("SELECT id FROM node WHERE id = @node");

    private static readonly Statement Leave = new($"UPDATE node SET left_at = @now, {HowItDoes} WHERE id = @node AND left_at IS NULL");

    private static readonly Statement OnHost = new(
        $"SELECT {Columns} FROM node WHERE host = @host AND left_at IS NULL AND lease_until > @now"
    );

    private static readonly Statement EndLease = new("UPDATE node SET lease_until = @now WHERE id = @node AND lease_until > @now");

    private static readonly Statement FindLost = new(
        "UPDATE node SET lost_at = @now WHERE lease_until <= @now AND left_at IS NULL AND lost_at IS NULL AND roles <> 'outside' RETURNING id"
    );

    private static readonly Statement Seen = new($"SELECT {Columns} FROM node WHERE lease_until >= @day_ago ORDER BY started_at DESC, id");

    private readonly DatabaseClock _clock = new(time);

    public Task<bool> RegisterAsync(NodeRecord node, bool isFirstStay, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteSurelyAsync(
            async session =>
            {
                await session.QueryAsync(OneAtATime, row => row.Int64(0));
                await pace.FollowAsync(session);
                var started =
                    isFirstStay
                    && node.Roles.Contains(SchedulerRole)
                    && await session.ExecuteAsync(MakeDue, ("now", now), ("due", schedules.Of(now)), ("role", SchedulerRole)) > 0;
                await InsertAsync(session, node);
                await TellAsync(session, EventKind.NodeJoined, [node.Id], now);
                return started;
            },
            async (session, _) => (await session.QueryAsync(Known, row => row.Text(0), ("node", node.Id))).Count > 0,
            cancellation
        );

    public Task<Renewal> RenewAsync(
        string node,
        DateTimeOffset now,
        DateTimeOffset until,
        NodeCondition condition,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                var held = await _clock.ReadAsync(session, Renew, [.. Values(node, now, condition), ("until", until)]) == 1;
                var wishes = await session.QueryAsync(Wishes, row => new CancelWish(row.Id(0), row.Int64(1), row.Text(2)), ("node", node));
                return new Renewal(held, held ? wishes : []);
            },
            cancellation,
            urgent: true
        );

    public Task LeaveAsync(string node, DateTimeOffset now, NodeCondition condition, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var left = await session.ExecuteAsync(Leave, Values(node, now, condition));
                await TellAsync(session, EventKind.NodeLeft, left > 0 ? [node] : [], now);
                return left;
            },
            cancellation
        );

    /// <summary>Tells, once, of nodes whose lease has ended without their leaving. Programs outside come and go.</summary>
    public static async ValueTask TellLostAsync(DatabaseSession session, DateTimeOffset now) =>
        await TellAsync(session, EventKind.NodeLost, await session.QueryAsync(FindLost, row => row.Text(0), ("now", now)), now);

    public Task<IReadOnlyList<string>> ReapAsync(
        string host,
        Func<NodeRecord, bool> isAlive,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync<IReadOnlyList<string>>(
            async session =>
            {
                var living = await session.QueryAsync(OnHost, Read, ("host", host), ("now", now));
                List<string> dead = [.. living.Where(node => !isAlive(node)).Select(node => node.Id)];
                foreach (var node in dead)
                {
                    await session.ExecuteAsync(EndLease, ("node", node), ("now", now));
                }

                return dead;
            },
            cancellation
        );

    private static ValueTask TellAsync(DatabaseSession session, string kind, IReadOnlyList<string> nodes, DateTimeOffset now)
    {
        var lines = new EventLines();
        foreach (var node in nodes)
        {
            lines.Named(kind, now, node);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    private static (string Name, Value Value)[] Values(string node, DateTimeOffset now, NodeCondition condition) =>
        [
            ("node", node),
            ("now", now),
            ("active", condition.Active),
            ("refused", condition.RefusedWrites),
            ("offset", (long?)condition.ClockOffset?.TotalMilliseconds),
            ("draining", condition.DrainingSince),
            ("disk_free", condition.Disk?.Free),
            ("disk_size", condition.Disk?.Size),
            ("round_trip", (long?)condition.RoundTrip?.TotalMilliseconds),
        ];

    private static ValueTask<int> InsertAsync(DatabaseSession session, NodeRecord node) =>
        session.ExecuteAsync(
            Insert,
            ("id", node.Id),
            ("host", node.Host),
            ("pid", node.Pid),
            ("mark", node.ProcessMark),
            ("version", node.Version),
            ("roles", string.Join(',', node.Roles)),
            ("started", node.StartedAt),
            ("until", node.LeaseUntil)
        );

    public async Task<IReadOnlyList<NodeRecord>> ListAsync(CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.QueryAsync(Seen, Read, ("day_ago", time.GetUtcNow() - TimeSpan.FromDays(1))),
            cancellation
        );

    private static NodeRecord Read(Row row) =>
        new(
            row.Text(0),
            row.Text(1),
            row.Int32(2),
            row.Text(3),
            row.Text(4),
            row.Text(5).Split(',', StringSplitOptions.RemoveEmptyEntries),
            row.Instant(6),
            row.Instant(7),
            row.InstantOrNull(8),
            row.InstantOrNull(9),
            new NodeCondition(
                row.Int32(10),
                row.Int64(11),
                row.Int64OrNull(12) is { } off ? TimeSpan.FromMilliseconds(off) : null,
                row.InstantOrNull(13)
            )
            {
                Disk = row.Int64OrNull(14) is { } free ? new DiskSpace(free, row.Int64(15)) : null,
                RoundTrip = row.Int64OrNull(16) is { } took ? TimeSpan.FromMilliseconds(took) : null,
            }
        );
}

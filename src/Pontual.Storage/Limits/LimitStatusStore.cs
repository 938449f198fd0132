using Pontual.Engine.Audit;
using Pontual.Engine.Events;
using Pontual.Engine.Limits;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;
using Pontual.Storage.Events;

namespace Pontual.Storage.Limits;

/// <summary>The port of limits.</summary>
internal sealed class LimitStatusStore(PontualDatabase database) : ILimitStore
{
    private static readonly Statement HoldQueue = new(
        postgreSql: "SELECT at_once, rate_count, rate_ms, burst, tat FROM run_limit WHERE scope = 'queue' AND name = @queue FOR UPDATE",
        sqlite: "SELECT at_once, rate_count, rate_ms, burst, tat FROM run_limit WHERE scope = 'queue' AND name = @queue"
    );

    private static readonly Statement PutQueue = new(
        """
        INSERT INTO run_limit (scope, name, at_once, rate_count, rate_ms, burst, tat, used_at)
        VALUES ('queue', @queue, @at_once, @rate_count, @rate_ms, @burst, @tat, @now)
        ON CONFLICT (scope, name) DO UPDATE SET at_once = excluded.at_once, rate_count = excluded.rate_count, rate_ms = excluded.rate_ms,
            burst = excluded.burst, tat = excluded.tat, used_at = excluded.used_at
        """
    );

    private static readonly Statement DropQueue = new("DELETE FROM run_limit WHERE scope = 'queue' AND name = @queue");

    private static readonly Statement OfQueues = new(
        "SELECT name, at_once, rate_count, rate_ms, burst FROM run_limit WHERE scope = 'queue' ORDER BY name"
    );

    // A key that no run has is nothing to tell of, but for a rate that is still to open.
    private static readonly Statement Page = new(
        """
        SELECT scope, name, at_once, rate_count, rate_ms, burst, tat,
            CASE scope WHEN 'key' THEN (SELECT count(*) FROM run WHERE run.limit_key = run_limit.name AND run.state = 'running')
                ELSE (SELECT count(*) FROM run WHERE run.state = 'running' AND run.queue = run_limit.name) END,
            CASE scope WHEN 'key' THEN (SELECT count(*) FROM run WHERE run.limit_key = run_limit.name AND run.state = 'pending' AND run.limit_at IS NOT NULL)
                ELSE (SELECT count(*) FROM run WHERE run.state = 'pending' AND run.not_before IS NOT NULL AND run.queue = run_limit.name
                    AND run.claim_at <= @horizon AND run.not_before <= @now) END
        FROM run_limit
        WHERE (CAST(@scope AS text) IS NULL OR scope = @scope) AND (scope < @after_scope OR (scope = @after_scope AND name > @after_name))
            AND (scope = 'queue' OR tat > @now OR EXISTS (SELECT 1 FROM run WHERE run.limit_key = run_limit.name))
        ORDER BY scope DESC, name LIMIT @limit
        """
    );

    public Task<bool> SetQueueAsync(string queue, Limit? bound, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(session => SetQueueAsync(session, queue, bound, by, now), cancellation);

    public async Task<IReadOnlyDictionary<string, Limit>> QueuesAsync(CancellationToken cancellation)
    {
        var found = await database.ReadAsync(
            session => session.QueryAsync(OfQueues, row => KeyValuePair.Create(row.Text(0), LimitRowStore.ReadBound(row, 1))),
            cancellation
        );
        return found.ToDictionary(StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<LimitStatus>> ListAsync(
        LimitScope? scope,
        (LimitScope Scope, string Name)? after,
        int limit,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        await database.ReadAsync(
            session =>
                session.QueryAsync(
                    Page,
                    row => Read(row, now),
                    ("scope", scope is { } only ? WordOf(only) : null),
                    ("after_scope", after is { } last ? WordOf(last.Scope) : "z"),
                    ("after_name", after?.Name ?? ""),
                    ("now", now),
                    ("horizon", now.AddMinutes(10)),
                    ("limit", limit)
                ),
            cancellation
        );

    /// <summary>Changes limits of queues inside a larger change.</summary>
    public static async ValueTask ChangeQueuesAsync(DatabaseSession session, QueueChanges changes, Actor by, DateTimeOffset now)
    {
        foreach (var (queue, bound) in changes.Put.OrderBy(queue => queue.Key, StringComparer.Ordinal))
        {
            await SetQueueAsync(session, queue, bound, by, now);
        }

        foreach (var queue in changes.Remove)
        {
            await SetQueueAsync(session, queue, null, by, now);
        }
    }

    /// <summary>Limits a queue, or not any more.</summary>
    /// <returns>Whether this changed anything.</returns>
    private static async ValueTask<bool> SetQueueAsync(DatabaseSession session, string queue, Limit? bound, Actor by, DateTimeOffset now)
    {
        var found = await session.QueryAsync(
            HoldQueue,
            row => (Bound: LimitRowStore.ReadBound(row, 0), Tat: row.InstantOrNull(4)),
            ("queue", queue)
        );
        var (old, tat) = found.Count == 0 ? (null, null) : found[0];
        if (old == bound)
        {
            return false;
        }

        var action = bound is null ? "queue-limit.removed" : "queue-limit.set";
        await AuditRowStore.AddAsync(session, new AuditLine(now, TenantName.Default, by, action, queue, Shown(old), Shown(bound)));
        await TellAsync(session, queue, now);
        if (bound is null)
        {
            return await session.ExecuteAsync(DropQueue, ("queue", queue)) > 0;
        }

        await session.ExecuteAsync(
            PutQueue,
            ("queue", queue),
            ("at_once", bound.AtOnce),
            ("rate_count", bound.Rate?.Count),
            ("rate_ms", (long?)bound.Rate?.Period.TotalMilliseconds),
            ("burst", bound.Burst),
            ("tat", LimitUse.Carried(bound, tat, now)),
            ("now", now)
        );
        return true;
    }

    private static string? Shown(Limit? bound) => bound is null ? null : LimitDocument.Write(bound).ToJsonString();

    private static ValueTask TellAsync(DatabaseSession session, string queue, DateTimeOffset now) =>
        NewEventsStore.WriteAsync(session, new EventLines().Named(EventKind.QueueLimited, now, queue));

    private static string WordOf(LimitScope scope) => scope is LimitScope.Queue ? "queue" : "key";

    private static LimitStatus Read(Row row, DateTimeOffset now)
    {
        var use = new LimitUse(LimitRowStore.ReadBound(row, 2), row.InstantOrNull(6), row.Int32(7));
        var scope = row.Text(0) == "queue" ? LimitScope.Queue : LimitScope.Key;
        return new LimitStatus(scope, row.Text(1), use.Bound, use.Active, row.Int64(8), use.Opens > now ? use.Opens : null);
    }
}

using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Checks;

/// <summary>Reads and writes checks inside a session.</summary>
internal static class CheckRowStore
{
    private const string Columns = """
        id, tenant, name, definition, revision, ping_key, badge_key, paused_since, paused_reason, paused_by, paused_until, created_at, updated_at,
        due_at, alert_after, pings, last_ping_at, last_end_at, last_code, last_duration_ms, started_at, started_run, failures, failing_since
        """;

    private static readonly Statement ByName = new($"SELECT {Columns} FROM ping_check WHERE tenant = @tenant AND name = @name");

    private static readonly Statement LockByName = new(
        postgreSql: $"SELECT {Columns} FROM ping_check WHERE tenant = @tenant AND name = @name FOR UPDATE",
        sqlite: $"SELECT {Columns} FROM ping_check WHERE tenant = @tenant AND name = @name"
    );

    private static readonly Statement LockByPing = new(
        postgreSql: $"SELECT {Columns} FROM ping_check WHERE ping_key = @key FOR UPDATE",
        sqlite: $"SELECT {Columns} FROM ping_check WHERE ping_key = @key"
    );

    private static readonly Statement Known = new("SELECT 1 FROM ping_check WHERE ping_key = @key");

    private static readonly Statement ByBadge = new($"SELECT {Columns} FROM ping_check WHERE badge_key = @key");

    private static readonly Statement OfTenant = new(
        $"SELECT {Columns} FROM ping_check WHERE tenant = @tenant AND name > @after ORDER BY name LIMIT @limit"
    );

    // Each half walks an index of its own, over those rows alone.
    private static readonly Statement Troubled = new(
        $"""
        SELECT {Columns} FROM ping_check
        WHERE id IN (SELECT id FROM ping_check WHERE alert_after < @now UNION SELECT id FROM ping_check WHERE failures > 0)
        ORDER BY tenant, name
        """
    );

    private static readonly Statement Insert = new(
        """
        INSERT INTO ping_check (tenant, name, definition, ping_key, badge_key, created_at, updated_at, due_at, alert_after)
        VALUES (@tenant, @name, @definition, @ping_key, @badge_key, @now, @now, @due_at, @alert_after)
        ON CONFLICT (tenant, name) DO NOTHING
        """
    );

    private static readonly Statement Update = new(
        """
        UPDATE ping_check
        SET definition = @definition, revision = @revision, updated_at = @updated_at, ping_key = @ping_key, badge_key = @badge_key,
            paused_since = @paused_since, paused_reason = @paused_reason, paused_by = @paused_by, paused_until = @paused_until,
            due_at = @due_at, alert_after = @alert_after, started_at = @started_at, started_run = @started_run
        WHERE id = @id
        """
    );

    private static readonly Statement Progress = new(
        """
        UPDATE ping_check
        SET due_at = @due_at, alert_after = @alert_after, pings = @pings, last_ping_at = @last_ping_at, last_end_at = @last_end_at,
            last_code = @last_code, last_duration_ms = @last_duration, started_at = @started_at, started_run = @started_run,
            failures = @failures, failing_since = @failing_since
        WHERE id = @id
        """
    );

    private static readonly Statement Delete = new("DELETE FROM ping_check WHERE id = @id");

    public static ValueTask<Check?> FindAsync(DatabaseSession session, JobName name) => OneAsync(session, ByName, Named(name));

    /// <summary>The check, held until the transaction ends.</summary>
    public static ValueTask<Check?> HoldAsync(DatabaseSession session, JobName name) => OneAsync(session, LockByName, Named(name));

    /// <summary>The check of a ping, held until the transaction ends.</summary>
    public static ValueTask<Check?> HoldByPingAsync(DatabaseSession session, string key) => OneAsync(session, LockByPing, [("key", key)]);

    public static async ValueTask<bool> IsKnownAsync(DatabaseSession session, string key) =>
        (await session.QueryAsync(Known, row => row.Int64(0), ("key", key))).Count > 0;

    public static ValueTask<Check?> FindByBadgeAsync(DatabaseSession session, string key) => OneAsync(session, ByBadge, [("key", key)]);

    public static ValueTask<List<Check>> ListAsync(DatabaseSession session, TenantName tenant, string after, int limit) =>
        session.QueryAsync(OfTenant, Read, ("tenant", tenant.ToString()), ("after", after), ("limit", limit));

    public static ValueTask<List<Check>> TroubledAsync(DatabaseSession session, DateTimeOffset now) =>
        session.QueryAsync(Troubled, Read, ("now", now));

    /// <returns>False when one of that name is there.</returns>
    public static async ValueTask<bool> TryInsertAsync(DatabaseSession session, CheckPut put, CheckProgress progress, DateTimeOffset now) =>
        await session.ExecuteAsync(
            Insert,
            [
                .. Named(put.Definition.Name),
                ("definition", CheckDocument.Serialize(put.Definition)),
                ("ping_key", put.Keys.Ping),
                ("badge_key", put.Keys.Badge),
                ("now", now),
                ("due_at", progress.DueAt),
                ("alert_after", progress.AlertAfter),
            ]
        ) > 0;

    /// <summary>Writes all but what only pings change.</summary>
    public static ValueTask<int> UpdateAsync(DatabaseSession session, Check check) =>
        session.ExecuteAsync(
            Update,
            ("id", check.Id),
            ("definition", CheckDocument.Serialize(check.Definition)),
            ("revision", check.Revision),
            ("updated_at", check.UpdatedAt),
            ("ping_key", check.PingKey),
            ("badge_key", check.BadgeKey),
            ("paused_since", check.Paused?.Since),
            ("paused_reason", check.Paused?.Reason),
            ("paused_by", check.Paused?.By),
            ("paused_until", check.Paused?.Until),
            ("due_at", check.Progress.DueAt),
            ("alert_after", check.Progress.AlertAfter),
            ("started_at", check.Progress.StartedAt),
            ("started_run", check.Progress.StartedRun)
        );

    /// <summary>Writes what a ping changed.</summary>
    public static ValueTask<int> WriteProgressAsync(DatabaseSession session, Check check) =>
        session.ExecuteAsync(
            Progress,
            ("id", check.Id),
            ("due_at", check.Progress.DueAt),
            ("alert_after", check.Progress.AlertAfter),
            ("pings", check.Progress.Pings),
            ("last_ping_at", check.Progress.LastPingAt),
            ("last_end_at", check.Progress.LastEndAt),
            ("last_code", check.Progress.LastCode),
            ("last_duration", Milliseconds(check.Progress.LastDuration)),
            ("started_at", check.Progress.StartedAt),
            ("started_run", check.Progress.StartedRun),
            ("failures", check.Progress.Failures),
            ("failing_since", check.Progress.FailingSince)
        );

    public static ValueTask<int> DeleteAsync(DatabaseSession session, Check check) => session.ExecuteAsync(Delete, ("id", check.Id));

    public static long? Milliseconds(TimeSpan? span) => span is { } known ? (long)known.TotalMilliseconds : null;

    public static TimeSpan? Span(long? milliseconds) => milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null;

    private static (string, Value)[] Named(JobName name) => [("tenant", name.Tenant.ToString()), ("name", name.Text)];

    private static async ValueTask<Check?> OneAsync(DatabaseSession session, Statement statement, (string, Value)[] values) =>
        (await session.QueryAsync(statement, Read, values)).FirstOrDefault();

    private static Check Read(Row row) =>
        new()
        {
            Id = row.Int64(0),
            Definition = CheckDocument.Deserialize(row.Text(3)).In(TenantName.Parse(row.Text(1))),
            Revision = row.Int32(4),
            PingKey = row.Text(5),
            BadgeKey = row.Text(6),
            Paused = row.InstantOrNull(7) is { } since
                ? new Pause(since, row.TextOrNull(8), row.TextOrNull(9), row.InstantOrNull(10))
                : null,
            CreatedAt = row.Instant(11),
            UpdatedAt = row.Instant(12),
            Progress = new CheckProgress(row.InstantOrNull(13), row.InstantOrNull(14))
            {
                Pings = row.Int64(15),
                LastPingAt = row.InstantOrNull(16),
                LastEndAt = row.InstantOrNull(17),
                LastCode = row.Int32OrNull(18),
                LastDuration = Span(row.Int64OrNull(19)),
                StartedAt = row.InstantOrNull(20),
                StartedRun = row.IdOrNull(21),
                Failures = row.Int32(22),
                FailingSince = row.InstantOrNull(23),
            },
        };
}

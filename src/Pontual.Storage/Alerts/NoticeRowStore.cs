using Pontual.Engine.Alerts;
using Pontual.Storage.Database;

namespace Pontual.Storage.Alerts;

/// <summary>The rows of notices, as the round writes and reads them.</summary>
internal static class NoticeRowStore
{
    private static readonly RowSet<(Notice Notice, Severity Severity)> Rows = new(
        ("id", ValueKind.Id, row => row.Notice.Id),
        ("tenant", ValueKind.Text, row => row.Notice.Tenant.ToString()),
        ("route", ValueKind.Text, row => row.Notice.Route),
        ("kind", ValueKind.Text, row => row.Notice.Kind),
        ("severity", ValueKind.Text, row => AlertRowStore.Word(row.Severity)),
        ("alert_id", ValueKind.Id, row => row.Notice.Alert?.Id),
        ("body", ValueKind.Text, row => NoticeDocument.Write(row.Notice)),
        ("at", ValueKind.Instant, row => row.Notice.At),
        ("due_at", ValueKind.Instant, row => row.Notice.DueAt),
        ("ended_at", ValueKind.Instant, row => row.Notice.IsGrouped ? row.Notice.At : (DateTimeOffset?)null),
        ("error", ValueKind.Text, row => row.Notice.IsGrouped ? "told in a summary" : null)
    );

    private static readonly Statement Insert = new(
        """
        WITH {rows}
        INSERT INTO notice (id, tenant, route, kind, severity, alert_id, body, at, due_at, ended_at, error)
        SELECT id, tenant, route, kind, severity, alert_id, body, at, due_at, ended_at, error FROM rows
        """
    );

    private static readonly RowSet<(Guid Alert, string Route)> Pairs = new(
        ("alert_id", ValueKind.Id, pair => pair.Alert),
        ("route", ValueKind.Text, pair => pair.Route)
    );

    private static readonly Statement DropHeld = new(
        """
        WITH {rows}
        UPDATE notice SET ended_at = @now, error = 'over before quiet hours were'
        FROM rows WHERE notice.alert_id = rows.alert_id AND notice.route = rows.route AND notice.ended_at IS NULL AND notice.tries = 0
        """
    );

    // Ids rise with the time of decision: the highest of an alert and route is the last.
    private static readonly Statement LastOfOpen = new(
        """
        SELECT notice.alert_id, notice.route, notice.at, notice.severity, CASE
            WHEN notice.ended_at IS NULL AND notice.tries = 0 AND notice.due_at > @now AND NOT EXISTS (
                SELECT 1 FROM notice AS other WHERE other.alert_id = notice.alert_id AND other.route = notice.route AND other.id < notice.id)
            THEN 1 ELSE 0 END
        FROM alert JOIN notice ON notice.alert_id = alert.id
        WHERE alert.resolved_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM notice AS newer WHERE newer.alert_id = notice.alert_id AND newer.route = notice.route AND newer.id > notice.id)
        """
    );

    public static ValueTask<int> AddAsync(DatabaseSession session, IReadOnlyList<Notice> notices) =>
        session.ExecuteAsync(Insert, Rows, [.. notices.Select(notice => (notice, notice.Alert?.Severity ?? Severity.Warning))]);

    public static ValueTask<int> DropAsync(DatabaseSession session, IReadOnlyList<(Guid Alert, string Route)> pairs, DateTimeOffset now) =>
        session.ExecuteAsync(DropHeld, Pairs, pairs, ("now", now));

    /// <summary>What was told last about the open alerts. Held means that nothing at all was told yet.</summary>
    public static async ValueTask<Dictionary<(Guid Alert, string Route), NoticeMark>> MarksAsync(
        DatabaseSession session,
        DateTimeOffset now
    ) =>
        (
            await session.QueryAsync(
                LastOfOpen,
                row =>
                    KeyValuePair.Create(
                        (row.Id(0), row.Text(1)),
                        new NoticeMark(row.Instant(2), AlertRowStore.SeverityOf(row.Text(3)), row.Int32(4) == 1)
                    ),
                ("now", now)
            )
        ).ToDictionary();
}

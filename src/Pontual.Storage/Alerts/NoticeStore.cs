using Pontual.Engine.Alerts;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Alerts;

/// <summary>The port of notices on their way.</summary>
internal sealed class NoticeStore(PontualDatabase database) : INoticeStore
{
    // One at a time of each alert and route, so that nobody hears of the end before the beginning.
    private const string Waiting = """
        SELECT id FROM notice
        WHERE ended_at IS NULL AND due_at <= @now AND (held_until IS NULL OR held_until <= @now) AND NOT EXISTS (
            SELECT 1 FROM notice AS earlier
            WHERE earlier.alert_id = notice.alert_id AND earlier.route = notice.route AND earlier.id < notice.id AND earlier.ended_at IS NULL)
        ORDER BY due_at, id LIMIT @limit
        """;

    private const string Hold = "UPDATE notice SET held_until = @until, tries = tries + 1 WHERE id IN";

    private static readonly Statement Take = new(
        postgreSql: $"{Hold} ({Waiting} FOR UPDATE SKIP LOCKED) RETURNING body, tries, due_at",
        sqlite: $"{Hold} ({Waiting}) RETURNING body, tries, due_at"
    );

    private static readonly Statement Sent = new(
        "UPDATE notice SET sent_at = @now, ended_at = @now, error = NULL, held_until = NULL WHERE id = @id AND ended_at IS NULL"
    );

    // A route that takes something is well again, whatever else still waits for another try.
    private static readonly Statement WorksAgain = new(
        "UPDATE notice SET failing_since = NULL WHERE ended_at IS NULL AND failing_since IS NOT NULL AND tenant = @tenant AND route = @route"
    );

    private static readonly Statement Failed = new(
        """
        UPDATE notice
        SET held_until = NULL, error = @error, failing_since = coalesce(failing_since, @now), due_at = coalesce(@again, due_at),
            ended_at = CASE WHEN CAST(@gives_up AS integer) = 1 THEN @now END
        WHERE id = @id AND ended_at IS NULL
        """
    );

    private static readonly Statement Failing = new(
        """
        SELECT tenant, route, min(failing_since), max(tries), count(*), max(error)
        FROM notice WHERE ended_at IS NULL AND failing_since IS NOT NULL GROUP BY tenant, route
        """
    );

    public async Task<IReadOnlyList<Notice>> TakeAsync(DateTimeOffset now, TimeSpan hold, int limit, CancellationToken cancellation)
    {
        var taken = await database.WriteAsync(
            session => session.QueryAsync(Take, Read, ("now", now), ("until", now + hold), ("limit", limit)),
            cancellation
        );
        return [.. taken.OrderBy(notice => notice.Id)];
    }

    public Task SentAsync(Notice notice, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(WorksAgain, ("tenant", notice.Tenant.ToString()), ("route", notice.Route));
                return await session.ExecuteAsync(Sent, ("id", notice.Id), ("now", now));
            },
            cancellation
        );

    public Task FailedAsync(Notice notice, string error, DateTimeOffset? again, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    Failed,
                    ("id", notice.Id),
                    ("error", error),
                    ("again", again),
                    ("gives_up", again is null ? 1 : 0),
                    ("now", now)
                ),
            cancellation
        );

    public async Task<IReadOnlyList<FailingRoute>> FailingAsync(CancellationToken cancellation) =>
        await database.ReadAsync(
            session =>
                session.QueryAsync(
                    Failing,
                    row => new FailingRoute(
                        TenantName.Parse(row.Text(0)),
                        row.Text(1),
                        row.Instant(2),
                        row.Int32(3),
                        row.Int32(4),
                        row.TextOrNull(5) ?? ""
                    )
                ),
            cancellation
        );

    private static Notice Read(Row row) => NoticeDocument.Read(row.Text(0)) with { Tries = row.Int32(1), DueAt = row.Instant(2) };
}

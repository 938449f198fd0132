using Pontual.Engine.Alerts;
using Pontual.Engine.Audit;
using Pontual.Engine.Events;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Alerts;

/// <summary>The port of alerts.</summary>
internal sealed class AlertStore(PontualDatabase database, AlertSettingsStore settings) : IAlertStore
{
    /// <summary>A stretch without a look that is shorter is a restart, and no outage.</summary>
    private static readonly TimeSpan OutageAfter = TimeSpan.FromSeconds(30);

    // Who took a turn and never ended it is slow, or gone.
    private static readonly Statement TakeTurn = new(
        """
        UPDATE watch_turn
        SET turn = turn + 1, node = @node, taken_at = @now, ended_at = NULL,
            outage_from = CASE WHEN taken_at < @gone THEN taken_at ELSE outage_from END,
            outage_to = CASE WHEN taken_at < @gone THEN @now ELSE outage_to END
        WHERE taken_at IS NULL OR taken_at > @now OR taken_at <= CASE WHEN ended_at IS NULL THEN @abandoned ELSE @before END
        RETURNING turn
        """
    );

    private static readonly Statement EndTurn = new("UPDATE watch_turn SET ended_at = @now WHERE turn = @turn RETURNING turn");

    private static readonly Statement LastLook = new(
        "SELECT max(coalesce(ended_at, taken_at)) FROM watch_turn HAVING max(taken_at) IS NOT NULL"
    );

    private static readonly Statement TakeBeat = new(
        "UPDATE watch_turn SET beat_at = @now WHERE beat_at IS NULL OR beat_at > @now OR beat_at <= @before RETURNING turn"
    );

    private static readonly Statement LastOutage = new(
        "SELECT outage_from, outage_to FROM watch_turn WHERE outage_from IS NOT NULL AND outage_to IS NOT NULL"
    );

    // Ids carry due times, so that only what was due then is looked at.
    private static readonly Statement DueThen = new(
        """
        SELECT CASE WHEN state = 'skipped' THEN 1 ELSE 0 END, CAST(sum(count) AS bigint) FROM run_history
        WHERE id >= @first AND id < @end AND trigger = 'schedule' AND finished_at >= @to GROUP BY 1
        UNION ALL SELECT 0, count(*) FROM run WHERE id >= @first AND id < @end AND trigger = 'schedule'
        """
    );

    private static readonly Statement Page = new(
        $"""
        SELECT {AlertRowStore.Columns} FROM alert
        WHERE tenant = @tenant AND (id < @after OR @after IS NULL)
            AND (rule = @rule OR CAST(@rule AS text) IS NULL) AND (subject = @subject OR CAST(@subject AS text) IS NULL)
            AND (CAST(@open AS integer) IS NULL OR (@open = 1 AND resolved_at IS NULL) OR (@open = 0 AND resolved_at IS NOT NULL))
        ORDER BY id DESC LIMIT @limit
        """
    );

    private static readonly Statement One = new($"SELECT {AlertRowStore.Columns} FROM alert WHERE tenant = @tenant AND id = @id");

    private static readonly Statement NoticesOf = new(
        "SELECT id, route, kind, at, tries, sent_at, CASE WHEN ended_at IS NULL THEN due_at END, error FROM notice WHERE alert_id = @id ORDER BY id"
    );

    private static readonly Statement Acknowledge = new(
        $"""
        UPDATE alert SET acknowledged_at = @now, acknowledged_by = @by, comment = @comment
        WHERE tenant = @tenant AND id = @id AND resolved_at IS NULL RETURNING {AlertRowStore.Columns}
        """
    );

    private static readonly Statement Snooze = new(
        $"UPDATE alert SET snoozed_until = @until WHERE tenant = @tenant AND id = @id AND resolved_at IS NULL RETURNING {AlertRowStore.Columns}"
    );

    private static readonly Statement ForgetNotices = new("DELETE FROM notice WHERE ended_at < @before");
    private static readonly Statement ForgetAlerts = new("DELETE FROM alert WHERE resolved_at IS NOT NULL AND resolved_at < @before");

    public async Task<long?> TakeTurnAsync(string node, TimeSpan every, DateTimeOffset now, CancellationToken cancellation)
    {
        var turn = await database.WriteAsync(
            session =>
                session.QueryAsync(
                    TakeTurn,
                    row => row.Int64(0),
                    ("node", node),
                    ("now", now),
                    ("before", now - every),
                    ("abandoned", now - (3 * every)),
                    ("gone", now - OutageAfter)
                ),
            cancellation
        );
        return turn.Count == 0 ? null : turn[0];
    }

    public async Task<DateTimeOffset?> LastLookAsync(CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(LastLook, row => row.Instant(0)), cancellation) is [var at] ? at : null;

    public async Task<bool> TakeBeatAsync(TimeSpan every, DateTimeOffset now, CancellationToken cancellation) =>
        (
            await database.WriteAsync(
                session => session.QueryAsync(TakeBeat, row => row.Int64(0), ("now", now), ("before", now - every)),
                cancellation
            )
        ).Count > 0;

    public Task<OutageReport?> LastOutageAsync(CancellationToken cancellation) =>
        database.ReadAsync<OutageReport?>(
            async session =>
            {
                var found = await session.QueryAsync(LastOutage, row => (From: row.Instant(0), To: row.Instant(1)));
                if (found is not [var outage])
                {
                    return null;
                }

                var counts = await session.QueryAsync(
                    DueThen,
                    row => (IsSkipped: row.Int32(0) == 1, Count: row.Int64(1)),
                    ("first", RunId.Lowest(outage.From)),
                    ("end", RunId.Lowest(outage.To)),
                    ("to", outage.To)
                );
                return new OutageReport(
                    outage.From,
                    outage.To,
                    counts.Where(count => !count.IsSkipped).Sum(count => count.Count),
                    counts.Where(count => count.IsSkipped).Sum(count => count.Count)
                );
            },
            cancellation
        );

    public Task<AlertChanges?> DecideAsync(
        long turn,
        Func<AlertState, AlertChanges> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync<AlertChanges?>(
            async session =>
            {
                // The row is held until the end: who took the turn over meanwhile waits, or has won.
                if ((await session.QueryAsync(EndTurn, row => row.Int64(0), ("turn", turn), ("now", now))).Count == 0)
                {
                    return null;
                }

                var changes = decide(
                    new AlertState(
                        await AlertRowStore.OpenAsync(session),
                        await AlertRowStore.ResolvedSinceAsync(session, now - AlertRound.ParentGrace),
                        await NoticeRowStore.MarksAsync(session, now),
                        await SilenceRowStore.HoldingAsync(session, now),
                        await settings.AllAsync(session)
                    )
                );
                await WriteAsync(session, changes, now);
                return changes;
            },
            cancellation
        );

    public async Task<IReadOnlyList<Alert>> ListAsync(AlertQuery query, CancellationToken cancellation) =>
        await database.ReadAsync(
            session =>
                session.QueryAsync(
                    Page,
                    AlertRowStore.Read,
                    ("tenant", query.Tenant.ToString()),
                    ("after", query.After),
                    ("rule", query.Rule),
                    ("subject", query.Subject),
                    (
                        "open",
                        query.IsOpen is { } open
                            ? open
                                ? 1L
                                : 0L
                            : (long?)null
                    ),
                    ("limit", query.Limit)
                ),
            cancellation
        );

    public Task<AlertDetail?> FindAsync(TenantName tenant, Guid id, CancellationToken cancellation) =>
        database.ReadAsync<AlertDetail?>(
            async session =>
            {
                var found = await session.QueryAsync(One, AlertRowStore.Read, ("tenant", tenant.ToString()), ("id", id));
                return found.Count == 0 ? null : new AlertDetail(found[0], await session.QueryAsync(NoticesOf, ReadReport, ("id", id)));
            },
            cancellation
        );

    public Task<Alert?> AcknowledgeAsync(
        TenantName tenant,
        Guid id,
        string? comment,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            session =>
                session.QueryAsync(
                    Acknowledge,
                    AlertRowStore.Read,
                    ("tenant", tenant.ToString()),
                    ("id", id),
                    ("now", now),
                    ("by", by.Name),
                    ("comment", comment)
                ),
            alert => new AuditLine(
                now,
                tenant,
                by,
                "alert.acknowledged",
                alert.Key.ToString(),
                null,
                comment is null ? null : Json(comment)
            ),
            EventKind.AlertAcknowledged,
            now,
            cancellation
        );

    public Task<Alert?> SnoozeAsync(
        TenantName tenant,
        Guid id,
        DateTimeOffset? until,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            session => session.QueryAsync(Snooze, AlertRowStore.Read, ("tenant", tenant.ToString()), ("id", id), ("until", until)),
            alert => new AuditLine(now, tenant, by, "alert.snoozed", alert.Key.ToString(), null, Json(until?.ToString("o") ?? "no longer")),
            EventKind.AlertSnoozed,
            now,
            cancellation
        );

    public async Task<IReadOnlyList<Silence>> SilencesAsync(TenantName tenant, DateTimeOffset now, CancellationToken cancellation) =>
        await database.ReadAsync(session => SilenceRowStore.ListAsync(session, tenant, now), cancellation);

    public Task AddSilenceAsync(Silence silence, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await SilenceRowStore.AddAsync(session, silence);
                var line = new AuditLine(now, silence.Tenant, by, "silence.created", silence.Id.ToString(), null, Json(silence.Reason));
                return await AuditRowStore.AddAsync(session, line);
            },
            cancellation
        );

    public Task<bool> EndSilenceAsync(TenantName tenant, Guid id, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await SilenceRowStore.EndAsync(session, tenant, id, now) is not { } ended)
                {
                    return false;
                }

                await AuditRowStore.AddAsync(session, new AuditLine(now, tenant, by, "silence.ended", id.ToString(), Json(ended.Reason)));
                return true;
            },
            cancellation
        );

    public Task PruneAsync(DateTimeOffset before, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(ForgetNotices, ("before", before));
                await SilenceRowStore.PruneAsync(session, before);
                return await session.ExecuteAsync(ForgetAlerts, ("before", before));
            },
            cancellation
        );

    private Task<Alert?> ChangeAsync(
        Func<DatabaseSession, ValueTask<List<Alert>>> change,
        Func<Alert, AuditLine> line,
        string kind,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync<Alert?>(
            async session =>
            {
                if (await change(session) is not [var alert])
                {
                    return null;
                }

                await AuditRowStore.AddAsync(session, line(alert));
                await AlertEventsStore.TellAsync(session, [(kind, alert)], now);
                return alert;
            },
            cancellation
        );

    private static async ValueTask WriteAsync(DatabaseSession session, AlertChanges changes, DateTimeOffset now)
    {
        await AlertRowStore.AddAsync(session, changes.Opened);
        await AlertRowStore.ChangeAsync(session, changes.Changed);
        await AlertRowStore.ResolveAsync(session, changes.Resolved, now);
        await NoticeRowStore.DropAsync(session, changes.Dropped, now);
        await NoticeRowStore.AddAsync(session, changes.Notices);
        await AlertEventsStore.TellAsync(
            session,
            [
                .. changes.Opened.Select(alert => (EventKind.AlertOpened, alert)),
                .. changes.Resolved.Select(alert => (EventKind.AlertResolved, alert)),
            ],
            now
        );
    }

    private static NoticeReport ReadReport(Row row) =>
        new(
            row.Id(0),
            row.Text(1),
            row.Text(2),
            row.Instant(3),
            row.Int32(4),
            row.InstantOrNull(5),
            row.InstantOrNull(6),
            row.TextOrNull(7)
        );

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}

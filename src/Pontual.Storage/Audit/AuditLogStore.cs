using System.Collections.Concurrent;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Audit;

/// <summary>The port of the audit log.</summary>
internal sealed class AuditLogStore(PontualDatabase database) : IAuditLog
{
    private readonly ConcurrentDictionary<(bool Actor, bool Action, bool Subject), Statement> _lists = new();

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellation)
    {
        var statement = _lists.GetOrAdd((query.Actor is not null, query.Action is not null, query.Subject is not null), ListStatement);
        var (at, id) = query.After ?? (DateTimeOffset.MaxValue, long.MaxValue);
        return await database.ReadAsync(
            session =>
                session.QueryAsync(
                    statement,
                    Read,
                    ("tenant", query.Tenant.ToString()),
                    ("actor", query.Actor),
                    ("action", query.Action),
                    ("subject", query.Subject),
                    ("from", query.From ?? DateTimeOffset.UnixEpoch),
                    ("to", query.To ?? Latest),
                    ("at", at < Latest ? at : Latest),
                    ("id", id),
                    ("limit", query.Limit)
                ),
            cancellation
        );
    }

    /// <summary>After any entry, and inside what both databases keep.</summary>
    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Only the filters asked for stand in the text, so that each list has a plan of its own.
    private static Statement ListStatement((bool Actor, bool Action, bool Subject) wanted) =>
        new(
            $"""
            SELECT id, at, tenant, actor, actor_name, address, reason, action, subject, before, after FROM audit
            WHERE tenant = @tenant AND at >= @from AND at < @to AND (at < @at OR (at = @at AND id < @id))
                {(wanted.Actor ? "AND actor = @actor" : "")}
                {(wanted.Action ? "AND (action = @action OR action LIKE @action || '.%')" : "")}
                {(wanted.Subject ? "AND subject = @subject" : "")}
            ORDER BY at DESC, id DESC LIMIT @limit
            """
        );

    private static AuditEntry Read(Row row) =>
        new(
            row.Int64(0),
            row.Instant(1),
            TenantName.Parse(row.Text(2)),
            new Actor(row.Text(3), row.TextOrNull(5), row.TextOrNull(6)) { Name = row.Text(4) },
            row.Text(7),
            row.Text(8),
            row.TextOrNull(9),
            row.TextOrNull(10)
        );
}

using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Audit;

/// <summary>Writes the audit log, inside the transaction of what it tells.</summary>
public static class AuditRowStore
{
    private static readonly RowSet<AuditLine> Lines = new(
        ("at", ValueKind.Instant, line => line.At),
        ("tenant", ValueKind.Text, line => line.Tenant.ToString()),
        ("actor", ValueKind.Text, line => line.By.Subject),
        ("actor_name", ValueKind.Text, line => line.By.Name),
        ("address", ValueKind.Text, line => line.By.Address),
        ("reason", ValueKind.Text, line => line.By.Reason),
        ("action", ValueKind.Text, line => line.Action),
        ("subject", ValueKind.Text, line => line.Subject),
        ("before", ValueKind.Text, line => line.Before),
        ("after", ValueKind.Text, line => line.After)
    );

    private static readonly Statement Insert = new(
        """
        WITH {rows}
        INSERT INTO audit (at, tenant, actor, actor_name, address, reason, action, subject, before, after)
        SELECT at, tenant, actor, actor_name, address, reason, action, subject, before, after FROM rows
        """
    );

    /// <summary>Records changes.</summary>
    public static ValueTask<int> AddAsync(DatabaseSession session, IReadOnlyList<AuditLine> lines) =>
        session.ExecuteAsync(Insert, Lines, lines);

    /// <summary>Records a change.</summary>
    public static ValueTask<int> AddAsync(DatabaseSession session, AuditLine line) => AddAsync(session, [line]);
}

/// <summary>A change to record: as in <see cref="AuditEntry"/>, without its id.</summary>
/// <param name="At">When.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="By">Who, from where, and why.</param>
/// <param name="Action">What: a noun and a past verb, such as <c>job.updated</c>.</param>
/// <param name="Subject">Of what.</param>
/// <param name="Before">As it was, JSON; null for what was not there.</param>
/// <param name="After">As it is since, JSON; null for what is gone.</param>
public sealed record AuditLine(
    DateTimeOffset At,
    TenantName Tenant,
    Actor By,
    string Action,
    string Subject,
    string? Before = null,
    string? After = null
);

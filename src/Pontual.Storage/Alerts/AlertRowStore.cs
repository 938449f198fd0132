using System.Text.Json;
using Pontual.Engine.Alerts;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Alerts;

/// <summary>The rows of alerts.</summary>
internal static class AlertRowStore
{
    public const string Columns = """
        id, tenant, rule, subject, severity, summary, facts, parent_rule, parent_subject, since, opened_at, seen_at, missing_since, resolved_at,
        acknowledged_at, acknowledged_by, comment, snoozed_until, quiet
        """;

    private static readonly RowSet<Alert> Rows = new(
        ("id", ValueKind.Id, alert => alert.Id),
        ("tenant", ValueKind.Text, alert => alert.Key.Tenant.ToString()),
        ("rule", ValueKind.Text, alert => alert.Key.Rule),
        ("subject", ValueKind.Text, alert => alert.Key.Subject),
        ("severity", ValueKind.Text, alert => Word(alert.Severity)),
        ("summary", ValueKind.Text, alert => alert.Summary),
        ("facts", ValueKind.Text, alert => FactsOf(alert)),
        ("parent_rule", ValueKind.Text, alert => alert.Parent?.Rule),
        ("parent_subject", ValueKind.Text, alert => alert.Parent?.Subject),
        ("since", ValueKind.Instant, alert => alert.Since),
        ("opened_at", ValueKind.Instant, alert => alert.OpenedAt),
        ("seen_at", ValueKind.Instant, alert => alert.SeenAt),
        ("missing_since", ValueKind.Instant, alert => alert.MissingSince),
        ("quiet", ValueKind.Text, alert => alert.Quiet)
    );

    private static readonly Statement Insert = new(
        """
        WITH {rows}
        INSERT INTO alert (id, tenant, rule, subject, severity, summary, facts, parent_rule, parent_subject, since, opened_at, seen_at, missing_since, quiet)
        SELECT id, tenant, rule, subject, severity, summary, facts, parent_rule, parent_subject, since, opened_at, seen_at, missing_since, quiet FROM rows
        """
    );

    // What people said meanwhile (a snooze, an acknowledgement) stays as it is.
    private static readonly Statement Update = new(
        """
        WITH {rows}
        UPDATE alert
        SET severity = rows.severity, summary = rows.summary, facts = rows.facts, parent_rule = rows.parent_rule, parent_subject = rows.parent_subject,
            seen_at = rows.seen_at, missing_since = rows.missing_since, quiet = rows.quiet
        FROM rows WHERE alert.id = rows.id AND alert.resolved_at IS NULL
        """
    );

    private static readonly Statement ResolveAll = new(
        """
        WITH {rows} UPDATE alert SET resolved_at = @now, quiet = NULL FROM rows WHERE alert.id = rows.id AND alert.resolved_at IS NULL
        """
    );

    private static readonly Statement OpenOnes = new($"SELECT {Columns} FROM alert WHERE resolved_at IS NULL ORDER BY id");

    private static readonly Statement JustResolved = new(
        "SELECT tenant, rule, subject FROM alert WHERE resolved_at IS NOT NULL AND resolved_at > @since"
    );

    public static ValueTask<int> AddAsync(DatabaseSession session, IReadOnlyList<Alert> alerts) =>
        session.ExecuteAsync(Insert, Rows, alerts);

    public static ValueTask<int> ChangeAsync(DatabaseSession session, IReadOnlyList<Alert> alerts) =>
        session.ExecuteAsync(Update, Rows, alerts);

    public static ValueTask<int> ResolveAsync(DatabaseSession session, IReadOnlyList<Alert> alerts, DateTimeOffset now) =>
        session.ExecuteAsync(ResolveAll, Rows, alerts, ("now", now));

    public static ValueTask<List<Alert>> OpenAsync(DatabaseSession session) => session.QueryAsync(OpenOnes, Read);

    public static async ValueTask<IReadOnlySet<AlertKey>> ResolvedSinceAsync(DatabaseSession session, DateTimeOffset since) =>
        (
            await session.QueryAsync(
                JustResolved,
                row => new AlertKey(TenantName.Parse(row.Text(0)), row.Text(1), row.Text(2)),
                ("since", since)
            )
        ).ToHashSet();

    public static Alert Read(Row row)
    {
        var tenant = TenantName.Parse(row.Text(1));
        return new Alert(
            row.Id(0),
            new AlertKey(tenant, row.Text(2), row.Text(3)),
            SeverityOf(row.Text(4)),
            row.Text(5),
            row.Instant(10),
            row.Instant(11)
        )
        {
            Facts = row.TextOrNull(6) is { } facts ? JsonSerializer.Deserialize<Dictionary<string, string>>(facts)! : [],
            Parent = row.TextOrNull(7) is { } rule ? new AlertKey(tenant, rule, row.Text(8)) : null,
            Since = row.InstantOrNull(9),
            MissingSince = row.InstantOrNull(12),
            ResolvedAt = row.InstantOrNull(13),
            Acknowledged = row.InstantOrNull(14) is { } at ? new Acknowledgement(at, row.Text(15), row.TextOrNull(16)) : null,
            SnoozedUntil = row.InstantOrNull(17),
            Quiet = row.TextOrNull(18),
        };
    }

    public static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    public static Severity SeverityOf(string word) => Enum.Parse<Severity>(word, ignoreCase: true);

    private static string? FactsOf(Alert alert) => alert.Facts.Count == 0 ? null : JsonSerializer.Serialize(alert.Facts);
}

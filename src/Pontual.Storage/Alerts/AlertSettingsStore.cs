using System.Text.Json;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Alerts;

/// <summary>The port of whom alerts are told to.</summary>
internal sealed class AlertSettingsStore(PontualDatabase database, IEnumerable<INoticeSender> senders) : IAlertSettingsStore
{
    private static readonly Statement OfTenant = new("SELECT tenant, document, revision FROM alert_settings WHERE tenant = @tenant");
    private static readonly Statement OfAll = new("SELECT tenant, document, revision FROM alert_settings");

    // Two that make the first settings at once: the second finds the row of the first.
    private static readonly Statement Insert = new(
        """
        INSERT INTO alert_settings (tenant, document, revision, updated_at) VALUES (@tenant, '{"routes":[],"rules":{}}', 0, @now)
        ON CONFLICT (tenant) DO NOTHING
        """
    );

    private static readonly Statement Replace = new(
        """
        UPDATE alert_settings SET document = @document, revision = revision + 1, updated_at = @now
        WHERE tenant = @tenant AND (revision = @expected OR CAST(@expected AS integer) IS NULL)
        RETURNING revision
        """
    );

    private readonly Dictionary<string, INoticeSender> _senders = senders.ToDictionary(sender => sender.Kind, StringComparer.Ordinal);

    public Task<(AlertSettings Settings, int Revision)> ReadAsync(TenantName tenant, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var found = await session.QueryAsync(OfTenant, Read, ("tenant", tenant.ToString()));
                return found.Count == 0 ? (AlertSettings.None, 0) : (found[0].Settings, found[0].Revision);
            },
            cancellation
        );

    public Task<int?> WriteAsync(
        TenantName tenant,
        AlertSettings settings,
        int? expected,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync<int?>(
            async session =>
            {
                await session.ExecuteAsync(Insert, ("tenant", tenant.ToString()), ("now", now));
                var before = (await session.QueryAsync(OfTenant, row => row.Text(1), ("tenant", tenant.ToString())))[0];
                var document = AlertSettingsDocument.Write(settings).ToJsonString();
                var written = await session.QueryAsync(
                    Replace,
                    row => row.Int32(0),
                    ("tenant", tenant.ToString()),
                    ("document", document),
                    ("expected", (long?)expected),
                    ("now", now)
                );
                if (written.Count == 0)
                {
                    return null;
                }

                await AuditRowStore.AddAsync(session, new AuditLine(now, tenant, by, "alert-settings.updated", "alerts", before, document));
                return written[0];
            },
            cancellation
        );

    /// <summary>The settings of all tenants.</summary>
    public async ValueTask<IReadOnlyDictionary<TenantName, AlertSettings>> AllAsync(DatabaseSession session) =>
        (await session.QueryAsync(OfAll, Read)).ToDictionary(row => row.Tenant, row => row.Settings);

    private (TenantName Tenant, AlertSettings Settings, int Revision) Read(Row row) =>
        (TenantName.Parse(row.Text(0)), AlertSettingsDocument.ReadKept(JsonElement.Parse(row.Text(1)), _senders), row.Int32(2));
}

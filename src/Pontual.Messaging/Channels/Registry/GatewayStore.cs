using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Registry;

/// <summary>Keeps gateways: what people defined, and how calling them goes.</summary>
public sealed class GatewayStore(PontualDatabase database)
{
    private const string Columns = "tenant, definition, revision, webhook_key, answered_at, failing_since, fault, fault_detail";

    private static readonly Statement ByName = new($"SELECT {Columns} FROM gateway WHERE tenant = @tenant AND name = @name");
    private static readonly Statement ByKey = new($"SELECT {Columns} FROM gateway WHERE webhook_key = @key");
    private static readonly Statement OfTenant = new($"SELECT {Columns} FROM gateway WHERE tenant = @tenant ORDER BY name");
    private static readonly Statement Failing = new($"SELECT {Columns} FROM gateway WHERE failing_since IS NOT NULL");
    private static readonly Statement WithGateways = new("SELECT DISTINCT tenant FROM gateway");

    private static readonly Statement Insert = new(
        """
        INSERT INTO gateway (tenant, name, definition, webhook_key, created_at, updated_at)
        VALUES (@tenant, @name, @definition, @key, @now, @now)
        ON CONFLICT (tenant, name) DO NOTHING
        """
    );

    private static readonly Statement Replace = new(
        """
        UPDATE gateway SET definition = @definition, revision = revision + 1, updated_at = @now
        WHERE tenant = @tenant AND name = @name AND revision = @revision
        """
    );

    private static readonly Statement Delete = new("DELETE FROM gateway WHERE tenant = @tenant AND name = @name");

    private static readonly Statement SetAnswered = new(
        """
        UPDATE gateway SET answered_at = @now, failing_since = NULL, fault = NULL, fault_detail = NULL
        WHERE tenant = @tenant AND name = @name
        """
    );

    private static readonly Statement SetFailing = new(
        """
        UPDATE gateway SET failing_since = coalesce(failing_since, @now), fault = @fault, fault_detail = @detail
        WHERE tenant = @tenant AND name = @name
        """
    );

    // Only as many steps in a minute of all nodes: whoever comes after them gets no row.
    private static readonly Statement TakeTurn = new(
        """
        UPDATE gateway SET cures = CASE WHEN cure_minute = @minute THEN cures + 1 ELSE 1 END, cure_minute = @minute
        WHERE tenant = @tenant AND name = @name AND (cure_minute IS NULL OR cure_minute <> @minute OR cures < @most)
        """
    );

    /// <summary>One gateway; null when there is none of that name.</summary>
    public Task<GatewayRecord?> FindAsync(TenantName tenant, string name, CancellationToken cancellation) =>
        database.ReadAsync(session => FindAsync(session, tenant, name), cancellation);

    /// <summary>The gateway whose webhooks come under a key; null for none.</summary>
    public Task<GatewayRecord?> FindByKeyAsync(string key, CancellationToken cancellation) =>
        database.ReadAsync(async session => (await session.QueryAsync(ByKey, Read, ("key", key))).FirstOrDefault(), cancellation);

    /// <summary>All of a tenant, by name.</summary>
    public async Task<IReadOnlyList<GatewayRecord>> ListAsync(TenantName tenant, CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(OfTenant, Read, ("tenant", tenant.ToString())), cancellation);

    /// <summary>Those of all tenants that do not answer as they should.</summary>
    public async Task<IReadOnlyList<GatewayRecord>> FailingAsync(CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(Failing, Read), cancellation);

    /// <summary>Tenants that have gateways.</summary>
    public async Task<IReadOnlyList<TenantName>> TenantsAsync(CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(WithGateways, row => TenantName.Parse(row.Text(0))), cancellation);

    /// <summary>Defines or replaces a gateway; the address of its webhooks stays.</summary>
    /// <param name="definition">What it is to be.</param>
    /// <param name="newKey">The key of its webhooks, where it is new.</param>
    /// <param name="expected">The revision that must be there: 0 for none, null for any.</param>
    /// <param name="by">Who.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<JobChange> PutAsync(
        GatewayDefinition definition,
        string newKey,
        int? expected,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.WriteAsync(session => PutAsync(session, definition, newKey, expected, by, now), cancellation);

    /// <summary>As <see cref="PutAsync(GatewayDefinition, string, int?, Actor, DateTimeOffset, CancellationToken)"/>, inside a transaction.</summary>
    public static async ValueTask<JobChange> PutAsync(
        DatabaseSession session,
        GatewayDefinition definition,
        string newKey,
        int? expected,
        Actor by,
        DateTimeOffset now
    )
    {
        var (tenant, name, text) = (definition.Tenant, definition.Name, GatewayDocument.Serialize(definition));
        var existing = await FindAsync(session, tenant, name);
        if (existing is null)
        {
            if (
                expected is > 0
                || await session.ExecuteAsync(
                    Insert,
                    ("tenant", tenant.ToString()),
                    ("name", name),
                    ("definition", text),
                    ("key", newKey),
                    ("now", now)
                ) == 0
            )
            {
                return JobChange.Conflict;
            }

            await AuditRowStore.AddAsync(session, new AuditLine(now, tenant, by, "gateway.created", name, null, text));
            return JobChange.Created;
        }

        if (expected is { } revision && revision != existing.Revision)
        {
            return JobChange.Conflict;
        }

        var before = GatewayDocument.Serialize(existing.Definition);
        if (before == text)
        {
            return JobChange.Unchanged;
        }

        var replaced = await session.ExecuteAsync(
            Replace,
            ("tenant", tenant.ToString()),
            ("name", name),
            ("definition", text),
            ("revision", existing.Revision),
            ("now", now)
        );
        if (replaced == 0)
        {
            return JobChange.Conflict;
        }

        await AuditRowStore.AddAsync(session, new AuditLine(now, tenant, by, "gateway.updated", name, before, text));
        return JobChange.Updated;
    }

    /// <summary>Removes a gateway. Its channels stay, retired, with their history.</summary>
    /// <returns>False when there is none of that name.</returns>
    public Task<bool> RemoveAsync(TenantName tenant, string name, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await FindAsync(session, tenant, name) is not { } existing)
                {
                    return false;
                }

                await session.ExecuteAsync(Delete, ("tenant", tenant.ToString()), ("name", name));
                await ChannelRowStore.RetireAllAsync(session, tenant, name, now);
                var before = GatewayDocument.Serialize(existing.Definition);
                await AuditRowStore.AddAsync(session, new AuditLine(now, tenant, by, "gateway.removed", name, before, null));
                return true;
            },
            cancellation
        );

    /// <summary>It has answered as it should.</summary>
    public Task AnsweredAsync(GatewayRecord gateway, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(session => session.ExecuteAsync(SetAnswered, Of(gateway, ("now", now))), cancellation);

    /// <summary>It has not answered as it should.</summary>
    public Task FailedAsync(GatewayRecord gateway, GatewayException problem, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    SetFailing,
                    Of(gateway, ("now", now), ("fault", problem.Fault.ToString()), ("detail", problem.Message))
                ),
            cancellation
        );

    /// <summary>Takes one of the turns that a gateway has in a minute for attempts to cure its sessions.</summary>
    /// <returns>False when there is none left.</returns>
    public static async ValueTask<bool> TryTakeTurnAsync(DatabaseSession session, GatewayRecord gateway, int most, DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return await session.ExecuteAsync(TakeTurn, Of(gateway, ("minute", minute), ("most", most))) == 1;
    }

    private static async ValueTask<GatewayRecord?> FindAsync(DatabaseSession session, TenantName tenant, string name) =>
        (await session.QueryAsync(ByName, Read, ("tenant", tenant.ToString()), ("name", name))).FirstOrDefault();

    private static (string Name, Value Value)[] Of(GatewayRecord gateway, params (string Name, Value Value)[] more) =>
        [("tenant", gateway.Definition.Tenant.ToString()), ("name", gateway.Definition.Name), .. more];

    private static GatewayRecord Read(Row row)
    {
        var problems = new List<DocumentProblem>();
        var definition =
            GatewayDocument.Read(System.Text.Json.JsonElement.Parse(row.Text(1)), "", problems)
            ?? throw new InvalidOperationException($"A gateway was kept that cannot be read: {problems[0].Message}");
        return new GatewayRecord(definition with { Tenant = TenantName.Parse(row.Text(0)) }, row.Int32(2), row.Text(3))
        {
            AnsweredAt = row.InstantOrNull(4),
            FailingSince = row.InstantOrNull(5),
            Fault = Enum.TryParse<GatewayFault>(row.TextOrNull(6), out var fault) ? fault : null,
            FaultDetail = row.TextOrNull(7),
        };
    }
}

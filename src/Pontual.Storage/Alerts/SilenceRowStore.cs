using System.Text.Json;
using Pontual.Engine.Alerts;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Alerts;

/// <summary>The rows of silences.</summary>
internal static class SilenceRowStore
{
    private const string Columns = "id, tenant, rules, subjects, from_at, until_at, reason, made_by";

    private static readonly Statement Insert = new(
        $"""
        INSERT INTO silence ({Columns}) VALUES (@id, @tenant, @rules, @subjects, @from, @until, @reason, @by)
        """
    );

    private static readonly Statement OfTenant = new(
        $"SELECT {Columns} FROM silence WHERE tenant = @tenant AND until_at > @now ORDER BY from_at, id"
    );

    private static readonly Statement Holding = new(
        $"SELECT {Columns} FROM silence WHERE from_at <= @now AND until_at > @now ORDER BY from_at, id"
    );

    private static readonly Statement End = new(
        $"UPDATE silence SET until_at = @now WHERE tenant = @tenant AND id = @id AND until_at > @now RETURNING {Columns}"
    );

    private static readonly Statement Forget = new("DELETE FROM silence WHERE until_at < @before");

    public static ValueTask<int> AddAsync(DatabaseSession session, Silence silence) =>
        session.ExecuteAsync(
            Insert,
            ("id", silence.Id),
            ("tenant", silence.Tenant.ToString()),
            ("rules", JsonSerializer.Serialize(silence.Rules)),
            ("subjects", JsonSerializer.Serialize(silence.Subjects)),
            ("from", silence.From),
            ("until", silence.Until),
            ("reason", silence.Reason),
            ("by", silence.By)
        );

    public static ValueTask<List<Silence>> ListAsync(DatabaseSession session, TenantName tenant, DateTimeOffset now) =>
        session.QueryAsync(OfTenant, Read, ("tenant", tenant.ToString()), ("now", now));

    public static ValueTask<List<Silence>> HoldingAsync(DatabaseSession session, DateTimeOffset now) =>
        session.QueryAsync(Holding, Read, ("now", now));

    public static async ValueTask<Silence?> EndAsync(DatabaseSession session, TenantName tenant, Guid id, DateTimeOffset now) =>
        (await session.QueryAsync(End, Read, ("tenant", tenant.ToString()), ("id", id), ("now", now))).SingleOrDefault();

    public static ValueTask<int> PruneAsync(DatabaseSession session, DateTimeOffset before) =>
        session.ExecuteAsync(Forget, ("before", before));

    private static Silence Read(Row row) =>
        new(
            row.Id(0),
            TenantName.Parse(row.Text(1)),
            JsonSerializer.Deserialize<List<string>>(row.Text(2))!,
            JsonSerializer.Deserialize<List<string>>(row.Text(3))!,
            row.Instant(4),
            row.Instant(5),
            row.Text(6),
            row.Text(7)
        );
}

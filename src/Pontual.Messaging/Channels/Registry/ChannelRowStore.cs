using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Registry;

/// <summary>Reads and writes channels inside a session.</summary>
internal static class ChannelRowStore
{
    /// <summary>The columns that <see cref="Read"/> reads, of a table called <c>channel</c>.</summary>
    public const string Columns = """
        channel.id, channel.tenant, channel.gateway, channel.external_id, channel.name, channel.label, channel.phone, channel.secret,
        channel.daily_limit, channel.in_use_since, channel.paused_since, channel.paused_reason, channel.paused_by, channel.paused_until,
        channel.missing_since, channel.retired_at, channel.created_at
        """;

    /// <summary>How many those are.</summary>
    public const int Width = 17;

    private static readonly Statement OfGateway = new(
        $"SELECT {Columns} FROM channel WHERE tenant = @tenant AND gateway = @gateway ORDER BY external_id"
    );

    private static readonly Statement NameTaken = new("SELECT 1 FROM channel WHERE tenant = @tenant AND name = @name");

    private static readonly Statement Insert = new(
        """
        INSERT INTO channel (id, tenant, gateway, external_id, name, label, phone, created_at, updated_at)
        VALUES (@id, @tenant, @gateway, @external_id, @name, @label, @phone, @now, @now)
        ON CONFLICT DO NOTHING
        """
    );

    private static readonly Statement SetListed = new(
        """
        UPDATE channel SET label = @label, phone = coalesce(@phone, phone), missing_since = NULL, retired_at = NULL, updated_at = @now
        WHERE id = @id
        """
    );

    private static readonly Statement SetMissing = new(
        """
        UPDATE channel SET missing_since = coalesce(missing_since, @now),
            retired_at = CASE WHEN missing_since <= @before THEN coalesce(retired_at, @now) ELSE retired_at END, updated_at = @now
        WHERE id = @id
        """
    );

    private static readonly Statement RetireAll = new(
        """
        UPDATE channel SET missing_since = coalesce(missing_since, @now), retired_at = coalesce(retired_at, @now), updated_at = @now
        WHERE tenant = @tenant AND gateway = @gateway
        """
    );

    /// <summary>All channels of a gateway, the retired ones too.</summary>
    public static ValueTask<List<Channel>> OfGatewayAsync(DatabaseSession session, TenantName tenant, string gateway) =>
        session.QueryAsync(OfGateway, Read, ("tenant", tenant.ToString()), ("gateway", gateway));

    /// <summary>Adds a channel under a name that is free.</summary>
    public static async ValueTask AddAsync(DatabaseSession session, Channel channel, DateTimeOffset now)
    {
        var taken = await session.QueryAsync(NameTaken, _ => true, ("tenant", channel.Tenant.ToString()), ("name", channel.ExternalId));
        await session.ExecuteAsync(
            Insert,
            ("id", channel.Id),
            ("tenant", channel.Tenant.ToString()),
            ("gateway", channel.Gateway),
            ("external_id", channel.ExternalId),
            ("name", taken.Count == 0 ? channel.ExternalId : $"{channel.Gateway}.{channel.ExternalId}"),
            ("label", channel.Label),
            ("phone", channel.Phone),
            ("now", now)
        );
    }

    /// <summary>The gateway lists it.</summary>
    public static ValueTask<int> ListedAsync(DatabaseSession session, Channel channel, string? label, string? phone, DateTimeOffset now) =>
        session.ExecuteAsync(SetListed, ("id", channel.Id), ("label", label), ("phone", phone), ("now", now));

    /// <summary>The gateway does not list it; after a while it counts as gone.</summary>
    public static ValueTask<int> MissedAsync(DatabaseSession session, Channel channel, DateTimeOffset now, TimeSpan patience) =>
        session.ExecuteAsync(SetMissing, ("id", channel.Id), ("now", now), ("before", now - patience));

    /// <summary>Its gateway is gone.</summary>
    public static ValueTask<int> RetireAllAsync(DatabaseSession session, TenantName tenant, string gateway, DateTimeOffset now) =>
        session.ExecuteAsync(RetireAll, ("tenant", tenant.ToString()), ("gateway", gateway), ("now", now));

    /// <summary>Reads <see cref="Columns"/> from the first one on.</summary>
    public static Channel Read(Row row) =>
        new(row.Id(0), TenantName.Parse(row.Text(1)), row.Text(2), row.Text(3), row.Text(4))
        {
            Label = row.TextOrNull(5),
            Phone = row.TextOrNull(6),
            Secret = row.TextOrNull(7),
            DailyLimit = row.Int32OrNull(8),
            InUseSince = row.InstantOrNull(9),
            Paused = row.InstantOrNull(10) is { } since
                ? new Pause(since, row.TextOrNull(11), row.TextOrNull(12), row.InstantOrNull(13))
                : null,
            MissingSince = row.InstantOrNull(14),
            RetiredAt = row.InstantOrNull(15),
            CreatedAt = row.Instant(16),
        };
}

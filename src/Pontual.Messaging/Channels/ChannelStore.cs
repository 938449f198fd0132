using Pontual.Engine.Audit;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Outages;
using Pontual.Messaging.Channels.Registry;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;
using Pontual.Storage.Events;

namespace Pontual.Messaging.Channels;

/// <summary>Channels as people see them, and what people do to them.</summary>
public sealed class ChannelStore(PontualDatabase database)
{
    private static readonly string Select = $"""
        SELECT {ChannelRowStore.Columns}, {StatusRowStore.Columns}, {StatusRowStore.SignColumns}, {OutageRowStore.Columns},
            (SELECT max(ended_at) FROM channel_outage AS past WHERE past.channel_id = channel.id)
        FROM channel
        LEFT JOIN channel_state ON channel_state.channel_id = channel.id
        LEFT JOIN channel_signs ON channel_signs.channel_id = channel.id
        LEFT JOIN channel_outage ON channel_outage.channel_id = channel.id AND channel_outage.ended_at IS NULL
        """;

    private static readonly Statement OfTenant = new(
        $"{Select} WHERE channel.tenant = @tenant AND channel.name > @after ORDER BY channel.name LIMIT @limit"
    );

    private static readonly Statement OfGateway = new(
        $"{Select} WHERE channel.tenant = @tenant AND channel.gateway = @gateway ORDER BY channel.external_id"
    );

    private static readonly Statement ByName = new($"{Select} WHERE channel.tenant = @tenant AND channel.name = @name");

    private static readonly Statement Troubled = new($"{Select} WHERE channel_outage.id IS NOT NULL AND channel.retired_at IS NULL");

    private static readonly Statement Missed = new(
        $"""
        SELECT {ChannelRowStore.Columns}, {OutageRowStore.Columns} FROM channel_outage
        JOIN channel ON channel.id = channel_outage.channel_id
        WHERE channel_outage.ended_at > @since AND channel_outage.gap IN ('not-possible', 'failed') AND channel.retired_at IS NULL
        ORDER BY channel_outage.ended_at
        """
    );

    private static readonly Statement SetPause = new(
        """
        UPDATE channel SET paused_since = @since, paused_reason = @reason, paused_by = @by, paused_until = @until, updated_at = @now
        WHERE id = @id
        """
    );

    private static readonly Statement SetLimits = new(
        "UPDATE channel SET daily_limit = @limit, in_use_since = @since, secret = @secret, updated_at = @now WHERE id = @id"
    );

    /// <summary>Channels of a tenant in the order of their names, the retired ones too.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="after">The last name of the page before; empty for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<IReadOnlyList<ChannelView>> ListAsync(TenantName tenant, string after, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.QueryAsync(OfTenant, Read, ("tenant", tenant.ToString()), ("after", after), ("limit", limit)),
            cancellation
        );

    /// <summary>One channel; null when there is none of that name.</summary>
    public Task<ChannelView?> FindAsync(TenantName tenant, string name, CancellationToken cancellation) =>
        database.ReadAsync(session => FindAsync(session, tenant, name), cancellation);

    /// <summary>Channels of all tenants that do not work now.</summary>
    public async Task<IReadOnlyList<ChannelView>> TroubledAsync(CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(Troubled, Read), cancellation);

    /// <summary>Outages of all tenants that ended after an instant and whose messages could not be looked for, the latest of each channel last.</summary>
    public async Task<IReadOnlyList<(Channel Channel, Outage Outage)>> MissedAsync(DateTimeOffset since, CancellationToken cancellation) =>
        await database.ReadAsync(
            session =>
                session.QueryAsync(
                    Missed,
                    row => (ChannelRowStore.Read(row), OutageRowStore.Read(row, ChannelRowStore.Width)),
                    ("since", since)
                ),
            cancellation
        );

    /// <summary>The latest outages of a channel, newest first.</summary>
    public async Task<IReadOnlyList<Outage>> OutagesAsync(Guid channel, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(session => OutageRowStore.OfChannelAsync(session, channel, limit), cancellation);

    /// <summary>One outage of a channel; null when it has none of that id.</summary>
    public Task<Outage?> FindOutageAsync(Guid channel, Guid outage, CancellationToken cancellation) =>
        database.ReadAsync(session => OutageRowStore.FindAsync(session, channel, outage), cancellation);

    /// <summary>What was tried in an outage.</summary>
    public async Task<IReadOnlyList<OutageAttempt>> AttemptsAsync(Guid outage, CancellationToken cancellation) =>
        await database.ReadAsync(session => OutageRowStore.AttemptsAsync(session, outage), cancellation);

    /// <summary>Pauses a channel, or lets it go on.</summary>
    /// <returns>False when there is none of that name.</returns>
    public Task<bool> SetPauseAsync(
        TenantName tenant,
        string name,
        Pause? pause,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                if (await FindAsync(session, tenant, name) is not { Channel: var channel })
                {
                    return false;
                }

                if (channel.Paused is null && pause is null)
                {
                    return true;
                }

                await session.ExecuteAsync(
                    SetPause,
                    ("id", channel.Id),
                    ("since", pause?.Since),
                    ("reason", pause?.Reason),
                    ("by", pause?.By),
                    ("until", pause?.Until),
                    ("now", now)
                );
                var kind = pause is null ? EventKind.ChannelResumed : EventKind.ChannelPaused;
                await AuditRowStore.AddAsync(session, new AuditLine(now, tenant, by, kind, name, Text(channel.Paused), Text(pause)));
                await SliceEvents.TellAsync(
                    session,
                    new Happening(kind, now, tenant, name)
                    {
                        Reason = pause?.Reason,
                        By = by.Name,
                        Until = pause?.Until,
                    }
                );
                return true;
            },
            cancellation
        );

    /// <summary>Sets what an operator says of a channel.</summary>
    /// <returns>False when there is none of that name.</returns>
    public Task<bool> SetAsync(
        TenantName tenant,
        string name,
        ChannelSettings settings,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                if (await FindAsync(session, tenant, name) is not { Channel: var channel })
                {
                    return false;
                }

                var before = new ChannelSettings(channel.DailyLimit, channel.InUseSince, channel.Secret);
                await session.ExecuteAsync(
                    SetLimits,
                    ("id", channel.Id),
                    ("limit", settings.DailyLimit),
                    ("since", settings.InUseSince),
                    ("secret", settings.Secret),
                    ("now", now)
                );
                await AuditRowStore.AddAsync(
                    session,
                    new AuditLine(now, tenant, by, "channel.updated", name, before.ToText(), settings.ToText())
                );
                return true;
            },
            cancellation
        );

    /// <summary>All of a gateway, the retired ones too, inside a session.</summary>
    internal static ValueTask<List<ChannelView>> OfGatewayAsync(DatabaseSession session, TenantName tenant, string gateway) =>
        session.QueryAsync(OfGateway, Read, ("tenant", tenant.ToString()), ("gateway", gateway));

    private static async ValueTask<ChannelView?> FindAsync(DatabaseSession session, TenantName tenant, string name) =>
        (await session.QueryAsync(ByName, Read, ("tenant", tenant.ToString()), ("name", name))).FirstOrDefault();

    private static ChannelView Read(Row row)
    {
        var channel = ChannelRowStore.Read(row);
        var (status, signs) = (ChannelRowStore.Width, ChannelRowStore.Width + StatusRowStore.Width);
        var outage = signs + StatusRowStore.SignWidth;
        return new ChannelView(
            channel,
            StatusRowStore.Read(row, status, channel.ExternalId) ?? ChannelStatus.New(channel.CreatedAt),
            StatusRowStore.ReadSigns(row, signs)
        )
        {
            Outage = row.IsNull(outage) ? null : OutageRowStore.Read(row, outage),
            LastOutageEndedAt = row.InstantOrNull(outage + OutageRowStore.Width),
        };
    }

    private static string? Text(Pause? pause) => pause is null ? null : System.Text.Json.JsonSerializer.Serialize(pause);
}

/// <summary>What an operator says of a channel.</summary>
/// <param name="DailyLimit">Most messages in a day; null for what the warm-up says.</param>
/// <param name="InUseSince">Since when it is in use; null to go by the first connection that was seen.</param>
/// <param name="Secret">The reference to a key of its own; null to use the gateway's.</param>
public sealed record ChannelSettings(int? DailyLimit, DateTimeOffset? InUseSince, string? Secret)
{
    internal string ToText() => System.Text.Json.JsonSerializer.Serialize(this);
}

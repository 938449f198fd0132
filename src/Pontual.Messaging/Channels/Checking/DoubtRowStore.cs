using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Outages;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Finds channels that may have missed messages without an outage, and keeps what came of looking for them, inside a session.</summary>
internal static class DoubtRowStore
{
    // While an outage goes on, its own end is when they are looked for.
    private static readonly Statement Open = new(
        """
        SELECT channel_state.channel_id, channel_state.doubt_since, channel_state.doubt_tries
        FROM channel_state JOIN channel ON channel.id = channel_state.channel_id
        WHERE channel.tenant = @tenant AND channel.gateway = @gateway AND channel_state.doubt_since IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM channel_outage WHERE channel_outage.channel_id = channel_state.channel_id AND channel_outage.ended_at IS NULL
            )
        """
    );

    private static readonly Statement End = new(
        """
        UPDATE channel_state SET doubt_since = NULL, doubt_tries = 0, gap_since = @since, gap_until = @until, gap = @gap, gap_found = @found,
            gap_detail = @detail
        WHERE channel_id = @channel
        """
    );

    private static readonly Statement PutOff = new("UPDATE channel_state SET doubt_tries = doubt_tries + 1 WHERE channel_id = @channel");

    /// <summary>Those of a gateway.</summary>
    public static ValueTask<List<Doubt>> OpenAsync(DatabaseSession session, TenantName tenant, string gateway) =>
        session.QueryAsync(
            Open,
            row => new Doubt(row.Id(0), row.Instant(1), row.Int32(2)),
            ("tenant", tenant.ToString()),
            ("gateway", gateway)
        );

    /// <summary>Messages were looked for, or are given up.</summary>
    public static ValueTask<int> EndAsync(DatabaseSession session, Guid channel, GapLook look) =>
        session.ExecuteAsync(
            End,
            ("channel", channel),
            ("since", look.Since),
            ("until", look.Until),
            ("gap", OutageRowStore.WordOf(look.Result)),
            ("found", look.Found),
            ("detail", look.Detail)
        );

    /// <summary>The gateway did not answer: the next check looks.</summary>
    public static ValueTask<int> PutOffAsync(DatabaseSession session, Guid channel) => session.ExecuteAsync(PutOff, ("channel", channel));
}

/// <summary>A channel may have missed messages without an outage.</summary>
/// <param name="Channel">Which.</param>
/// <param name="Since">From when on.</param>
/// <param name="Tries">How often they were looked for in vain.</param>
internal sealed record Doubt(Guid Channel, DateTimeOffset Since, int Tries);

using Pontual.Storage.Database;

namespace Pontual.Messaging.Inbox;

/// <summary>Finds messages that a gateway took and the platform has not acknowledged.</summary>
internal static class UnacknowledgedStore
{
    private static readonly RowSet<(string Session, DateTimeOffset Since)> Sessions = new(
        ("session", ValueKind.Text, one => one.Session),
        ("since", ValueKind.Instant, one => one.Since)
    );

    private static readonly Statement Oldest = new(
        """
        WITH {rows}
        SELECT rows.session, min(message.at) FROM rows
        JOIN message ON message.session = rows.session AND message.at > rows.since
        WHERE message.tenant = @tenant AND message.gateway = @gateway AND message.is_ours = 1 AND message.ack = 0
        GROUP BY rows.session
        """
    );

    /// <summary>The instant of the oldest one of each session that has any.</summary>
    /// <param name="session">The read.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="since">The sessions, and from when on each is looked at (exclusive).</param>
    public static async ValueTask<IReadOnlyDictionary<string, DateTimeOffset>> OldestAsync(
        DatabaseSession session,
        GatewayKey gateway,
        IReadOnlyList<(string Session, DateTimeOffset Since)> since
    ) =>
        (
            await session.QueryAsync(
                Oldest,
                Sessions,
                since,
                row => KeyValuePair.Create(row.Text(0), row.Instant(1)),
                ("tenant", gateway.Tenant.ToString()),
                ("gateway", gateway.Name)
            )
        ).ToDictionary(StringComparer.Ordinal);
}

using Pontual.Engine.Tenants;
using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>Reads and writes whom channels talk with, inside a session.</summary>
internal static class ChatRowStore
{
    private static readonly RowSet<(GatewayKey Gateway, string Session)> Sessions = new(
        ("tenant", ValueKind.Text, one => one.Gateway.Tenant.ToString()),
        ("gateway", ValueKind.Text, one => one.Gateway.Name),
        ("session", ValueKind.Text, one => one.Session)
    );

    private static readonly RowSet<Chat> Rows = new(
        ("channel_id", ValueKind.Id, chat => chat.Channel),
        ("chat", ValueKind.Text, chat => chat.Name),
        ("begun_at", ValueKind.Instant, chat => chat.BegunAt),
        ("by_us", ValueKind.Number, chat => chat.ByUs ? 1 : 0),
        ("message_id", ValueKind.Id, chat => chat.Message),
        ("replied_at", ValueKind.Instant, chat => chat.RepliedAt)
    );

    private static readonly RowSet<(Guid Channel, string Name)> Names = new(
        ("channel_id", ValueKind.Id, one => one.Channel),
        ("chat", ValueKind.Text, one => one.Name)
    );

    private static readonly Statement Channels = new(
        """
        WITH {rows}
        SELECT channel.id, channel.tenant, channel.gateway, channel.external_id FROM rows
        JOIN channel ON channel.tenant = rows.tenant AND channel.gateway = rows.gateway AND channel.external_id = rows.session
        """
    );

    private const string FindAll = """
        WITH {rows}
        SELECT channel_id, chat, begun_at, by_us, message_id, replied_at FROM channel_chat JOIN rows USING (channel_id, chat)
        """;

    private static readonly Statement Hold = new(
        postgreSql: $"{FindAll} ORDER BY channel_id, chat FOR UPDATE OF channel_chat",
        sqlite: FindAll
    );

    private static readonly Statement Insert = new(
        """
        WITH {rows}
        INSERT INTO channel_chat (channel_id, chat, begun_at, by_us, message_id, replied_at)
        SELECT channel_id, chat, begun_at, by_us, message_id, replied_at FROM rows WHERE true
        ON CONFLICT (channel_id, chat) DO NOTHING
        """
    );

    private static readonly Statement Update = new(
        """
        WITH {rows}
        UPDATE channel_chat SET replied_at = rows.replied_at
        FROM rows WHERE channel_chat.channel_id = rows.channel_id AND channel_chat.chat = rows.chat
        """
    );

    private static readonly Statement Sameness = new(
        """
        SELECT channel_id, CAST(max(times) AS bigint), CAST(sum(times) AS bigint) FROM (
            SELECT channel_chat.channel_id, count(*) AS times
            FROM channel JOIN channel_chat ON channel_chat.channel_id = channel.id AND by_us = 1 AND begun_at >= @from
            JOIN message ON message.id = channel_chat.message_id
            WHERE channel.tenant = @tenant AND message.text IS NOT NULL
            GROUP BY channel_chat.channel_id, message.text) AS texts
        GROUP BY channel_id
        """
    );

    /// <summary>The channels of sessions; those of no channel are left out.</summary>
    public static async ValueTask<Dictionary<(GatewayKey, string), Guid>> ChannelsAsync(
        DatabaseSession session,
        IReadOnlyList<(GatewayKey, string)> sessions
    ) =>
        (
            await session.QueryAsync(
                Channels,
                Sessions,
                sessions,
                row => (Key: (new GatewayKey(TenantName.Parse(row.Text(1)), row.Text(2)), row.Text(3)), Id: row.Id(0))
            )
        ).ToDictionary(found => found.Key, found => found.Id);

    /// <summary>Chats that are known, held until the transaction ends.</summary>
    public static async ValueTask<Dictionary<(Guid, string), Chat>> HoldAsync(
        DatabaseSession session,
        IReadOnlyList<(Guid Channel, string Name)> names
    ) =>
        (
            await session.QueryAsync(
                Hold,
                Names,
                names,
                row => new Chat(row.Id(0), row.Text(1), row.Instant(2), row.Int64(3) == 1, row.Id(4), row.InstantOrNull(5))
            )
        ).ToDictionary(chat => (chat.Channel, chat.Name));

    public static async ValueTask WriteAsync(DatabaseSession session, IReadOnlyList<Chat> added, IReadOnlyList<Chat> changed)
    {
        // In one order, so that two that add the same ones do not wait for each other for ever.
        List<Chat> ordered = [.. added.OrderBy(chat => chat.Channel).ThenBy(chat => chat.Name, StringComparer.Ordinal)];
        if (await session.ExecuteAsync(Insert, Rows, ordered) < ordered.Count)
        {
            throw new TransactionAgainException("another node has just added one of these chats");
        }

        await session.ExecuteAsync(Update, Rows, changed);
    }

    /// <summary>Of the conversations that channels began since an instant: how many first messages had a text, and how often the commonest of them was used.</summary>
    public static async ValueTask<Dictionary<Guid, (int All, int Same)>> SamenessAsync(
        DatabaseSession session,
        TenantName tenant,
        DateTimeOffset from
    ) =>
        (
            await session.QueryAsync(
                Sameness,
                row => (Channel: row.Id(0), Same: (int)row.Int64(1), All: (int)row.Int64(2)),
                ("from", from),
                ("tenant", tenant.ToString())
            )
        ).ToDictionary(one => one.Channel, one => (one.All, one.Same));
}

/// <summary>A conversation of a channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Name">The other side, as the gateway has it.</param>
/// <param name="BegunAt">When its first message was, as far as we know.</param>
/// <param name="ByUs">Whether that was ours.</param>
/// <param name="Message">That message.</param>
/// <param name="RepliedAt">Of one that we began: when the other side first answered.</param>
internal sealed record Chat(Guid Channel, string Name, DateTimeOffset BegunAt, bool ByUs, Guid Message, DateTimeOffset? RepliedAt);

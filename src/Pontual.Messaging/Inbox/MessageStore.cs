using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Inbox;

/// <summary>Keeps messages, each once, and how far each has got.</summary>
internal sealed class MessageStore(IRandomBytes random)
{
    private const string Columns =
        "id, tenant, gateway, session, external_id, is_ours, chat, phone, author, is_group, kind, text, name, at, received_at, by_api, source,"
        + " reference, ack, acked_at, ack_cause, ack_error";

    private static readonly RowSet<MessageKey> Keys = new(
        ("tenant", ValueKind.Text, key => key.Gateway.Tenant.ToString()),
        ("gateway", ValueKind.Text, key => key.Gateway.Name),
        ("session", ValueKind.Text, key => key.Session),
        ("external_id", ValueKind.Text, key => key.ExternalId)
    );

    private static readonly RowSet<Message> Rows = new(
        ("id", ValueKind.Id, message => message.Id),
        ("tenant", ValueKind.Text, message => message.Key.Gateway.Tenant.ToString()),
        ("gateway", ValueKind.Text, message => message.Key.Gateway.Name),
        ("session", ValueKind.Text, message => message.Key.Session),
        ("external_id", ValueKind.Text, message => message.Key.ExternalId),
        ("is_ours", ValueKind.Number, message => Flag(message.IsOurs)),
        ("chat", ValueKind.Text, message => message.Chat),
        ("phone", ValueKind.Text, message => message.Phone),
        ("author", ValueKind.Text, message => message.Author),
        ("is_group", ValueKind.Number, message => Flag(message.IsGroup)),
        ("kind", ValueKind.Text, message => message.Kind),
        ("text", ValueKind.Text, message => message.Text),
        ("name", ValueKind.Text, message => message.Name),
        ("at", ValueKind.Instant, message => message.At),
        ("received_at", ValueKind.Instant, message => message.ReceivedAt),
        ("by_api", ValueKind.Number, message => message.ByApi is { } byApi ? Flag(byApi) : (int?)null),
        ("source", ValueKind.Text, message => InboxWords.Of(message.Source)),
        ("reference", ValueKind.Text, message => message.Reference),
        ("ack", ValueKind.Number, message => (int?)message.Ack),
        ("acked_at", ValueKind.Instant, message => message.AckedAt),
        ("ack_cause", ValueKind.Text, message => message.AckCause is { } cause ? InboxWords.Of(cause) : null),
        ("ack_error", ValueKind.Text, message => message.AckError)
    );

    private static readonly Statement Known = new(
        postgreSql: $$"""
        WITH {rows}
        SELECT {{Columns}} FROM message
        JOIN rows USING (tenant, gateway, session, external_id)
        ORDER BY message.id FOR UPDATE OF message
        """,
        sqlite: $$"""
        WITH {rows}
        SELECT {{Columns}} FROM rows JOIN message USING (tenant, gateway, session, external_id)
        """
    );

    private static readonly Statement Insert = new(
        $$"""
        WITH {rows}
        INSERT INTO message ({{Columns}}) SELECT {{Columns}} FROM rows WHERE true
        ON CONFLICT (tenant, gateway, session, external_id) DO NOTHING
        """
    );

    private static readonly Statement Update = new(
        """
        WITH {rows}
        UPDATE message SET is_ours = rows.is_ours, chat = rows.chat, phone = rows.phone, author = rows.author, is_group = rows.is_group,
            kind = rows.kind, text = rows.text, name = rows.name, at = rows.at, received_at = rows.received_at, by_api = rows.by_api,
            source = rows.source, reference = rows.reference, ack = rows.ack, acked_at = rows.acked_at, ack_cause = rows.ack_cause,
            ack_error = rows.ack_error
        FROM rows WHERE message.id = rows.id
        """
    );

    // Ids rise with the time at which a message was first heard of: the oldest are at the start of the key.
    private static readonly Statement Old = new("SELECT id FROM message WHERE id < @before ORDER BY id LIMIT @limit");

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement Drop = new("WITH {rows} DELETE FROM message WHERE id IN (SELECT id FROM rows)");

    /// <summary>Deletes the oldest that were first heard of before an instant.</summary>
    /// <returns>How many went.</returns>
    public static async ValueTask<int> DropAsync(DatabaseSession session, DateTimeOffset before, int limit)
    {
        var old = await session.QueryAsync(Old, row => row.Id(0), ("before", RunId.Lowest(before)), ("limit", limit));
        return await session.ExecuteAsync(Drop, Ids, old);
    }

    /// <summary>Applies what was told of messages, in its order.</summary>
    /// <returns>What that changed: each message once, and none that was told nothing new about.</returns>
    public async ValueTask<List<MessageChange>> ApplyAsync(DatabaseSession session, IReadOnlyList<MessageNews> news)
    {
        List<MessageKey> keys = [.. news.Select(one => one.Key).Distinct()];
        var known = (await session.QueryAsync(Known, Keys, keys, Read)).ToDictionary(message => message.Key);
        var current = new Dictionary<MessageKey, Message>(known);
        foreach (var one in news)
        {
            current[one.Key] = one.ApplyTo(
                current.GetValueOrDefault(one.Key)
                    ?? new Message(RunId.New(one.ReceivedAt, random), one.Key, true, one.ReceivedAt, one.Source)
            );
        }

        var changes = keys.ConvertAll(key => new MessageChange(known.GetValueOrDefault(key), current[key]));
        changes.RemoveAll(change => change.Before == change.After);
        await WriteAsync(session, changes);
        return changes;
    }

    private static async ValueTask WriteAsync(DatabaseSession session, List<MessageChange> changes)
    {
        // Always in one order: two that wait for each other's messages would wait for ever.
        List<Message> added =
        [
            .. changes
                .Where(change => change.Before is null)
                .Select(change => change.After)
                .OrderBy(message => message.Key.ExternalId, StringComparer.Ordinal),
        ];
        if (await session.ExecuteAsync(Insert, Rows, added) < added.Count)
        {
            throw new TransactionAgainException("another node has just added one of these messages");
        }

        await session.ExecuteAsync(Update, Rows, [.. changes.Where(change => change.Before is not null).Select(change => change.After)]);
    }

    private static int Flag(bool value) => value ? 1 : 0;

    private static Message Read(Row row) =>
        new(
            row.Id(0),
            new MessageKey(new GatewayKey(TenantName.Parse(row.Text(1)), row.Text(2)), row.Text(3), row.Text(4)),
            row.Int64(5) == 1,
            row.Instant(14),
            InboxWords.Source(row.Text(16))
        )
        {
            Chat = row.TextOrNull(6),
            Phone = row.TextOrNull(7),
            Author = row.TextOrNull(8),
            IsGroup = row.Int64(9) == 1,
            Kind = row.TextOrNull(10),
            Text = row.TextOrNull(11),
            Name = row.TextOrNull(12),
            At = row.InstantOrNull(13),
            ByApi = row.Int64OrNull(15) is { } byApi ? byApi == 1 : null,
            Reference = row.TextOrNull(17),
            Ack = (AckLevel?)row.Int32OrNull(18),
            AckedAt = row.InstantOrNull(19),
            AckCause = InboxWords.Cause(row.TextOrNull(20)),
            AckError = row.TextOrNull(21),
        };
}

using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Inbox;

/// <summary>Takes webhooks that wait to be read, marks what came of it, and forgets old ones.</summary>
internal static class UnreadStore
{
    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly RowSet<ReadWebhook> Ends = new(
        ("id", ValueKind.Id, end => end.Webhook.Id),
        ("state", ValueKind.Text, end => InboxWords.Of(end.Error is null ? WebhookState.Read : WebhookState.Failed)),
        ("error", ValueKind.Text, end => end.Error)
    );

    private static readonly Statement IsThere = new("SELECT 1 FROM webhook_log WHERE state = 'received' LIMIT 1");

    private static readonly Statement Take = new(
        postgreSql: "SELECT id, size FROM webhook_log WHERE state = 'received' ORDER BY id LIMIT @limit FOR UPDATE SKIP LOCKED",
        sqlite: "SELECT id, size FROM webhook_log WHERE state = 'received' ORDER BY id LIMIT @limit"
    );

    private static readonly Statement Waiting = new("SELECT id FROM webhook_log WHERE state = 'received' ORDER BY id LIMIT @limit");

    private static readonly Statement TakeOne = new(
        postgreSql: "SELECT id, size FROM webhook_log WHERE state = 'received' AND id = @id FOR UPDATE SKIP LOCKED",
        sqlite: "SELECT id, size FROM webhook_log WHERE state = 'received' AND id = @id"
    );

    private static readonly Statement Bodies = new(
        """
        WITH {rows}
        SELECT webhook_log.id, tenant, gateway, kind, received_at, body FROM rows JOIN webhook_log ON webhook_log.id = rows.id
        """
    );

    private static readonly Statement End = new(
        """
        WITH {rows}
        UPDATE webhook_log SET state = rows.state, error = rows.error, tries = tries + 1, read_at = @now
        FROM rows WHERE webhook_log.id = rows.id AND webhook_log.state = 'received'
        """
    );

    // Ids rise with time: the oldest are at the start of the key.
    private static readonly Statement OldRead = new(
        "SELECT id FROM webhook_log WHERE id < @before AND state = 'read' ORDER BY id LIMIT @limit"
    );

    private static readonly Statement OldTroubled = new(
        "SELECT id FROM webhook_log WHERE id < @before AND state IN ('failed', 'refused') ORDER BY id LIMIT @limit"
    );

    private static readonly Statement Drop = new("WITH {rows} DELETE FROM webhook_log WHERE id IN (SELECT id FROM rows)");

    public static async ValueTask<bool> AnyAsync(DatabaseSession session) =>
        (await session.QueryAsync(IsThere, row => row.Int64(0))).Count > 0;

    /// <summary>The ids of the oldest that wait, whoever has taken them.</summary>
    public static ValueTask<List<Guid>> WaitingAsync(DatabaseSession session, int limit) =>
        session.QueryAsync(Waiting, row => row.Id(0), ("limit", limit));

    /// <summary>The ids of the oldest that wait, with the sizes of their bodies; others skip them until the transaction ends.</summary>
    public static ValueTask<List<(Guid Id, long Size)>> TakeAsync(DatabaseSession session, int limit) =>
        session.QueryAsync(Take, row => (row.Id(0), row.Int64(1)), ("limit", limit));

    /// <summary>The same for one, which may be gone by now.</summary>
    public static ValueTask<List<(Guid Id, long Size)>> TakeOneAsync(DatabaseSession session, Guid id) =>
        session.QueryAsync(TakeOne, row => (row.Id(0), row.Int64(1)), ("id", id));

    /// <summary>Those of these ids, oldest first.</summary>
    public static async ValueTask<List<UnreadWebhook>> BodiesAsync(DatabaseSession session, IReadOnlyList<Guid> ids)
    {
        var found = await session.QueryAsync(Bodies, Ids, ids, Read);
        found.Sort((one, other) => one.Id.CompareTo(other.Id));
        return found;
    }

    public static ValueTask<int> EndAsync(DatabaseSession session, IReadOnlyList<ReadWebhook> ends, DateTimeOffset now) =>
        session.ExecuteAsync(End, Ends, ends, ("now", now));

    /// <summary>Deletes the oldest that were read and came before an instant.</summary>
    /// <returns>How many went.</returns>
    public static ValueTask<int> DropReadAsync(DatabaseSession session, DateTimeOffset before, int limit) =>
        DropAsync(session, OldRead, before, limit);

    /// <summary>The same for those that failed or were refused.</summary>
    public static ValueTask<int> DropTroubledAsync(DatabaseSession session, DateTimeOffset before, int limit) =>
        DropAsync(session, OldTroubled, before, limit);

    private static async ValueTask<int> DropAsync(DatabaseSession session, Statement find, DateTimeOffset before, int limit)
    {
        var old = await session.QueryAsync(find, row => row.Id(0), ("before", RunId.Lowest(before)), ("limit", limit));
        return await session.ExecuteAsync(Drop, Ids, old);
    }

    private static UnreadWebhook Read(Row row) =>
        new(
            row.Id(0),
            new GatewayKey(TenantName.Parse(row.Text(1)), row.Text(2)),
            GatewayKinds.TryParse(row.Text(3), out var kind) ? kind : null,
            row.Instant(4),
            row.Bytes(5)
        );
}

/// <summary>A webhook that waits to be read.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Gateway">Which gateway's.</param>
/// <param name="Kind">Which protocol that speaks; null for one that this program does not know.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record UnreadWebhook(Guid Id, GatewayKey Gateway, GatewayKind? Kind, DateTimeOffset ReceivedAt, byte[] Body);

/// <summary>A webhook that was read.</summary>
/// <param name="Webhook">Which.</param>
/// <param name="News">What it told.</param>
/// <param name="Messages">What it told of messages.</param>
/// <param name="Error">Why it could not be read; null when it could.</param>
internal sealed record ReadWebhook(
    UnreadWebhook Webhook,
    IReadOnlyList<InboxNews> News,
    IReadOnlyList<MessageNews> Messages,
    string? Error
);

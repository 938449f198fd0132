using System.Text.Json;
using Pontual.Engine.Audit;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Inbox;

/// <summary>Keeps webhooks. Those of the same moment are committed together.</summary>
internal sealed class WebhookLogStore : IWebhookLog
{
    private const int MostGroups = 2;
    private const int BytesOfOne = 64 << 10;
    private const int MostAtOnce = 2_000;

    private const string Which = """
        tenant = @tenant AND (@gateway IS NULL OR gateway = @gateway) AND (@session IS NULL OR session = @session) AND id >= @from AND id < @to
        """;

    private const string Columns = "id, tenant, gateway, kind, session, event, received_at, state, size, error, tries, read_at";

    // A state that few are in has an index of its own, which is found by these words.
    private const string Troubled = "state IN ('failed', 'refused') AND state = @state";

    private static readonly RowSet<NewWebhook> Rows = new(
        ("id", ValueKind.Id, webhook => webhook.Id),
        ("tenant", ValueKind.Text, webhook => webhook.Gateway.Tenant.ToString()),
        ("gateway", ValueKind.Text, webhook => webhook.Gateway.Name),
        ("kind", ValueKind.Text, webhook => webhook.Kind.Word()),
        ("session", ValueKind.Text, webhook => webhook.Session),
        ("event", ValueKind.Text, webhook => webhook.Event),
        ("received_at", ValueKind.Instant, webhook => webhook.ReceivedAt),
        ("headers", ValueKind.Text, webhook => webhook.Headers),
        ("body", ValueKind.Bytes, webhook => webhook.Body),
        ("size", ValueKind.Number, webhook => webhook.Body.Length),
        ("is_text", ValueKind.Number, webhook => webhook.IsText ? 1 : 0),
        ("state", ValueKind.Text, webhook => InboxWords.Of(webhook.Refusal is null ? WebhookState.Received : WebhookState.Refused)),
        ("error", ValueKind.Text, webhook => webhook.Refusal)
    );

    private static readonly Statement Insert = new(
        """
        WITH {rows}
        INSERT INTO webhook_log (id, tenant, gateway, kind, session, event, received_at, headers, body, size, is_text, state, error)
        SELECT id, tenant, gateway, kind, session, event, received_at, headers, body, size, is_text, state, error FROM rows
        """
    );

    private static readonly Statement CountRefused = new(
        """
        SELECT count(*) FROM (
            SELECT 1 FROM webhook_log WHERE tenant = @tenant AND state IN ('failed', 'refused') AND state = 'refused' AND gateway = @gateway
            LIMIT @most) AS refused
        """
    );

    private static readonly Statement List = new(
        $"SELECT {Columns} FROM webhook_log WHERE {Which} AND (@state IS NULL OR state = @state) ORDER BY id DESC LIMIT @limit"
    );

    private static readonly Statement ListTroubled = new(
        $"SELECT {Columns} FROM webhook_log WHERE {Which} AND {Troubled} ORDER BY id DESC LIMIT @limit"
    );

    private static readonly Statement Find = new(
        $"SELECT {Columns}, headers, body, is_text FROM webhook_log WHERE tenant = @tenant AND id = @id"
    );

    private static readonly Statement ReplayOne = new(
        "UPDATE webhook_log SET state = 'received', error = NULL WHERE tenant = @tenant AND id = @id RETURNING id"
    );

    private static readonly Statement Replay = new(
        $"""
        UPDATE webhook_log SET state = 'received', error = NULL WHERE id IN (
            SELECT id FROM webhook_log WHERE {Which} AND state IN ('read', 'failed') AND (@state IS NULL OR state = @state) ORDER BY id LIMIT @limit)
        RETURNING id
        """
    );

    private static readonly Statement ReplayTroubled = new(
        $"""
        UPDATE webhook_log SET state = 'received', error = NULL WHERE id IN (
            SELECT id FROM webhook_log WHERE {Which} AND {Troubled} ORDER BY id LIMIT @limit)
        RETURNING id
        """
    );

    private readonly PontualDatabase _database;
    private readonly InboxBell _bell;
    private readonly TimeProvider _time;

    // SQLite gathers by itself what is written at the same moment.
    private readonly Gathering<NewWebhook, bool>? _callers;

    public WebhookLogStore(PontualDatabase database, InboxBell bell, TimeProvider time)
    {
        (_database, _bell, _time) = (database, bell, time);
        _callers =
            database.Dialect is Dialect.PostgreSql
                ? new(AddAllAsync, _ => [], webhook => 1 + (webhook.Body.Length / BytesOfOne), MostGroups)
                : null;
    }

    public Task<bool> AddAsync(NewWebhook webhook, CancellationToken cancellation) =>
        webhook.Refusal is not null ? AddRefusedAsync(webhook, cancellation)
        : _callers is not null ? _callers.AskAsync(webhook, cancellation)
        : _database.WriteAsync(async session => await session.ExecuteAsync(Insert, Rows, [webhook]) == 1, cancellation);

    public async Task<IReadOnlyList<Webhook>> ListAsync(WebhookQuery query, int limit, CancellationToken cancellation) =>
        await _database.ReadAsync(
            session =>
                session.QueryAsync(
                    query.State is WebhookState.Failed or WebhookState.Refused ? ListTroubled : List,
                    Read,
                    [.. Values(query), ("limit", limit)]
                ),
            cancellation
        );

    public async Task<WebhookDetail?> FindAsync(TenantName tenant, Guid id, CancellationToken cancellation) =>
        (
            await _database.ReadAsync(
                session =>
                    session.QueryAsync(
                        Find,
                        row => new WebhookDetail(Read(row), row.Text(12), row.Bytes(13), row.Int64(14) == 1),
                        ("tenant", tenant.ToString()),
                        ("id", id)
                    ),
                cancellation
            )
        ).FirstOrDefault();

    public async Task<bool> ReplayAsync(TenantName tenant, Guid id, Actor by, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var isThere = await _database.WriteAsync(
            async session =>
            {
                var replayed = await session.QueryAsync(ReplayOne, row => row.Id(0), ("tenant", tenant.ToString()), ("id", id));
                if (replayed.Count > 0)
                {
                    await AuditRowStore.AddAsync(session, new AuditLine(now, tenant, by, "webhook.replayed", id.ToString()));
                }

                return replayed.Count > 0;
            },
            cancellation
        );
        _bell.Ring();
        return isThere;
    }

    public async Task<long> ReplayAsync(WebhookQuery query, Actor by, CancellationToken cancellation)
    {
        long count = 0;
        while (true)
        {
            // What has begun to be read again may be as it was: each is let go once, by going on behind the last.
            var (some, last) = await ReplaySomeAsync(query, by, cancellation);
            _bell.Ring();
            count += some;
            if (some < MostAtOnce)
            {
                return count;
            }

            query = query with { Behind = last };
        }
    }

    private Task<(int Count, Guid Last)> ReplaySomeAsync(WebhookQuery query, Actor by, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        return _database.WriteAsync(
            async session =>
            {
                var replayed = await session.QueryAsync(
                    query.State is WebhookState.Failed or WebhookState.Refused ? ReplayTroubled : Replay,
                    row => row.Id(0),
                    [.. Values(query), ("limit", MostAtOnce)]
                );
                if (replayed.Count == 0)
                {
                    return (0, default);
                }

                await AuditRowStore.AddAsync(
                    session,
                    new AuditLine(now, query.Tenant, by, "webhook.replayed", query.Gateway ?? "all", After: Told(query, replayed.Count))
                );
                return (replayed.Count, replayed.Max());
            },
            cancellation
        );
    }

    private static string Told(WebhookQuery query, int count) =>
        JsonSerializer.Serialize(
            new
            {
                count,
                state = query.State is { } state ? InboxWords.Of(state) : null,
                gateway = query.Gateway,
                session = query.Session,
                from = query.From,
                to = query.To,
            }
        );

    private async Task<IReadOnlyList<bool>> AddAllAsync(IReadOnlyList<NewWebhook> webhooks) =>
        await _database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Insert, Rows, webhooks);
                return Enumerable.Repeat(true, webhooks.Count).ToArray();
            },
            CancellationToken.None
        );

    private Task<bool> AddRefusedAsync(NewWebhook webhook, CancellationToken cancellation) =>
        _database.WriteAsync(
            async session =>
            {
                var refused = await session.QueryAsync(
                    CountRefused,
                    row => row.Int64(0),
                    ("tenant", webhook.Gateway.Tenant.ToString()),
                    ("gateway", webhook.Gateway.Name),
                    ("most", IWebhookLog.MostRefused)
                );
                return refused[0] < IWebhookLog.MostRefused && await session.ExecuteAsync(Insert, Rows, [webhook]) == 1;
            },
            cancellation
        );

    private static (string Name, Value Value)[] Values(WebhookQuery query)
    {
        var to = query.To is { } end ? RunId.Lowest(end) : Guid.AllBitsSet;
        return
        [
            ("tenant", query.Tenant.ToString()),
            ("gateway", query.Gateway),
            ("session", query.Session),
            ("from", Later(query.From is { } start ? RunId.Lowest(start) : Guid.Empty, query.Behind)),
            ("to", query.After is { } after && after < to ? after : to),
            ("state", query.State is { } state ? InboxWords.Of(state) : null),
        ];
    }

    /// <summary>The first id that may come behind another.</summary>
    private static Guid Later(Guid from, Guid? behind)
    {
        if (behind is not { } last || last < from)
        {
            return from;
        }

        Span<byte> bytes = stackalloc byte[16];
        last.TryWriteBytes(bytes, bigEndian: true, out _);
        for (var place = 15; place >= 0 && ++bytes[place] == 0; place--) { }

        return new Guid(bytes, bigEndian: true);
    }

    private static Webhook Read(Row row) =>
        new(
            row.Id(0),
            new GatewayKey(TenantName.Parse(row.Text(1)), row.Text(2)),
            KindOf(row.Text(3)),
            row.Instant(6),
            InboxWords.State(row.Text(7)),
            row.Int32(8)
        )
        {
            Session = row.TextOrNull(4),
            Event = row.TextOrNull(5),
            Error = row.TextOrNull(9),
            Tries = row.Int32(10),
            ReadAt = row.InstantOrNull(11),
        };

    private static GatewayKind KindOf(string word) =>
        GatewayKinds.TryParse(word, out var kind) ? kind : throw new InvalidOperationException($"'{word}' is no kind of gateway.");
}

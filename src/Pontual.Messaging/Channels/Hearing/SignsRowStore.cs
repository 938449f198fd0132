using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Hearing;

/// <summary>Reads and writes the signs of life of channels, inside the transaction that reads webhooks.</summary>
internal static class SignsRowStore
{
    private const string OfSessions = """
        JOIN channel ON channel.tenant = rows.tenant AND channel.gateway = rows.gateway AND channel.external_id = rows.session
        """;

    private static readonly RowSet<(GatewayKey Gateway, string Session)> Sessions = new(
        ("tenant", ValueKind.Text, one => one.Gateway.Tenant.ToString()),
        ("gateway", ValueKind.Text, one => one.Gateway.Name),
        ("session", ValueKind.Text, one => one.Session)
    );

    private static readonly RowSet<GatewayKey> Gateways = new(
        ("tenant", ValueKind.Text, gateway => gateway.Tenant.ToString()),
        ("gateway", ValueKind.Text, gateway => gateway.Name)
    );

    private static readonly Statement Numbers = new(
        """
        WITH {rows}
        SELECT channel.tenant, channel.gateway, channel.external_id, channel.phone
        FROM rows JOIN channel ON channel.tenant = rows.tenant AND channel.gateway = rows.gateway
        """
    );

    private static readonly Statement Make = new(
        $$"""
        WITH {rows}
        INSERT INTO channel_signs (channel_id) SELECT channel.id FROM rows {{OfSessions}}
        WHERE NOT EXISTS (SELECT 1 FROM channel_signs WHERE channel_signs.channel_id = channel.id)
        ON CONFLICT (channel_id) DO NOTHING
        """
    );

    private const string Find = $$"""
        WITH {rows}
        SELECT channel.id, channel.tenant, channel.gateway, channel.external_id, {{StatusRowStore.SignColumns}},
            (SELECT count(*) FROM channel_outage WHERE channel_outage.channel_id = channel.id
                AND (ended_at IS NULL OR ended_at > channel_signs.inbound_at))
        FROM rows {{OfSessions}} JOIN channel_signs ON channel_signs.channel_id = channel.id
        """;

    // In one order, so that two that read webhooks of the same channels do not wait for each other for ever.
    private static readonly Statement Hold = new(
        postgreSql: $"{Find} ORDER BY channel_signs.channel_id FOR UPDATE OF channel_signs",
        sqlite: Find
    );

    private static readonly RowSet<Heard> Rows = new(
        ("channel", ValueKind.Id, heard => heard.Channel),
        ("webhook_at", ValueKind.Instant, heard => heard.Signs.WebhookAt),
        ("message_at", ValueKind.Instant, heard => heard.Signs.MessageAt),
        ("inbound_at", ValueKind.Instant, heard => heard.Signs.InboundAt),
        ("ack_at", ValueKind.Instant, heard => heard.Signs.AckAt),
        ("echo_at", ValueKind.Instant, heard => heard.Signs.EchoAt),
        ("hour", ValueKind.Instant, heard => heard.Signs.Hour),
        ("changes", ValueKind.Number, heard => heard.Signs.Changes),
        ("changes_before", ValueKind.Number, heard => heard.Signs.ChangesBefore),
        ("told", ValueKind.Text, heard => heard.Signs.Told?.ToString()),
        ("told_code", ValueKind.Number, heard => heard.Signs.ToldCode),
        ("told_at", ValueKind.Instant, heard => heard.Signs.ToldAt),
        ("restriction", ValueKind.Text, heard => heard.Signs.Restricted?.Kind.ToString()),
        ("restriction_raw", ValueKind.Text, heard => heard.Signs.Restricted?.Raw),
        ("restriction_until", ValueKind.Instant, heard => heard.Signs.Restricted?.Until),
        ("restriction_at", ValueKind.Instant, heard => heard.Signs.RestrictedAt)
    );

    private static readonly Statement Put = new(
        """
        WITH {rows}
        UPDATE channel_signs SET webhook_at = rows.webhook_at, message_at = rows.message_at, inbound_at = rows.inbound_at, ack_at = rows.ack_at,
            echo_at = rows.echo_at, hour = rows.hour, changes = rows.changes, changes_before = rows.changes_before, told = rows.told,
            told_code = rows.told_code, told_at = rows.told_at, restriction = rows.restriction, restriction_raw = rows.restriction_raw,
            restriction_until = rows.restriction_until, restriction_at = rows.restriction_at
        FROM rows WHERE channel_signs.channel_id = rows.channel
        """
    );

    private static readonly Statement PutPairing = new(
        "UPDATE channel_signs SET pairing_at = @at, pairing_text = @text, pairing_png = @png WHERE channel_id = @channel"
    );

    private static readonly Statement FindPairing = new(
        "SELECT pairing_at, pairing_text, pairing_png FROM channel_signs WHERE channel_id = @channel AND pairing_at IS NOT NULL"
    );

    /// <summary>The channels of some sessions, held until the transaction ends. Sessions of no known channel are left out.</summary>
    public static async ValueTask<List<Heard>> HoldAsync(DatabaseSession session, IReadOnlyList<(GatewayKey, string)> sessions)
    {
        await session.ExecuteAsync(Make, Sessions, sessions);
        return await session.QueryAsync(
            Hold,
            Sessions,
            sessions,
            row => new Heard(
                row.Id(0),
                new GatewayKey(TenantName.Parse(row.Text(1)), row.Text(2)),
                row.Text(3),
                StatusRowStore.ReadSigns(row, 4),
                row.Int64(4 + StatusRowStore.SignWidth) > 0
            )
        );
    }

    /// <summary>The sessions of some gateways, with their numbers as far as they are known.</summary>
    public static ValueTask<List<(GatewayKey Gateway, string Session, string? Phone)>> NumbersAsync(
        DatabaseSession session,
        IReadOnlyList<GatewayKey> gateways
    ) =>
        session.QueryAsync(
            Numbers,
            Gateways,
            gateways,
            row => (new GatewayKey(TenantName.Parse(row.Text(0)), row.Text(1)), row.Text(2), row.TextOrNull(3))
        );

    public static ValueTask<int> PutAsync(DatabaseSession session, IReadOnlyList<Heard> heard) => session.ExecuteAsync(Put, Rows, heard);

    /// <summary>A code for pairing is shown.</summary>
    public static ValueTask<int> PutPairingAsync(DatabaseSession session, Guid channel, PairingCode code, DateTimeOffset at) =>
        session.ExecuteAsync(
            PutPairing,
            ("channel", channel),
            ("at", at),
            ("text", code.Text),
            ("png", code.Png is { } png ? png.ToArray() : (byte[]?)null)
        );

    /// <summary>The code that was shown last, and when; null for none.</summary>
    public static async ValueTask<(PairingCode Code, DateTimeOffset At)?> PairingAsync(DatabaseSession session, Guid channel)
    {
        var found = await session.QueryAsync(
            FindPairing,
            row => (new PairingCode(row.IsNull(2) ? null : row.Bytes(2), row.TextOrNull(1)), row.Instant(0)),
            ("channel", channel)
        );
        return found.Count == 0 ? null : found[0];
    }
}

/// <summary>A channel of which webhooks tell.</summary>
/// <param name="Channel">Its id.</param>
/// <param name="Gateway">Its gateway.</param>
/// <param name="Session">What that calls it.</param>
/// <param name="Signs">Its signs of life.</param>
/// <param name="WasDown">It did not work at some time since its last message: that silence teaches nothing.</param>
internal sealed record Heard(Guid Channel, GatewayKey Gateway, string Session, ChannelSigns Signs, bool WasDown);

using System.Globalization;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>Reads and writes the days of channels inside a session.</summary>
internal static class DayRowStore
{
    private const string Counts =
        "sent, taken, delivered, seen, failed, invalid, opted_out, restricted, received, first_contacts, replies, disconnects";

    private static readonly RowSet<ChannelDay> Rows = new(
        ("channel_id", ValueKind.Id, one => one.Channel),
        ("day", ValueKind.Text, one => Text(one.Day)),
        ("sent", ValueKind.Number, one => one.Tally.Sent),
        ("taken", ValueKind.Number, one => one.Tally.Taken),
        ("delivered", ValueKind.Number, one => one.Tally.Delivered),
        ("seen", ValueKind.Number, one => one.Tally.Seen),
        ("failed", ValueKind.Number, one => one.Tally.Failed),
        ("invalid", ValueKind.Number, one => one.Tally.Invalid),
        ("opted_out", ValueKind.Number, one => one.Tally.OptedOut),
        ("restricted", ValueKind.Number, one => one.Tally.Restricted),
        ("received", ValueKind.Number, one => one.Tally.Received),
        ("first_contacts", ValueKind.Number, one => one.Tally.FirstContacts),
        ("replies", ValueKind.Number, one => one.Tally.Replies),
        ("disconnects", ValueKind.Number, one => one.Tally.Disconnects)
    );

    private static readonly Statement Count = new(
        $$"""
        WITH {rows}
        INSERT INTO channel_day (channel_id, day, {{Counts}}) SELECT channel_id, day, {{Counts}} FROM rows WHERE true
        ON CONFLICT (channel_id, day) DO UPDATE SET sent = channel_day.sent + excluded.sent, taken = channel_day.taken + excluded.taken,
            delivered = channel_day.delivered + excluded.delivered, seen = channel_day.seen + excluded.seen,
            failed = channel_day.failed + excluded.failed, invalid = channel_day.invalid + excluded.invalid,
            opted_out = channel_day.opted_out + excluded.opted_out, restricted = channel_day.restricted + excluded.restricted,
            received = channel_day.received + excluded.received, first_contacts = channel_day.first_contacts + excluded.first_contacts,
            replies = channel_day.replies + excluded.replies
        """
    );

    private static readonly Statement Begin = new(
        $$"""
        WITH {rows}
        INSERT INTO channel_day (channel_id, day) SELECT channel_id, day FROM rows WHERE true ON CONFLICT (channel_id, day) DO NOTHING
        """
    );

    private static readonly Statement Close = new(
        """
        WITH {rows}
        INSERT INTO channel_day (channel_id, day, disconnects, closed_at) SELECT channel_id, day, disconnects, @now FROM rows WHERE true
        ON CONFLICT (channel_id, day) DO UPDATE SET disconnects = excluded.disconnects, closed_at = excluded.closed_at
        WHERE channel_day.closed_at IS NULL
        """
    );

    private static readonly Statement Since = new(
        $"""
        SELECT channel_id, day, {Counts}, closed_at FROM channel_day
        WHERE channel_id IN (SELECT id FROM channel WHERE tenant = @tenant) AND day >= @day ORDER BY channel_id, day
        """
    );

    private static readonly Statement OfChannel = new(
        $"""
        SELECT channel_id, day, {Counts}, closed_at FROM channel_day
        WHERE channel_id = @channel AND day >= @day ORDER BY day DESC LIMIT @limit
        """
    );

    private static readonly Statement Channels = new(
        """
        SELECT channel.id, channel.created_at, max(CASE WHEN channel_day.closed_at IS NOT NULL THEN channel_day.day END)
        FROM channel LEFT JOIN channel_day ON channel_day.channel_id = channel.id
        WHERE channel.tenant = @tenant AND channel.retired_at IS NULL GROUP BY channel.id, channel.created_at ORDER BY channel.id
        """
    );

    private static readonly Statement Unclosed = new(
        """
        SELECT channel_id, day FROM channel_day
        WHERE closed_at IS NULL AND day < @today AND channel_id IN (SELECT id FROM channel WHERE tenant = @tenant) ORDER BY channel_id, day
        """
    );

    private static readonly Statement OutagesFrom = new(
        """
        SELECT channel_id, state, started_at, ended_at FROM channel_outage
        WHERE tenant = @tenant AND (ended_at IS NULL OR ended_at >= @from) ORDER BY started_at
        """
    );

    /// <summary>Adds to the days.</summary>
    public static ValueTask<int> CountAsync(DatabaseSession session, IReadOnlyList<ChannelDay> days) =>
        session.ExecuteAsync(Count, Rows, days);

    /// <summary>Lets days begin that have not yet.</summary>
    public static ValueTask<int> BeginAsync(DatabaseSession session, IReadOnlyList<ChannelDay> days) =>
        session.ExecuteAsync(Begin, Rows, days);

    /// <summary>Closes days with the outages that began on them; what is closed stays as it is.</summary>
    public static ValueTask<int> CloseAsync(DatabaseSession session, IReadOnlyList<ChannelDay> days, DateTimeOffset now) =>
        session.ExecuteAsync(Close, Rows, days, ("now", now));

    /// <summary>The days of a tenant's channels from one on.</summary>
    public static ValueTask<List<ChannelDay>> SinceAsync(DatabaseSession session, TenantName tenant, DateOnly day) =>
        session.QueryAsync(Since, Read, ("tenant", tenant.ToString()), ("day", Text(day)));

    /// <summary>The days of a channel from one on, newest first.</summary>
    public static ValueTask<List<ChannelDay>> OfChannelAsync(DatabaseSession session, Guid channel, DateOnly day, int limit) =>
        session.QueryAsync(OfChannel, Read, ("channel", channel), ("day", Text(day)), ("limit", limit));

    /// <summary>A tenant's channels: when each was first seen, and the last day that is closed.</summary>
    public static ValueTask<List<(Guid Id, DateTimeOffset Since, DateOnly? Closed)>> ChannelsAsync(
        DatabaseSession session,
        TenantName tenant
    ) =>
        session.QueryAsync(
            Channels,
            row => (row.Id(0), row.Instant(1), row.TextOrNull(2) is { } day ? Day(day) : (DateOnly?)null),
            ("tenant", tenant.ToString())
        );

    /// <summary>Days before today that are not closed.</summary>
    public static ValueTask<List<(Guid Channel, DateOnly Day)>> UnclosedAsync(DatabaseSession session, TenantName tenant, DateOnly today) =>
        session.QueryAsync(Unclosed, row => (row.Id(0), Day(row.Text(1))), ("tenant", tenant.ToString()), ("today", Text(today)));

    /// <summary>Outages that went on at some time since an instant, in the order in which they began.</summary>
    public static ValueTask<List<OutageSpan>> OutagesAsync(DatabaseSession session, TenantName tenant, DateTimeOffset from) =>
        session.QueryAsync(
            OutagesFrom,
            row => new OutageSpan(row.Id(0), row.Text(1), row.Instant(2), row.InstantOrNull(3)),
            ("tenant", tenant.ToString()),
            ("from", from)
        );

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static ChannelDay Read(Row row) =>
        new(
            row.Id(0),
            Day(row.Text(1)),
            new Tally
            {
                Sent = row.Int32(2),
                Taken = row.Int32(3),
                Delivered = row.Int32(4),
                Seen = row.Int32(5),
                Failed = row.Int32(6),
                Invalid = row.Int32(7),
                OptedOut = row.Int32(8),
                Restricted = row.Int32(9),
                Received = row.Int32(10),
                FirstContacts = row.Int32(11),
                Replies = row.Int32(12),
                Disconnects = row.Int32(13),
            }
        )
        {
            ClosedAt = row.InstantOrNull(14),
        };
}

/// <summary>A stretch in which a channel did not work.</summary>
internal sealed record OutageSpan(Guid Channel, string State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

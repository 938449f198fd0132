using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels;

/// <summary>Reads and writes how channels are, inside a session.</summary>
internal static class StatusRowStore
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns = """
        channel_state.state, channel_state.state_since, channel_state.reason, channel_state.suspect_since, channel_state.reported, channel_state.raw,
        channel_state.code, channel_state.note, channel_state.reported_since, channel_state.checked_at, channel_state.connected_at,
        channel_state.activity, channel_state.activity_at, channel_state.unheard_since, channel_state.messages_missing_since,
        channel_state.probe_at, channel_state.probe_alive, channel_state.probe_detail, channel_state.nudged_at,
        channel_state.webhook_checked_at, channel_state.webhook_fault, channel_state.restriction, channel_state.restriction_raw,
        channel_state.restriction_until, channel_state.restriction_at, channel_state.unasked_since, channel_state.unasked_times,
        channel_state.unasked_why, channel_state.doubt_since, channel_state.doubt_tries, channel_state.gap_since, channel_state.gap_until,
        channel_state.gap, channel_state.gap_found, channel_state.gap_detail
        """;

    /// <summary>How many those are.</summary>
    public const int Width = 35;

    /// <summary>The columns that <see cref="ReadSigns"/> reads.</summary>
    public const string SignColumns = """
        channel_signs.webhook_at, channel_signs.message_at, channel_signs.inbound_at, channel_signs.ack_at, channel_signs.echo_at,
        channel_signs.hour, channel_signs.changes, channel_signs.changes_before, channel_signs.told, channel_signs.told_code, channel_signs.told_at,
        channel_signs.restriction, channel_signs.restriction_raw, channel_signs.restriction_until, channel_signs.restriction_at
        """;

    /// <summary>How many those are.</summary>
    public const int SignWidth = 15;

    private static readonly Statement Put = new(
        """
        INSERT INTO channel_state (channel_id, state, state_since, reason, suspect_since, reported, raw, code, note, reported_since, checked_at,
            connected_at, activity, activity_at, unheard_since, messages_missing_since, probe_at, probe_alive, probe_detail, nudged_at,
            webhook_checked_at, webhook_fault, restriction, restriction_raw, restriction_until, restriction_at, unasked_since, unasked_times,
            unasked_why, doubt_since, doubt_tries, gap_since, gap_until, gap, gap_found, gap_detail)
        VALUES (@channel, @state, @state_since, @reason, @suspect_since, @reported, @raw, @code, @note, @reported_since, @checked_at,
            @connected_at, @activity, @activity_at, @unheard_since, @messages_missing_since, @probe_at, @probe_alive, @probe_detail, @nudged_at,
            @webhook_checked_at, @webhook_fault, @restriction, @restriction_raw, @restriction_until, @restriction_at, @unasked_since, @unasked_times,
            @unasked_why, @doubt_since, @doubt_tries, @gap_since, @gap_until, @gap, @gap_found, @gap_detail)
        ON CONFLICT (channel_id) DO UPDATE SET state = excluded.state, state_since = excluded.state_since, reason = excluded.reason,
            suspect_since = excluded.suspect_since, reported = excluded.reported, raw = excluded.raw, code = excluded.code, note = excluded.note,
            reported_since = excluded.reported_since, checked_at = excluded.checked_at, connected_at = excluded.connected_at,
            activity = excluded.activity, activity_at = excluded.activity_at, unheard_since = excluded.unheard_since,
            messages_missing_since = excluded.messages_missing_since, probe_at = excluded.probe_at, probe_alive = excluded.probe_alive,
            probe_detail = excluded.probe_detail, nudged_at = excluded.nudged_at, webhook_checked_at = excluded.webhook_checked_at,
            webhook_fault = excluded.webhook_fault, restriction = excluded.restriction, restriction_raw = excluded.restriction_raw,
            restriction_until = excluded.restriction_until, restriction_at = excluded.restriction_at,
            unasked_since = excluded.unasked_since, unasked_times = excluded.unasked_times, unasked_why = excluded.unasked_why,
            doubt_since = excluded.doubt_since, doubt_tries = excluded.doubt_tries, gap_since = excluded.gap_since, gap_until = excluded.gap_until,
            gap = excluded.gap, gap_found = excluded.gap_found, gap_detail = excluded.gap_detail
        """
    );

    public static ValueTask<int> PutAsync(DatabaseSession session, Guid channel, ChannelStatus status) =>
        session.ExecuteAsync(
            Put,
            ("channel", channel),
            ("state", status.State.ToString()),
            ("state_since", status.StateSince),
            ("reason", status.Reason),
            ("suspect_since", status.SuspectSince),
            ("reported", status.Reported.State.ToString()),
            ("raw", status.Reported.Raw),
            ("code", status.Reported.Code),
            ("note", status.Reported.Note),
            ("reported_since", status.ReportedSince),
            ("checked_at", status.CheckedAt),
            ("connected_at", status.ConnectedAt),
            ("activity", status.Reported.Activity),
            ("activity_at", status.ActivityAt),
            ("unheard_since", status.UnheardSince),
            ("messages_missing_since", status.MessagesMissingSince),
            ("probe_at", status.Probe?.At),
            ("probe_alive", status.Probe?.IsAlive is { } alive ? (alive ? 1 : 0) : (int?)null),
            ("probe_detail", status.Probe?.Detail),
            ("nudged_at", status.NudgedAt),
            ("webhook_checked_at", status.WebhookCheckedAt),
            ("webhook_fault", status.WebhookFault),
            ("restriction", status.Restricted?.Kind.ToString()),
            ("restriction_raw", status.Restricted?.Raw),
            ("restriction_until", status.Restricted?.Until),
            ("restriction_at", status.RestrictedAt),
            ("unasked_since", status.UnaskedSince),
            ("unasked_times", status.UnaskedTimes),
            ("unasked_why", status.UnaskedWhy),
            ("doubt_since", status.DoubtSince),
            ("doubt_tries", status.DoubtTries),
            ("gap_since", status.LastGap?.Since),
            ("gap_until", status.LastGap?.Until),
            ("gap", status.LastGap is { } gap ? OutageRowStore.WordOf(gap.Result) : null),
            ("gap_found", status.LastGap?.Found ?? 0),
            ("gap_detail", status.LastGap?.Detail)
        );

    /// <summary>Reads <see cref="Columns"/> from a column on; a channel that was never checked has none.</summary>
    public static ChannelStatus? Read(Row row, int at, string externalId)
    {
        if (row.IsNull(at))
        {
            return null;
        }

        var reported = new SessionFacts(externalId, Enum.Parse<SessionState>(row.Text(at + 4)), row.Text(at + 5))
        {
            Code = row.Int32OrNull(at + 6),
            Note = row.TextOrNull(at + 7),
            Activity = row.Int64OrNull(at + 11),
        };
        return new ChannelStatus(Enum.Parse<SessionState>(row.Text(at)), row.Instant(at + 1), reported, row.Instant(at + 8))
        {
            Reason = row.TextOrNull(at + 2),
            SuspectSince = row.InstantOrNull(at + 3),
            CheckedAt = row.InstantOrNull(at + 9),
            ConnectedAt = row.InstantOrNull(at + 10),
            ActivityAt = row.InstantOrNull(at + 12),
            UnheardSince = row.InstantOrNull(at + 13),
            MessagesMissingSince = row.InstantOrNull(at + 14),
            Probe = row.InstantOrNull(at + 15) is { } probed
                ? new Probe(probed, row.IsNull(at + 16) ? null : row.Int64(at + 16) == 1, row.TextOrNull(at + 17) ?? "")
                : null,
            NudgedAt = row.InstantOrNull(at + 18),
            WebhookCheckedAt = row.InstantOrNull(at + 19),
            WebhookFault = row.TextOrNull(at + 20),
            Restricted = row.TextOrNull(at + 21) is { } kind
                ? new Restriction(Enum.Parse<RestrictionKind>(kind), row.TextOrNull(at + 22) ?? "", row.InstantOrNull(at + 23))
                : null,
            RestrictedAt = row.InstantOrNull(at + 24),
            UnaskedSince = row.InstantOrNull(at + 25),
            UnaskedTimes = row.Int32(at + 26),
            UnaskedWhy = row.TextOrNull(at + 27),
            DoubtSince = row.InstantOrNull(at + 28),
            DoubtTries = row.Int32(at + 29),
            LastGap = row.TextOrNull(at + 32) is { } word
                ? new GapLook(
                    row.Instant(at + 30),
                    row.Instant(at + 31),
                    OutageRowStore.ResultOf(word),
                    row.Int32(at + 33),
                    row.TextOrNull(at + 34)
                )
                : null,
        };
    }

    /// <summary>Reads <see cref="SignColumns"/> from a column on.</summary>
    public static ChannelSigns ReadSigns(Row row, int at) =>
        new()
        {
            WebhookAt = row.InstantOrNull(at),
            MessageAt = row.InstantOrNull(at + 1),
            InboundAt = row.InstantOrNull(at + 2),
            AckAt = row.InstantOrNull(at + 3),
            EchoAt = row.InstantOrNull(at + 4),
            Hour = row.InstantOrNull(at + 5),
            Changes = row.Int32OrNull(at + 6) ?? 0,
            ChangesBefore = row.Int32OrNull(at + 7) ?? 0,
            Told = row.TextOrNull(at + 8) is { } told ? Enum.Parse<SessionState>(told) : null,
            ToldCode = row.Int32OrNull(at + 9),
            ToldAt = row.InstantOrNull(at + 10),
            Restricted = row.TextOrNull(at + 11) is { } kind
                ? new Restriction(Enum.Parse<RestrictionKind>(kind), row.TextOrNull(at + 12) ?? "", row.InstantOrNull(at + 13))
                : null,
            RestrictedAt = row.InstantOrNull(at + 14),
        };
}

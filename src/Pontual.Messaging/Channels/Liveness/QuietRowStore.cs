using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Liveness;

/// <summary>Keeps how long channels are usually quiet, inside a session.</summary>
internal static class QuietRowStore
{
    private static readonly RowSet<(Guid Channel, int Slot)> Wanted = new(
        ("channel", ValueKind.Id, wanted => wanted.Channel),
        ("slot", ValueKind.Number, wanted => wanted.Slot)
    );

    private static readonly Statement Find = new(
        """
        WITH {rows}
        SELECT channel_quiet.channel_id, channel_quiet.slot, mean_ms, spread_ms, samples, hour, longest_ms
        FROM rows JOIN channel_quiet ON channel_quiet.channel_id = rows.channel AND channel_quiet.slot = rows.slot
        """
    );

    private static readonly RowSet<(Guid Channel, QuietHour Hour)> Hours = new(
        ("channel", ValueKind.Id, one => one.Channel),
        ("slot", ValueKind.Number, one => one.Hour.Slot),
        ("mean", ValueKind.Number, one => (long)(one.Hour.Mean * 1_000)),
        ("spread", ValueKind.Number, one => (long)(one.Hour.Spread * 1_000)),
        ("samples", ValueKind.Number, one => one.Hour.Samples),
        ("hour", ValueKind.Instant, one => one.Hour.Hour),
        ("longest", ValueKind.Number, one => (long)(one.Hour.Longest * 1_000))
    );

    private static readonly Statement Put = new(
        """
        WITH {rows}
        INSERT INTO channel_quiet (channel_id, slot, mean_ms, spread_ms, samples, hour, longest_ms)
        SELECT channel, slot, mean, spread, samples, hour, longest FROM rows WHERE true
        ON CONFLICT (channel_id, slot) DO UPDATE SET mean_ms = excluded.mean_ms, spread_ms = excluded.spread_ms, samples = excluded.samples,
            hour = excluded.hour, longest_ms = excluded.longest_ms
        """
    );

    /// <summary>What is known of some hours of some channels.</summary>
    public static async ValueTask<IReadOnlyDictionary<(Guid Channel, int Slot), QuietHour>> FindAsync(
        DatabaseSession session,
        IReadOnlyList<(Guid Channel, int Slot)> wanted
    )
    {
        var found = await session.QueryAsync(
            Find,
            Wanted,
            wanted,
            row =>
                KeyValuePair.Create(
                    (row.Id(0), row.Int32(1)),
                    new QuietHour(row.Int32(1))
                    {
                        Mean = row.Int64(2) / 1_000.0,
                        Spread = row.Int64(3) / 1_000.0,
                        Samples = row.Int32(4),
                        Hour = row.InstantOrNull(5),
                        Longest = row.Int64(6) / 1_000.0,
                    }
                )
        );
        return found.ToDictionary();
    }

    public static ValueTask<int> PutAsync(DatabaseSession session, IReadOnlyList<(Guid Channel, QuietHour Hour)> hours) =>
        session.ExecuteAsync(Put, Hours, hours);
}

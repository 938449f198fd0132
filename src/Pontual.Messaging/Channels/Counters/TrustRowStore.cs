using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Trust;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>Reads and adds scores of trust inside a session. What was added is never changed.</summary>
internal static class TrustRowStore
{
    private const string Columns = "id, channel_id, at, rule_version, score, judged, band, better, reach, confidence, alarmed_at, document";

    private static readonly RowSet<TrustSnapshot> Rows = new(
        ("id", ValueKind.Id, one => one.Id),
        ("channel_id", ValueKind.Id, one => one.Channel),
        ("at", ValueKind.Instant, one => one.At),
        ("rule_version", ValueKind.Text, one => one.RuleVersion),
        ("score", ValueKind.Number, one => one.Score),
        ("judged", ValueKind.Text, one => one.Judged.ToString()),
        ("band", ValueKind.Text, one => one.Standing.Band.ToString()),
        ("better", ValueKind.Number, one => one.Standing.Better),
        ("reach", ValueKind.Text, one => one.Standing.Reach?.ToString()),
        ("confidence", ValueKind.Text, one => one.Confidence.ToString()),
        ("alarmed_at", ValueKind.Instant, one => one.AlarmedAt),
        ("document", ValueKind.Text, one => one.Document)
    );

    private static readonly Statement Insert = new(
        $$"""
        WITH {rows}
        INSERT INTO channel_trust ({{Columns}}) SELECT {{Columns}} FROM rows
        """
    );

    private static readonly Statement Latest = new(
        $"""
        SELECT {Columns} FROM channel_trust
        WHERE id IN (
            SELECT (SELECT max_of.id FROM channel_trust AS max_of WHERE max_of.channel_id = channel.id ORDER BY max_of.id DESC LIMIT 1)
            FROM channel WHERE tenant = @tenant)
        """
    );

    private static readonly Statement OfChannel = new(
        $"SELECT {Columns} FROM channel_trust WHERE channel_id = @channel ORDER BY id DESC LIMIT @limit"
    );

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    // What a channel was scored last is what its next score is compared with: that stays however old it is.
    private static readonly Statement Old = new(
        """
        SELECT id FROM channel_trust
        WHERE id < @before AND EXISTS (
            SELECT 1 FROM channel_trust AS newer WHERE newer.channel_id = channel_trust.channel_id AND newer.id > channel_trust.id)
        ORDER BY id LIMIT @limit
        """
    );

    private static readonly Statement Drop = new("WITH {rows} DELETE FROM channel_trust WHERE id IN (SELECT id FROM rows)");

    /// <summary>Deletes the oldest that were given before an instant, but for the latest of each channel.</summary>
    /// <returns>How many went.</returns>
    public static async ValueTask<int> DropAsync(DatabaseSession session, DateTimeOffset before, int limit)
    {
        var old = await session.QueryAsync(Old, row => row.Id(0), ("before", RunId.Lowest(before)), ("limit", limit));
        return await session.ExecuteAsync(Drop, Ids, old);
    }

    public static ValueTask<int> AddAsync(DatabaseSession session, IReadOnlyList<TrustSnapshot> snapshots) =>
        session.ExecuteAsync(Insert, Rows, snapshots);

    /// <summary>The latest of each of a tenant's channels; none for those that were never scored.</summary>
    public static async ValueTask<Dictionary<Guid, TrustSnapshot>> LatestAsync(DatabaseSession session, TenantName tenant) =>
        (await session.QueryAsync(Latest, Read, ("tenant", tenant.ToString()))).ToDictionary(one => one.Channel);

    /// <summary>The latest of a channel, newest first.</summary>
    public static ValueTask<List<TrustSnapshot>> OfChannelAsync(DatabaseSession session, Guid channel, int limit) =>
        session.QueryAsync(OfChannel, Read, ("channel", channel), ("limit", limit));

    private static TrustSnapshot Read(Row row) =>
        new(
            row.Id(0),
            row.Id(1),
            row.Instant(2),
            row.Text(3),
            row.Int32OrNull(4),
            Enum.Parse<TrustBand>(row.Text(5)),
            new TrustStanding(
                Enum.Parse<TrustBand>(row.Text(6)),
                row.Int32(7),
                row.TextOrNull(8) is { } reach ? Enum.Parse<TrustBand>(reach) : null
            ),
            Enum.Parse<TrustConfidence>(row.Text(9)),
            row.InstantOrNull(10),
            row.Text(11)
        );
}

using Pontual.Engine.Limits;
using Pontual.Storage.Database;

namespace Pontual.Storage.Limits;

/// <summary>The rows of limits: who decides about a limit holds its row, in the order of names, after the jobs.</summary>
internal static class LimitRowStore
{
    /// <summary>The earliest start and the place among claims of a run that waits in line: never, until it is let go.</summary>
    public static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Who was let go and is not claimed after this long keeps no place any more: nobody may be there to claim it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly RowSet<string> Names = new(("name", ValueKind.Text, name => name));

    private static readonly RowSet<(string Name, Limit Bound)> Bounds = new(
        ("name", ValueKind.Text, row => row.Name),
        ("at_once", ValueKind.Number, row => row.Bound.AtOnce),
        ("rate_count", ValueKind.Number, row => row.Bound.Rate?.Count),
        ("rate_ms", ValueKind.Number, row => (long?)row.Bound.Rate?.Period.TotalMilliseconds),
        ("burst", ValueKind.Number, row => row.Bound.Burst)
    );

    private static readonly RowSet<(string Name, DateTimeOffset? Tat)> Tats = new(
        ("name", ValueKind.Text, row => row.Name),
        ("tat", ValueKind.Instant, row => row.Tat)
    );

    private static readonly Statement PutKeys = new(
        """
        WITH {rows}
        INSERT INTO run_limit (scope, name, at_once, rate_count, rate_ms, burst, used_at)
        SELECT 'key', name, at_once, rate_count, rate_ms, burst, @now FROM rows WHERE true
        ON CONFLICT (scope, name) DO UPDATE SET at_once = excluded.at_once, rate_count = excluded.rate_count,
            rate_ms = excluded.rate_ms, burst = excluded.burst, used_at = excluded.used_at
        """
    );

    private static readonly Statement HoldKeys = new(
        """
        WITH {rows} SELECT run_limit.name FROM run_limit JOIN rows ON rows.name = run_limit.name AND run_limit.scope = 'key'
        ORDER BY run_limit.name FOR UPDATE OF run_limit
        """
    );

    private static readonly Statement ReadKeys = new(
        """
        WITH {rows}
        SELECT rows.name, at_once, rate_count, rate_ms, burst, tat,
            (SELECT count(*) FROM run WHERE run.limit_key = rows.name AND run.state = 'running'),
            (SELECT count(*) FROM run WHERE run.limit_key = rows.name AND run.state = 'pending' AND run.limit_at IS NOT NULL
                AND run.claim_at < @never AND run.not_before > @stale),
            (SELECT min(limit_at) FROM run WHERE run.limit_key = rows.name AND run.state = 'pending' AND run.limit_at IS NOT NULL
                AND run.claim_at = @never)
        FROM rows JOIN run_limit ON run_limit.scope = 'key' AND run_limit.name = rows.name
        """
    );

    private static readonly Statement Advance = new(
        """
        WITH {rows} UPDATE run_limit SET tat = rows.tat FROM rows WHERE run_limit.scope = @scope AND run_limit.name = rows.name
        """
    );

    // The rate of a limit that is dropped must not be forgotten: it would begin anew.
    private static readonly Statement Forget = new(
        """
        DELETE FROM run_limit
        WHERE scope = 'key' AND used_at < @before AND (tat IS NULL OR tat < @before)
            AND NOT EXISTS (SELECT 1 FROM run WHERE run.limit_key = run_limit.name)
        """
    );

    /// <summary>Writes down the bounds of keys and holds them.</summary>
    public static ValueTask<int> PutAsync(DatabaseSession session, IEnumerable<(string Name, Limit Bound)> keys, DateTimeOffset now) =>
        session.ExecuteAsync(
            PutKeys,
            Bounds,
            [.. keys.DistinctBy(key => key.Name).OrderBy(key => key.Name, StringComparer.Ordinal)],
            ("now", now)
        );

    /// <summary>Holds keys until the transaction ends and reads how far they are used. Keys that nothing is known of are left out.</summary>
    public static async ValueTask<List<LimitLine>> HoldAsync(DatabaseSession session, IEnumerable<string> keys, DateTimeOffset now)
    {
        string[] names = [.. keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (session.Dialect is Dialect.PostgreSql)
        {
            // A statement of its own: what is read under the lock must be newer than the lock.
            await session.QueryAsync(HoldKeys, Names, names, row => row.Text(0));
        }

        return await session.QueryAsync(ReadKeys, Names, names, ReadLine, ("never", Never), ("stale", now - Patience));
    }

    /// <summary>Writes where rates stand now.</summary>
    public static ValueTask<int> AdvanceAsync(
        DatabaseSession session,
        string scope,
        IReadOnlyList<(string Name, DateTimeOffset? Tat)> tats
    ) => session.ExecuteAsync(Advance, Tats, tats, ("scope", scope));

    /// <summary>Drops keys that no run has been made with since an instant, and that none has.</summary>
    public static ValueTask<int> ForgetAsync(DatabaseSession session, DateTimeOffset before) =>
        session.ExecuteAsync(Forget, ("before", before));

    /// <summary>Reads at_once, rate_count, rate_ms, burst from that column on.</summary>
    public static Limit ReadBound(Row row, int from) =>
        new(
            row.Int32OrNull(from),
            row.IsNull(from + 1) ? null : new Rate(row.Int32(from + 1), TimeSpan.FromMilliseconds(row.Int64(from + 2))),
            row.Int32(from + 3)
        );

    private static LimitLine ReadLine(Row row) =>
        new(row.Text(0), new LimitUse(ReadBound(row, 1), row.InstantOrNull(5), row.Int32(6)), row.Int32(7), row.InstantOrNull(8));
}

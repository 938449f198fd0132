using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Outages;

/// <summary>Reads and writes outages inside a session.</summary>
internal static class OutageRowStore
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns = """
        channel_outage.id, channel_outage.channel_id, channel_outage.state, channel_outage.reason, channel_outage.started_at,
        channel_outage.found_at, channel_outage.ended_at, channel_outage.attempts, channel_outage.step, channel_outage.of_step,
        channel_outage.last_attempt_at, channel_outage.next_attempt_at, channel_outage.asked, channel_outage.asked_at, channel_outage.cured_by,
        channel_outage.gap, channel_outage.gap_found, channel_outage.gap_detail, channel_outage.gap_tries
        """;

    /// <summary>How many those are.</summary>
    public const int Width = 19;

    private static readonly Statement Put = new(
        """
        INSERT INTO channel_outage (id, tenant, channel_id, state, reason, started_at, found_at, ended_at, attempts, step, of_step,
            last_attempt_at, next_attempt_at, asked, asked_at, cured_by, gap, gap_found, gap_detail, gap_tries)
        VALUES (@id, @tenant, @channel, @state, @reason, @started_at, @found_at, @ended_at, @attempts, @step, @of_step,
            @last_attempt_at, @next_attempt_at, @asked, @asked_at, @cured_by, @gap, @gap_found, @gap_detail, @gap_tries)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason, ended_at = excluded.ended_at,
            attempts = excluded.attempts, step = excluded.step, of_step = excluded.of_step, last_attempt_at = excluded.last_attempt_at,
            next_attempt_at = excluded.next_attempt_at, asked = excluded.asked, asked_at = excluded.asked_at, cured_by = excluded.cured_by,
            gap = excluded.gap, gap_found = excluded.gap_found, gap_detail = excluded.gap_detail, gap_tries = excluded.gap_tries
        """
    );

    private static readonly Statement Latest = new(
        $"SELECT {Columns} FROM channel_outage WHERE channel_id = @channel ORDER BY started_at DESC LIMIT 1"
    );

    private static readonly Statement ById = new($"SELECT {Columns} FROM channel_outage WHERE id = @id AND channel_id = @channel");

    private static readonly Statement OfChannel = new(
        $"SELECT {Columns} FROM channel_outage WHERE channel_id = @channel ORDER BY started_at DESC LIMIT @limit"
    );

    private static readonly Statement WithGaps = new(
        $"""
        SELECT {Columns} FROM channel_outage JOIN channel ON channel.id = channel_outage.channel_id
        WHERE channel_outage.gap = 'pending' AND channel.tenant = @tenant AND channel.gateway = @gateway
        """
    );

    private static readonly Statement AddAttempt = new(
        """
        INSERT INTO channel_attempt (outage_id, number, step, at) VALUES (@outage, @number, @step, @at) ON CONFLICT DO NOTHING
        """
    );

    private static readonly Statement EndAttempt = new(
        "UPDATE channel_attempt SET ended_at = @now, error = @error WHERE outage_id = @outage AND number = @number"
    );

    private static readonly Statement AttemptsOf = new(
        "SELECT number, step, at, ended_at, error FROM channel_attempt WHERE outage_id = @outage ORDER BY number"
    );

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    // Ids rise with the instants at which outages were found, which is before they ended. What was tried goes with them.
    private static readonly Statement Old = new(
        "SELECT id FROM channel_outage WHERE id < @lowest AND ended_at < @before ORDER BY id LIMIT @limit"
    );

    private static readonly Statement Drop = new("WITH {rows} DELETE FROM channel_outage WHERE id IN (SELECT id FROM rows)");

    private static readonly Dictionary<GapResult, string> GapWords = new()
    {
        [GapResult.Pending] = "pending",
        [GapResult.None] = "none",
        [GapResult.Found] = "found",
        [GapResult.NotPossible] = "not-possible",
        [GapResult.Failed] = "failed",
    };

    /// <summary>The word for a result, as it is kept.</summary>
    public static string WordOf(GapResult result) => GapWords[result];

    /// <summary>The result of a word that was kept.</summary>
    public static GapResult ResultOf(string word) => GapWords.First(pair => pair.Value == word).Key;

    public static ValueTask<int> PutAsync(DatabaseSession session, TenantName tenant, Outage outage) =>
        session.ExecuteAsync(
            Put,
            ("id", outage.Id),
            ("tenant", tenant.ToString()),
            ("channel", outage.Channel),
            ("state", outage.State.ToString()),
            ("reason", outage.Reason),
            ("started_at", outage.StartedAt),
            ("found_at", outage.FoundAt),
            ("ended_at", outage.EndedAt),
            ("attempts", outage.Attempts),
            ("step", outage.Step?.ToString()),
            ("of_step", outage.OfStep),
            ("last_attempt_at", outage.LastAttemptAt),
            ("next_attempt_at", outage.NextAttemptAt),
            ("asked", outage.Asked?.ToString()),
            ("asked_at", outage.AskedAt),
            ("cured_by", outage.CuredBy?.ToString()),
            ("gap", outage.Gap is { } gap ? WordOf(gap) : null),
            ("gap_found", outage.GapFound),
            ("gap_detail", outage.GapDetail),
            ("gap_tries", outage.GapTries)
        );

    /// <summary>The last outage of a channel, over or not; null when it had none.</summary>
    public static async ValueTask<Outage?> LatestAsync(DatabaseSession session, Guid channel) =>
        (await session.QueryAsync(Latest, row => Read(row, 0), ("channel", channel))).FirstOrDefault();

    /// <summary>One outage of a channel; null when it has none of that id.</summary>
    public static async ValueTask<Outage?> FindAsync(DatabaseSession session, Guid channel, Guid outage) =>
        (await session.QueryAsync(ById, row => Read(row, 0), ("id", outage), ("channel", channel))).FirstOrDefault();

    /// <summary>The latest outages of a channel, newest first.</summary>
    public static ValueTask<List<Outage>> OfChannelAsync(DatabaseSession session, Guid channel, int limit) =>
        session.QueryAsync(OfChannel, row => Read(row, 0), ("channel", channel), ("limit", limit));

    /// <summary>Outages that are over and whose messages are still to be looked for.</summary>
    public static ValueTask<List<Outage>> WithGapsAsync(DatabaseSession session, TenantName tenant, string gateway) =>
        session.QueryAsync(WithGaps, row => Read(row, 0), ("tenant", tenant.ToString()), ("gateway", gateway));

    /// <summary>Deletes the oldest that ended before an instant; never one that goes on.</summary>
    /// <returns>How many went.</returns>
    public static async ValueTask<int> DropAsync(DatabaseSession session, DateTimeOffset before, int limit)
    {
        var lowest = RunId.Lowest(before);
        var old = await session.QueryAsync(Old, row => row.Id(0), ("lowest", lowest), ("before", before), ("limit", limit));
        return await session.ExecuteAsync(Drop, Ids, old);
    }

    /// <summary>An attempt is about to be made: its number is that of the outage's last one.</summary>
    public static ValueTask<int> BeginAttemptAsync(DatabaseSession session, Outage outage) =>
        session.ExecuteAsync(
            AddAttempt,
            ("outage", outage.Id),
            ("number", outage.Attempts),
            ("step", outage.Step!.Value.ToString()),
            ("at", outage.LastAttemptAt)
        );

    /// <summary>What the gateway said to it.</summary>
    public static ValueTask<int> EndAttemptAsync(DatabaseSession session, Guid outage, int number, string? error, DateTimeOffset now) =>
        session.ExecuteAsync(EndAttempt, ("outage", outage), ("number", number), ("error", error), ("now", now));

    /// <summary>What was tried in an outage.</summary>
    public static ValueTask<List<OutageAttempt>> AttemptsAsync(DatabaseSession session, Guid outage) =>
        session.QueryAsync(
            AttemptsOf,
            row => new OutageAttempt(
                row.Int32(0),
                Enum.Parse<CureStep>(row.Text(1)),
                row.Instant(2),
                row.InstantOrNull(3),
                row.TextOrNull(4)
            ),
            ("outage", outage)
        );

    /// <summary>Reads <see cref="Columns"/> from a column on.</summary>
    public static Outage Read(Row row, int at) =>
        new(
            row.Id(at),
            row.Id(at + 1),
            Enum.Parse<SessionState>(row.Text(at + 2)),
            row.Text(at + 3),
            row.Instant(at + 4),
            row.Instant(at + 5)
        )
        {
            EndedAt = row.InstantOrNull(at + 6),
            Attempts = row.Int32(at + 7),
            Step = Parsed<CureStep>(row.TextOrNull(at + 8)),
            OfStep = row.Int32(at + 9),
            LastAttemptAt = row.InstantOrNull(at + 10),
            NextAttemptAt = row.InstantOrNull(at + 11),
            Asked = Parsed<AskFor>(row.TextOrNull(at + 12)),
            AskedAt = row.InstantOrNull(at + 13),
            CuredBy = Parsed<CureStep>(row.TextOrNull(at + 14)),
            Gap = row.TextOrNull(at + 15) is { } word ? ResultOf(word) : null,
            GapFound = row.Int32(at + 16),
            GapDetail = row.TextOrNull(at + 17),
            GapTries = row.Int32(at + 18),
        };

    private static T? Parsed<T>(string? word)
        where T : struct, Enum => word is null ? null : Enum.Parse<T>(word);
}

/// <summary>What was tried once in an outage.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Step">What.</param>
/// <param name="At">When.</param>
/// <param name="EndedAt">When the gateway had answered; null when it never did, or the process ended before.</param>
/// <param name="Error">What the gateway said against it; null when it took it.</param>
public sealed record OutageAttempt(int Number, CureStep Step, DateTimeOffset At, DateTimeOffset? EndedAt, string? Error);

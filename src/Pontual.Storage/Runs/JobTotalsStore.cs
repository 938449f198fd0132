using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>Adds ended runs to their jobs' totals: one update for each job of a batch.</summary>
internal static class JobTotalsStore
{
    private static readonly RowSet<Change> Changes = new(
        ("job_id", ValueKind.Number, change => change.JobId),
        ("ended", ValueKind.Number, change => change.Ended),
        ("keeps_streak", ValueKind.Number, change => change.KeepsStreak ? 1 : 0),
        ("failures", ValueKind.Number, change => change.Failures),
        ("run_id", ValueKind.Id, change => change.Last.RunId),
        ("state", ValueKind.Text, change => RunWords.Of(change.Last.State)),
        ("finished_at", ValueKind.Instant, change => change.Last.At),
        ("started_at", ValueKind.Instant, change => change.LastStartedAt),
        ("took_ms", ValueKind.Number, change => change.TookMs),
        ("lateness_ms", ValueKind.Number, change => change.LatenessMs),
        ("hour", ValueKind.Instant, change => change.Hour),
        ("succeeded", ValueKind.Number, change => change.Counts.Succeeded),
        ("failed", ValueKind.Number, change => change.Counts.Failed),
        ("timeouts", ValueKind.Number, change => change.Counts.Timeouts),
        ("cancelled", ValueKind.Number, change => change.Counts.Cancelled),
        ("duration_ms", ValueKind.Number, change => change.Counts.DurationMs),
        ("longest_ms", ValueKind.Number, change => change.Counts.LongestMs),
        ("items", ValueKind.Number, change => change.Counts.Items)
    );

    // Much longer than usual is both twice as long and a second more, and outside what the runs differ by.
    private const string IsSlow = "rows.took_ms > 2 * usual_ms + 1000 AND rows.took_ms > usual_ms + 4 * spread_ms";

    // How long runs take and by how much they differ, each run weighing an eighth and a quarter, as RFC 6298 does for round trips. One that is slow
    // counts as far as it is not, so that the usual follows a lasting change and not a single run.
    private const string Usual = $"""
        slow_streak = CASE WHEN rows.took_ms IS NULL THEN slow_streak WHEN {IsSlow} THEN slow_streak + 1 ELSE 0 END,
        spread_ms = CASE WHEN rows.took_ms IS NULL THEN spread_ms WHEN usual_ms IS NULL THEN rows.took_ms / 2
            WHEN {IsSlow} THEN (3 * spread_ms + usual_ms + 1000) / 4 ELSE (3 * spread_ms + abs(rows.took_ms - usual_ms)) / 4 END,
        usual_ms = CASE WHEN rows.took_ms IS NULL THEN usual_ms WHEN usual_ms IS NULL THEN rows.took_ms
            WHEN {IsSlow} THEN usual_ms + (usual_ms + 1000) / 8 ELSE usual_ms + (rows.took_ms - usual_ms) / 8 END,
        last_duration_ms = coalesce(rows.took_ms, last_duration_ms), last_lateness_ms = rows.lateness_ms,
        """;

    private const string Sums = $"""
        UPDATE job_state
        SET runs = runs + rows.ended, failure_streak = failure_streak * rows.keeps_streak + rows.failures,
            failing_since = CASE WHEN failure_streak * rows.keeps_streak + rows.failures = 0 THEN NULL
                WHEN rows.keeps_streak = 1 THEN coalesce(failing_since, rows.finished_at) ELSE rows.finished_at END,
            {Usual}
            last_run_id = rows.run_id, last_state = rows.state, last_finished_at = rows.finished_at, last_started_at =
        """;

    private const string IntoHour = """
        INSERT INTO job_hour AS h (job_id, hour, succeeded, failed, timeouts, cancelled, duration_ms, longest_ms, items)
        SELECT rows.job_id, rows.hour, rows.succeeded, rows.failed, rows.timeouts, rows.cancelled, rows.duration_ms, rows.longest_ms, rows.items
        """;

    private const string OntoHour = """
        ON CONFLICT (hour, job_id) DO UPDATE SET succeeded = h.succeeded + excluded.succeeded, failed = h.failed + excluded.failed,
            timeouts = h.timeouts + excluded.timeouts, cancelled = h.cancelled + excluded.cancelled, duration_ms = h.duration_ms + excluded.duration_ms,
            longest_ms = CASE WHEN excluded.longest_ms > h.longest_ms THEN excluded.longest_ms ELSE h.longest_ms END, items = h.items + excluded.items
        """;

    // An hour's row is taken by whoever holds the job's own row, so that here too nobody waits for somebody who waits for him.
    private static readonly Statement Add = new(
        postgreSql: $$"""
        WITH {rows}, changed AS ({{Sums}} rows.started_at FROM rows WHERE job_state.job_id = rows.job_id RETURNING job_state.job_id)
        {{IntoHour}} FROM rows JOIN changed ON changed.job_id = rows.job_id {{OntoHour}}
        """,
        sqlite: $$"""
        WITH {rows} {{Sums}} (SELECT started_at FROM run_history WHERE id = rows.run_id) FROM rows WHERE job_state.job_id = rows.job_id
        """
    );

    private static readonly Statement AddToHours = new($$"""WITH {rows} {{IntoHour}} FROM rows WHERE true {{OntoHour}}""");

    private static readonly Statement OfDay = new(
        """
        SELECT job_hour.job_id, CAST(sum(succeeded) AS bigint), CAST(sum(failed) AS bigint), CAST(sum(timeouts) AS bigint), CAST(sum(cancelled) AS bigint),
            CAST(sum(duration_ms) AS bigint), max(longest_ms), CAST(sum(items) AS bigint)
        FROM job_hour JOIN job ON job.id = job_hour.job_id
        WHERE hour > @since AND job.tenant = @tenant GROUP BY job_hour.job_id
        """
    );

    private static readonly Statement ForgetHours = new("DELETE FROM job_hour WHERE hour < @before");

    /// <param name="session">The transaction.</param>
    /// <param name="ended">Runs that ended by running, in the history already.</param>
    /// <remarks>In the order of jobs, as everybody takes them, so that no two transactions wait for each other.</remarks>
    public static async ValueTask AddAsync(DatabaseSession session, IReadOnlyList<SettledEnd> ended)
    {
        List<Change> changes = [.. ended.GroupBy(end => end.Settled.JobId, Sum).OrderBy(change => change.JobId)];
        await session.ExecuteAsync(Add, Changes, changes);
        if (session.Dialect is Dialect.Sqlite)
        {
            await session.ExecuteAsync(AddToHours, Changes, changes);
        }
    }

    /// <summary>What ended in the last 24 hours.</summary>
    public static async ValueTask<IReadOnlyDictionary<long, DayTotals>> DayAsync(
        DatabaseSession session,
        TenantName tenant,
        DateTimeOffset now
    ) =>
        (
            await session.QueryAsync(
                OfDay,
                row => KeyValuePair.Create(row.Int64(0), ReadDay(row)),
                ("since", now - TimeSpan.FromHours(25)),
                ("tenant", tenant.ToString())
            )
        ).ToDictionary();

    /// <summary>Forgets what ended in hours before an instant.</summary>
    public static ValueTask<int> PruneAsync(DatabaseSession session, DateTimeOffset before) =>
        session.ExecuteAsync(ForgetHours, ("before", before));

    private static DayTotals ReadDay(Row row) =>
        new(
            row.Int32(1),
            row.Int32(2),
            row.Int32(3),
            row.Int32(4),
            TimeSpan.FromMilliseconds(row.Int64(5)),
            TimeSpan.FromMilliseconds(row.Int64(6)),
            row.Int64(7)
        );

    private static Change Sum(long job, IEnumerable<SettledEnd> ended)
    {
        var (count, keepsStreak, failures) = (0L, true, 0);
        var (last, succeeded) = ((SettledEnd?)null, (Settlement?)null);
        var counts = new HourCounts();
        foreach (var end in ended.OrderBy(end => end.Settled.At))
        {
            count++;
            last = end;
            counts = counts.With(end.Settled);
            if (end.Settled.State is RunState.Succeeded)
            {
                (keepsStreak, failures, succeeded) = (false, 0, end.Settled);
            }
            else if (end.Settled.State is RunState.Failed)
            {
                failures++;
            }
        }

        return new Change(job, count, keepsStreak, failures, last!.Settled, last.StartedAt, HourCounts.Took(succeeded), counts);
    }

    /// <summary>What a batch does to one job.</summary>
    private sealed record Change(
        long JobId,
        long Ended,
        bool KeepsStreak,
        int Failures,
        Settlement Last,
        DateTimeOffset? LastStartedAt,
        long? TookMs,
        HourCounts Counts
    )
    {
        public long? LatenessMs => Last is { RunStartedAt: { } start, DueAt: { } due } ? (long)(start - due).TotalMilliseconds : null;

        // All that a batch ends counts in the hour of its last.
        public DateTimeOffset Hour => Last.At.AddTicks(-(Last.At.UtcTicks % TimeSpan.TicksPerHour));
    }

    /// <summary>What ended in an hour.</summary>
    private readonly record struct HourCounts(
        int Succeeded,
        int Failed,
        int Timeouts,
        int Cancelled,
        long DurationMs,
        long LongestMs,
        long Items
    )
    {
        public HourCounts With(Settlement end)
        {
            var took = Took(end) ?? 0;
            var isTimeout = end is { State: RunState.Failed, Reason: RunReason.Timeout };
            return new HourCounts(
                Succeeded + (end.State is RunState.Succeeded ? 1 : 0),
                Failed + (end.State is RunState.Failed && !isTimeout ? 1 : 0),
                Timeouts + (isTimeout ? 1 : 0),
                Cancelled + (end.State is RunState.Cancelled ? 1 : 0),
                DurationMs + took,
                Math.Max(LongestMs, took),
                Items + (end.ItemsProcessed ?? 0)
            );
        }

        public static long? Took(Settlement? end) =>
            end?.AttemptStartedAt is { } began ? Math.Max(0, (long)(end.At - began).TotalMilliseconds) : null;
    }
}

/// <summary>A run that was moved to the history, and when its first attempt began where the database said so.</summary>
internal sealed record SettledEnd(Settlement Settled, DateTimeOffset? StartedAt);

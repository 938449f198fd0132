using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>Gives jobs with a fixed delay their next due time when their run has ended, in the transaction that ended it.</summary>
internal static class DelayStore
{
    private static readonly RowSet<RunEnd> Ends = new(
        ("job_id", ValueKind.Number, end => end.JobId),
        ("at", ValueKind.Instant, end => end.At),
        ("started", ValueKind.Instant, end => end.StartedAt)
    );

    // A job that has its next due time already keeps it, unless it counts from starts, of which this was one; and while another run of its schedule
    // is alive, that one's end decides.
    private const string IfNoneLives = """
        FROM ended
        WHERE job_state.job_id = ended.job_id AND delay_ms IS NOT NULL AND (next_due IS NULL OR (from_start = 1 AND started IS NOT NULL))
        AND NOT EXISTS (SELECT 1 FROM run WHERE run.job_id = job_state.job_id AND run.trigger = 'schedule')
        """;

    // Runs end in real time, and due times are scheduled time: the same, unless the database has a pace.
    private static readonly Statement GoOn = new(
        postgreSql: $$"""
        WITH {rows}, ended AS (
            SELECT job_id, coalesce((
                SELECT origin + make_interval(secs => (extract(epoch FROM rows.at - began) * speed)::double precision) FROM schedule_pace), at) AS at,
                coalesce((SELECT origin + make_interval(secs => (extract(epoch FROM rows.started - began) * speed)::double precision)
                    FROM schedule_pace), started) AS started
            FROM rows)
        UPDATE job_state SET mark = greatest(mark, ended.at),
            next_due = CASE WHEN from_start = 1 AND started IS NOT NULL
                THEN greatest(started + delay_ms * interval '1 millisecond', ended.at)
                ELSE ended.at + delay_ms * interval '1 millisecond' END {{IfNoneLives}}
        """,
        sqlite: $$"""
        WITH {rows}, ended AS (
            SELECT job_id, coalesce((SELECT origin + (rows.at - began) * speed FROM schedule_pace), at) AS at,
                coalesce((SELECT origin + (rows.started - began) * speed FROM schedule_pace), started) AS started
            FROM rows)
        UPDATE job_state SET mark = max(mark, ended.at),
            next_due = CASE WHEN from_start = 1 AND started IS NOT NULL
                THEN max(started + delay_ms * 1000, ended.at) ELSE ended.at + delay_ms * 1000 END {{IfNoneLives}}
        """
    );

    /// <summary>Goes on from the last of the ends of each job. Cheap where a job has no delay.</summary>
    public static ValueTask<int> GoOnAsync(DatabaseSession session, IEnumerable<RunEnd> ends) =>
        session.ExecuteAsync(GoOn, Ends, [.. ends.GroupBy(end => end.JobId, (_, of) => of.MaxBy(end => end.At)!)]);
}

/// <summary>A run of a job left the hot table for good.</summary>
/// <param name="JobId">Whose.</param>
/// <param name="At">When.</param>
/// <param name="StartedAt">When it began; null when it never did.</param>
internal sealed record RunEnd(long JobId, DateTimeOffset At, DateTimeOffset? StartedAt);

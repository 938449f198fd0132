using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>A row of the hot table.</summary>
internal sealed record HotRow(
    Run Run,
    long LeaseToken,
    DateTimeOffset? AttemptStartedAt,
    string? CancelReason,
    DateTimeOffset? ClaimAt,
    int? Slots,
    DateTimeOffset? LimitAt
)
{
    /// <summary>Its place in the line of its limit: what it has from before, or its place among claims; kept when a claim takes it.</summary>
    public DateTimeOffset? Place => LimitAt ?? ClaimAt;

    /// <summary>The row once a claim has taken it.</summary>
    public HotRow Claimed(string node, DateTimeOffset now)
    {
        var begins = Run.NotBefore > now ? Run.NotBefore.Value : now;
        return this with
        {
            Run = Run with { State = RunState.Running, Attempt = Run.Attempt + 1, Node = node, StartedAt = Run.StartedAt ?? begins },
            LeaseToken = LeaseToken + 1,
            AttemptStartedAt = begins,
            ClaimAt = now,
            LimitAt = Place,
            CancelReason = null,
        };
    }

    /// <summary>The run with the job it belongs to.</summary>
    public LeasedRun Lease(Job job) =>
        new(Run with { Job = job.Name }, job, LeaseToken, AttemptStartedAt ?? Run.DueAt)
        {
            CancelReason = CancelReason,
            IsArmed = AttemptStartedAt > ClaimAt,
            TakesSlot = Slots is not null,
        };
}

/// <summary>The columns of the hot table in one order, and how a run is read from them. The job's name is filled in by the caller.</summary>
internal static class HotRunReader
{
    public const string Columns = """
        run.id, run.job_id, run.trigger, run.due_at, run.state, run.reason, run.attempt, run.not_before, run.queue, run.priority,
        run.parameters, run.started_at, run.node, run.response_code, run.error, run.lease_token, run.attempt_started_at, run.cancel_reason,
        run.claim_at, run.slots, run.limit_at, run.limit_key
        """;

    /// <summary>How many columns these are: the place of the next one.</summary>
    public const int Width = 22;

    public static HotRow Read(Row row)
    {
        var run = new Run
        {
            Id = row.Id(0),
            JobId = row.Int64(1),
            Job = default,
            Trigger = RunWords.Trigger(row.Text(2)),
            DueAt = row.Instant(3),
            State = RunWords.State(row.Text(4)),
            Reason = row.TextOrNull(5),
            Attempt = row.Int32(6),
            NotBefore = row.InstantOrNull(7),
            Queue = row.Text(8),
            Priority = row.Int32(9),
            Parameters = row.TextOrNull(10),
            StartedAt = row.InstantOrNull(11),
            Node = row.TextOrNull(12),
            ResponseCode = row.Int32OrNull(13),
            Error = row.TextOrNull(14),
            LimitKey = row.TextOrNull(21),
        };
        return new HotRow(
            run,
            row.Int64(15),
            row.InstantOrNull(16),
            row.TextOrNull(17),
            row.InstantOrNull(18),
            row.Int32OrNull(19),
            row.InstantOrNull(20)
        );
    }
}

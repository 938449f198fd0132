using Pontual.Engine.Runs;
using Pontual.Server.Api;

namespace Pontual.Server.Health;

/// <summary>How each job is.</summary>
internal sealed record JobsHealthView(
    string Status,
    DateTimeOffset CheckedAt,
    IReadOnlyDictionary<string, int> Summary,
    IReadOnlyDictionary<string, JobHealthView> Jobs
)
{
    public static JobsHealthView Of(JobsCondition condition, IReadOnlyDictionary<long, DayTotals> day) =>
        new(
            condition.Status,
            condition.At,
            HealthView.Counts(condition),
            condition.Jobs.ToDictionary(
                job => job.Job.Name.Text,
                job => JobHealthView.Of(job, day.GetValueOrDefault(job.Job.Id) ?? DayTotals.None)
            )
        );
}

/// <summary>How a job is. <c>sla_seconds</c> is how long after its due time a run may start; durations are of successful runs.</summary>
internal sealed record JobHealthView(
    string Status,
    bool Critical,
    DateTimeOffset? LastRun,
    string? LastState,
    DateTimeOffset? NextRun,
    long Runs,
    int FailureStreak,
    DateTimeOffset? FailingSince,
    long SlaSeconds,
    long? LastDurationMs,
    long? UsualDurationMs,
    long? LastLatenessMs,
    DayView LastDay
)
{
    public static JobHealthView Of(JobCondition condition, DayTotals day) =>
        new(
            condition.Status,
            condition.Job.Definition.Critical,
            condition.LastStart,
            condition.Job.Totals.LastState is { } state ? Words.Of(state) : null,
            condition.NextRun,
            condition.Job.Totals.Runs,
            condition.Job.Totals.FailureStreak,
            condition.Job.Totals.FailingSince,
            (long)condition.Slack.TotalSeconds,
            (long?)condition.Job.Totals.LastDuration?.TotalMilliseconds,
            (long?)condition.Job.Totals.Usual?.TotalMilliseconds,
            (long?)condition.Job.Totals.LastLateness?.TotalMilliseconds,
            DayView.Of(day)
        );
}

/// <summary>What ended in the last 24 hours, by whole hours. Kept as it ends, not counted.</summary>
internal sealed record DayView(
    int Runs,
    int Succeeded,
    int Failed,
    int Timeouts,
    int Cancelled,
    long AverageMs,
    long LongestMs,
    long ItemsProcessed
)
{
    public static DayView Of(DayTotals day) =>
        new(
            day.Ended,
            day.Succeeded,
            day.Failed,
            day.Timeouts,
            day.Cancelled,
            day.Ended == 0 ? 0 : (long)day.Duration.TotalMilliseconds / day.Ended,
            (long)day.Longest.TotalMilliseconds,
            day.Items
        );
}

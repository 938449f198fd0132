using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Events;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>Writes what happens to runs to the event log, in the transaction in which it happens.</summary>
internal static class RunEventsStore
{
    /// <summary>Runs were added.</summary>
    public static ValueTask QueuedAsync(DatabaseSession session, IReadOnlyList<NewRun> runs, DateTimeOffset now)
    {
        var lines = new EventLines();
        foreach (var run in runs)
        {
            lines
                .Run(EventKind.RunQueued, now, run.Id, run.Job.Id)
                .With(EventField.Trigger, RunWords.Of(run.Trigger))
                .With(EventField.ScheduledFor, run.DueAt)
                .With(EventField.NotBefore, run.NotBefore == LimitRowStore.Never ? null : run.NotBefore);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    /// <summary>Planned runs are no more.</summary>
    public static ValueTask WithdrawnAsync(DatabaseSession session, IEnumerable<(Guid Id, long Job)> runs, DateTimeOffset now)
    {
        var lines = new EventLines();
        foreach (var (id, job) in runs)
        {
            lines.Run(EventKind.RunWithdrawn, now, id, job);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    /// <summary>A claim took runs; those that are armed start when their time comes.</summary>
    public static ValueTask StartedAsync(DatabaseSession session, IReadOnlyList<HotRow> taken, ClaimRequest claim)
    {
        var lines = new EventLines();
        foreach (var row in taken)
        {
            lines
                .Run(EventKind.RunStarted, claim.Now, row.Run.Id, row.Run.JobId, claim.Node)
                .With(EventField.Attempt, row.Run.Attempt)
                .With(EventField.ScheduledFor, row.Run.DueAt)
                .With(EventField.StartedAt, row.AttemptStartedAt);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    /// <summary>Attempts were settled.</summary>
    public static ValueTask SettledAsync(DatabaseSession session, IReadOnlyList<Settlement> written)
    {
        var lines = new EventLines();
        foreach (var settled in written.OrderBy(settled => settled.State))
        {
            lines
                .Run(KindOf(settled), settled.At, settled.RunId, settled.JobId, settled.Node)
                .With(EventField.Attempt, settled.Attempt)
                .With(EventField.Reason, settled.Reason)
                .With(EventField.ScheduledFor, settled.DueAt)
                .With(EventField.NotBefore, settled.NotBefore)
                .With(EventField.DurationMs, settled.AttemptStartedAt is { } began ? (long)(settled.At - began).TotalMilliseconds : null)
                .With(EventField.ResponseCode, settled.ResponseCode)
                .With(EventField.Error, settled.Error)
                .With(EventField.ItemsProcessed, settled.ItemsProcessed);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    /// <summary>Runs ended without an attempt's outcome.</summary>
    public static ValueTask EndedAsync(
        DatabaseSession session,
        IEnumerable<(Guid Id, long Job)> runs,
        RunState state,
        string reason,
        DateTimeOffset now
    )
    {
        var lines = new EventLines();
        foreach (var (id, job) in runs)
        {
            lines.Run(KindOf(state), now, id, job).With(EventField.Reason, reason);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    /// <summary>Occurrences were skipped.</summary>
    public static ValueTask SkippedAsync(DatabaseSession session, IReadOnlyList<(Job Job, SkippedStretch Skip)> skips, DateTimeOffset now)
    {
        var lines = new EventLines();
        foreach (var (job, skip) in skips)
        {
            lines
                .Run(EventKind.RunSkipped, now, skip.Id, job.Id)
                .With(EventField.Reason, skip.Reason)
                .With(EventField.ScheduledFor, skip.First)
                .With(EventField.ScheduledUntil, skip.Last > skip.First ? skip.Last : (DateTimeOffset?)null)
                .With(EventField.Count, skip.Count);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    private static string KindOf(Settlement settled) =>
        settled.IsFinal ? KindOf(settled.State)
        : settled.AttemptStartedAt is null ? EventKind.RunTakenBack
        : EventKind.RunRetrying;

    private static string KindOf(RunState state) =>
        state switch
        {
            RunState.Succeeded => EventKind.RunSucceeded,
            RunState.Failed => EventKind.RunFailed,
            RunState.Cancelled => EventKind.RunCancelled,
            RunState.Skipped => EventKind.RunSkipped,
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };
}

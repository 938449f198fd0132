using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Storage.Database;
using Pontual.Storage.Events;

namespace Pontual.Storage.Jobs;

/// <summary>Writes what happens to jobs to the event log, in the transaction in which it happens.</summary>
internal static class JobEventsStore
{
    /// <summary>Definitions were put or removed.</summary>
    public static ValueTask ChangedAsync(
        DatabaseSession session,
        IReadOnlyList<JobChanged> changes,
        Func<JobName, long> idOf,
        DateTimeOffset now
    )
    {
        var lines = new EventLines();
        foreach (var change in changes)
        {
            if (KindOf(change.Change) is { } kind)
            {
                lines.Named(kind, now, change.Name.Text, idOf(change.Name)).With(EventField.Revision, change.Revision);
            }
        }

        return NewEventsStore.WriteAsync(session, lines);
    }

    /// <summary>A job was paused, or goes on.</summary>
    public static ValueTask PausedAsync(DatabaseSession session, Job job, Pause? pause, DateTimeOffset now) =>
        NewEventsStore.WriteAsync(
            session,
            new EventLines()
                .Named(pause is null ? EventKind.JobResumed : EventKind.JobPaused, now, job.Name.Text, job.Id)
                .With(EventField.Reason, pause?.Reason)
                .With(EventField.By, pause?.By)
                .With(EventField.Until, pause?.Until)
        );

    /// <summary>A job was reset.</summary>
    public static ValueTask ResetAsync(DatabaseSession session, Job job, DateTimeOffset now) =>
        NewEventsStore.WriteAsync(session, new EventLines().Named(EventKind.JobReset, now, job.Name.Text, job.Id));

    private static string? KindOf(JobChange change) =>
        change switch
        {
            JobChange.Created => EventKind.JobCreated,
            JobChange.Updated => EventKind.JobUpdated,
            JobChange.Removed => EventKind.JobRemoved,
            _ => null,
        };
}

namespace Pontual.Engine.Events;

/// <summary>The words for what happens. The part before the dot names the topic (<see cref="EventTopic.Of"/>).</summary>
public static class EventKind
{
    /// <summary>A run waits: for its time, or for others.</summary>
    public const string RunQueued = "run.queued";

    /// <summary>A node took a run, to start at the instant that the event tells: now, or a moment ahead.</summary>
    public const string RunStarted = "run.started";

    /// <summary>A run that a node had taken did not begin, and waits again as before.</summary>
    public const string RunTakenBack = "run.taken-back";

    /// <summary>A run that waited for its time is not planned any more: its job was changed.</summary>
    public const string RunWithdrawn = "run.withdrawn";

    /// <summary>An attempt failed or was interrupted, and another one follows.</summary>
    public const string RunRetrying = "run.retrying";

    /// <summary>Occurrences were skipped.</summary>
    public const string RunSkipped = "run.skipped";

    /// <summary>A run was cancelled.</summary>
    public const string RunCancelled = "run.cancelled";

    /// <summary>A run ended well.</summary>
    public const string RunSucceeded = "run.succeeded";

    /// <summary>A run failed for good.</summary>
    public const string RunFailed = "run.failed";

    /// <summary>A job was defined.</summary>
    public const string JobCreated = "job.created";

    /// <summary>A job's definition was changed.</summary>
    public const string JobUpdated = "job.updated";

    /// <summary>A job was removed.</summary>
    public const string JobRemoved = "job.removed";

    /// <summary>A job was paused.</summary>
    public const string JobPaused = "job.paused";

    /// <summary>A job goes on.</summary>
    public const string JobResumed = "job.resumed";

    /// <summary>A job was reset.</summary>
    public const string JobReset = "job.reset";

    /// <summary>A node joined.</summary>
    public const string NodeJoined = "node.joined";

    /// <summary>A node left by itself.</summary>
    public const string NodeLeft = "node.left";

    /// <summary>A node's lease ended without a word of it.</summary>
    public const string NodeLost = "node.lost";

    /// <summary>The limit of a queue was set or taken away.</summary>
    public const string QueueLimited = "queue.limited";

    /// <summary>Something is wrong.</summary>
    public const string AlertOpened = "alert.opened";

    /// <summary>It is over.</summary>
    public const string AlertResolved = "alert.resolved";

    /// <summary>Somebody took note of it.</summary>
    public const string AlertAcknowledged = "alert.acknowledged";

    /// <summary>Somebody keeps it quiet for a while, or no longer.</summary>
    public const string AlertSnoozed = "alert.snoozed";

    /// <summary>A check was defined.</summary>
    public const string CheckCreated = "check.created";

    /// <summary>A check's definition was changed.</summary>
    public const string CheckUpdated = "check.updated";

    /// <summary>A check was removed.</summary>
    public const string CheckRemoved = "check.removed";

    /// <summary>A check waits for no reports.</summary>
    public const string CheckPaused = "check.paused";

    /// <summary>A check waits for reports again.</summary>
    public const string CheckResumed = "check.resumed";

    /// <summary>A check has other keys.</summary>
    public const string CheckRotated = "check.rotated";

    /// <summary>What something else runs said that it began.</summary>
    public const string CheckStarted = "check.started";

    /// <summary>What something else runs said that it ended well.</summary>
    public const string CheckSucceeded = "check.succeeded";

    /// <summary>What something else runs said that it failed.</summary>
    public const string CheckFailed = "check.failed";

    /// <summary>A channel has got into another state.</summary>
    public const string ChannelChanged = "channel.changed";

    /// <summary>A step was tried to bring a channel back.</summary>
    public const string ChannelTried = "channel.tried";

    /// <summary>A channel was paused.</summary>
    public const string ChannelPaused = "channel.paused";

    /// <summary>A channel goes on.</summary>
    public const string ChannelResumed = "channel.resumed";
}

namespace Pontual.Engine.Alerts;

/// <summary>The words for what can be wrong. Settings of alerts and docs/reference/alerts.md name these.</summary>
public static class AlertRule
{
    /// <summary>A due time passed by more than the job's slack and no run of it started.</summary>
    public const string JobStale = "job-stale";

    /// <summary>As <see cref="JobStale"/>, and a run that began before still goes on: it hangs, and keeps the next one from starting.</summary>
    public const string JobStuck = "job-stuck";

    /// <summary>A job's last runs failed, as many in a row as the settings say.</summary>
    public const string JobFailing = "job-failing";

    /// <summary>A job's last runs took much longer than it usually does.</summary>
    public const string JobSlow = "job-slow";

    /// <summary>Runs of a queue wait longer than the settings say.</summary>
    public const string QueueWaiting = "queue-waiting";

    /// <summary>A node's lease ended without a word of it, and none has taken its place.</summary>
    public const string NodeLost = "node-lost";

    /// <summary>There are jobs, and no node that plans them.</summary>
    public const string NoScheduler = "no-scheduler";

    /// <summary>A node's clock differs from the database's.</summary>
    public const string ClockOff = "clock-off";

    /// <summary>The database answers a node's heartbeats slowly.</summary>
    public const string DatabaseSlow = "database-slow";

    /// <summary>The disk of a node's data folder is nearly full.</summary>
    public const string DiskFull = "disk-full";

    /// <summary>A route of alerts takes none.</summary>
    public const string AlertRouteDown = "alert-route-down";

    /// <summary>A part of the watch itself fails, so that what it would find is not found.</summary>
    public const string WatchFailed = "watch-failed";

    /// <summary>Nothing ran for a while: what was missed, and what became of it. Told once, after the return.</summary>
    public const string Outage = "outage";

    /// <summary>The circuit of a target host is open.</summary>
    public const string TargetDown = "target-down";

    /// <summary>The circuit of an outside dependency is open.</summary>
    public const string CircuitOpen = "circuit-open";

    /// <summary>A host answers "too many requests" again and again.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>What something else runs has not called in time.</summary>
    public const string CheckLate = "check-late";

    /// <summary>What something else runs said that it failed.</summary>
    public const string CheckFailing = "check-failing";

    /// <summary>A gateway of WhatsApp does not answer as it should: nothing is known of its sessions.</summary>
    public const string GatewayDown = "gateway-down";

    /// <summary>A channel does not work, and no step has helped yet.</summary>
    public const string ChannelDown = "channel-down";

    /// <summary>A channel has to be paired with the phone.</summary>
    public const string ChannelUnpaired = "channel-unpaired";

    /// <summary>Another session of the same account has a channel's place.</summary>
    public const string ChannelConflict = "channel-conflict";

    /// <summary>The platform restricts what a channel may send.</summary>
    public const string ChannelRestricted = "channel-restricted";

    /// <summary>The platform has probably blocked a channel's number.</summary>
    public const string ChannelBanned = "channel-banned";

    /// <summary>A channel did not work for a while, and messages of that time cannot be looked for.</summary>
    public const string MessagesMissed = "messages-missed";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        JobStale,
        JobStuck,
        JobFailing,
        JobSlow,
        QueueWaiting,
        NodeLost,
        NoScheduler,
        ClockOff,
        DatabaseSlow,
        DiskFull,
        AlertRouteDown,
        WatchFailed,
        Outage,
        TargetDown,
        CircuitOpen,
        RateLimited,
        CheckLate,
        CheckFailing,
        GatewayDown,
        ChannelDown,
        ChannelUnpaired,
        ChannelConflict,
        ChannelRestricted,
        ChannelBanned,
        MessagesMissed,
    ];
}

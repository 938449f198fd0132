namespace Pontual.Client;

/// <summary>How each job is.</summary>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>critical</c>.</param>
/// <param name="CheckedAt">When that was judged.</param>
/// <param name="Summary">How many jobs have each status.</param>
/// <param name="Jobs">By name.</param>
public sealed record JobsHealth(
    string Status,
    DateTimeOffset CheckedAt,
    IReadOnlyDictionary<string, int> Summary,
    IReadOnlyDictionary<string, JobHealth> Jobs
);

/// <summary>How a job is.</summary>
/// <param name="Status"><c>fresh</c>, <c>late</c>, <c>stale</c>, <c>failing</c>, <c>never-ran</c> or <c>paused</c>.</param>
/// <param name="Critical">Whether it makes the whole system critical when it is stale or failing.</param>
/// <param name="LastRun">When a run of it last started; null for never.</param>
/// <param name="LastState">What its last ended run came to; null for none.</param>
/// <param name="NextRun">When it is due next; null when that is not known.</param>
/// <param name="Runs">How many runs have ended.</param>
/// <param name="FailureStreak">Failed runs since the last that succeeded.</param>
/// <param name="FailingSince">When the first of them ended; null for none.</param>
/// <param name="SlaSeconds">How long after its due time a run may start before the job is stale.</param>
/// <param name="LastDurationMs">How long the last successful run took; null before the first.</param>
/// <param name="UsualDurationMs">How long they usually take; null before the first.</param>
/// <param name="LastLatenessMs">How long after its due time the run that ended last began; null before the first.</param>
/// <param name="LastDay">What ended in the last 24 hours.</param>
public sealed record JobHealth(
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
    JobDay LastDay
);

/// <summary>What ended in the last 24 hours, by whole hours.</summary>
/// <param name="Runs">All.</param>
/// <param name="Succeeded">Those that ended well.</param>
/// <param name="Failed">Those that failed otherwise than by timeout.</param>
/// <param name="Timeouts">Those that failed by timeout.</param>
/// <param name="Cancelled">Those that were cancelled after they began.</param>
/// <param name="AverageMs">How long they took on average.</param>
/// <param name="LongestMs">How long the longest took.</param>
/// <param name="ItemsProcessed">What they said they processed.</param>
public sealed record JobDay(
    int Runs,
    int Succeeded,
    int Failed,
    int Timeouts,
    int Cancelled,
    long AverageMs,
    long LongestMs,
    long ItemsProcessed
);

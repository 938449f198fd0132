namespace Pontual.Engine.Checks;

/// <summary>What the pings of a check came to so far, and what it owes. Pure.</summary>
/// <param name="DueAt">When its next report is due; null when none is any more.</param>
/// <param name="AlertAfter">When it is down unless it reports: the end of the grace of <paramref name="DueAt"/>, or of the run that goes on, whichever comes first. Null for never.</param>
public sealed record CheckProgress(DateTimeOffset? DueAt, DateTimeOffset? AlertAfter)
{
    /// <summary>How many pings there were.</summary>
    public long Pings { get; init; }

    /// <summary>When the last one came; null before the first.</summary>
    public DateTimeOffset? LastPingAt { get; init; }

    /// <summary>When the last report of an end came; null before the first.</summary>
    public DateTimeOffset? LastEndAt { get; init; }

    /// <summary>Exit code of that report; null when it named none.</summary>
    public int? LastCode { get; init; }

    /// <summary>How long the last run took that told its start and its end; null before the first.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>When the run began that goes on; null for none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Which run goes on; null when it did not say.</summary>
    public Guid? StartedRun { get; init; }

    /// <summary>Failures reported since the last success.</summary>
    public int Failures { get; init; }

    /// <summary>When the first of them came; null for none.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>A check that was just defined: it owes its first report from now on.</summary>
    public static CheckProgress Of(CheckDefinition definition, DateTimeOffset now) => new CheckProgress(null, null).Anew(definition, now);

    /// <summary>How it stands, were it not paused.</summary>
    public CheckState StateAt(DateTimeOffset now) =>
        now > AlertAfter ? CheckState.Down
        : Failures > 0 ? CheckState.Failing
        : StartedAt is not null ? CheckState.Started
        : now >= DueAt ? CheckState.Late
        : LastEndAt is null ? CheckState.New
        : CheckState.Up;

    /// <summary>What it owes from an instant on, by a definition that begins to hold, or to hold again, then.</summary>
    public CheckProgress Anew(CheckDefinition definition, DateTimeOffset now) =>
        this with
        {
            StartedAt = null,
            StartedRun = null,
            DueAt = definition.DueAfter(now),
            AlertAfter = definition.DueAfter(now) + definition.GraceAt(now),
        };

    /// <summary>What a ping makes of it, and the ping with the duration that is known now.</summary>
    /// <param name="ping">The ping.</param>
    /// <param name="definition">The definition that holds.</param>
    /// <param name="startedAt">When the run began that an end names and that is not the latest; null otherwise.</param>
    internal (CheckProgress Progress, Ping Ping) After(Ping ping, CheckDefinition definition, DateTimeOffset? startedAt)
    {
        var counted = this with { Pings = Pings + 1, LastPingAt = ping.At };
        return ping.Kind is PingKind.Start ? (counted.Started(ping, definition), ping) : counted.Ended(ping, definition, startedAt);
    }

    /// <summary>Whether an end is that of the run that goes on: one that does not name its run is.</summary>
    internal bool Ends(Ping end) => StartedAt is not null && (end.Run is null || end.Run == StartedRun);

    private CheckProgress Started(Ping start, CheckDefinition definition) =>
        this with
        {
            StartedAt = start.At,
            StartedRun = start.Run,
            // A start is no report of an end: what begins over and over and never ends is down when its report is overdue.
            AlertAfter = Earlier(DueAt, start.At) + definition.GraceAt(start.At),
        };

    private (CheckProgress Progress, Ping Ping) Ended(Ping end, CheckDefinition definition, DateTimeOffset? startedAt)
    {
        var isOfLatest = Ends(end);
        var duration = end.At - (isOfLatest ? StartedAt : startedAt);
        var failed = end.Kind is PingKind.Failure;
        var goesOn = isOfLatest ? null : StartedAt;
        var due = definition.DueAfter(end.At);
        var progress = this with
        {
            LastEndAt = end.At,
            LastCode = end.Code,
            LastDuration = duration ?? LastDuration,
            StartedAt = goesOn,
            StartedRun = isOfLatest ? null : StartedRun,
            Failures = failed ? Failures + 1 : 0,
            FailingSince = failed ? FailingSince ?? end.At : null,
            DueAt = due,
            AlertAfter = (goesOn is { } began ? Earlier(due, began) : due) + definition.GraceAt(end.At),
        };
        return (progress, end with { Duration = duration });
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}

namespace Pontual.Client;

/// <summary>Something that is or was wrong.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>open</c>, <c>acknowledged</c> or <c>resolved</c>.</param>
/// <param name="Rule">What sort of thing: <c>job-stale</c>, <c>node-lost</c>.</param>
/// <param name="Subject">What it is about: a job's name, a node, a host.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Summary">One sentence with the reason.</param>
/// <param name="Facts">What else is known.</param>
/// <param name="Since">From when on it was so, where that is known.</param>
/// <param name="OpenedAt">When it was first found.</param>
/// <param name="SeenAt">When it was last written that it is still found.</param>
/// <param name="ResolvedAt">When it was over; null while it is open.</param>
/// <param name="AcknowledgedAt">When somebody took note of it; null for nobody.</param>
/// <param name="AcknowledgedBy">Who.</param>
/// <param name="Comment">What they said.</param>
/// <param name="SnoozedUntil">Nobody is told before this; null when they are.</param>
/// <param name="Quiet">Why nobody is told of it now; null when they are.</param>
public sealed record Alert(
    Guid Id,
    string State,
    string Rule,
    string Subject,
    string Severity,
    string Summary,
    IReadOnlyDictionary<string, string> Facts,
    DateTimeOffset? Since,
    DateTimeOffset OpenedAt,
    DateTimeOffset SeenAt,
    DateTimeOffset? ResolvedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    string? Comment,
    DateTimeOffset? SnoozedUntil,
    string? Quiet
);

/// <summary>An alert and what became of its notices.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Notices">First to last.</param>
public sealed record AlertDetail(Alert Alert, IReadOnlyList<Notice> Notices);

/// <summary>What became of a notice.</summary>
/// <param name="Id">What receivers tell repeated deliveries apart by.</param>
/// <param name="Route">Whom it was for.</param>
/// <param name="Kind"><c>opened</c>, <c>escalated</c>, <c>worse</c>, <c>repeated</c> or <c>resolved</c>.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Tries">Deliveries begun.</param>
/// <param name="SentAt">When it was taken; null while it was not.</param>
/// <param name="NextAt">When it is tried next; null when it is over.</param>
/// <param name="Error">Why it was not taken last.</param>
public sealed record Notice(
    Guid Id,
    string Route,
    string Kind,
    DateTimeOffset At,
    int Tries,
    DateTimeOffset? SentAt,
    DateTimeOffset? NextAt,
    string? Error
);

/// <summary>What somebody says who takes note of an alert.</summary>
/// <param name="Comment">What is done about it.</param>
public sealed record AlertNote(string? Comment);

/// <summary>How long nobody is told of an alert; neither ends a snooze.</summary>
/// <param name="For">A duration, such as <c>2h</c>.</param>
/// <param name="Until">An instant.</param>
public sealed record SnoozeWish(string? For = null, DateTimeOffset? Until = null);

/// <summary>A stretch in which nobody is told of some alerts.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Rules">Of which rules; empty for all.</param>
/// <param name="Subjects">About what; empty for all.</param>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who said so.</param>
public sealed record Silence(
    Guid Id,
    IReadOnlyList<string> Rules,
    IReadOnlyList<string> Subjects,
    DateTimeOffset From,
    DateTimeOffset Until,
    string Reason,
    string By
);

/// <summary>A silence to make.</summary>
/// <param name="Reason">Why: whoever wonders later reads it.</param>
public sealed record SilenceWish(string Reason)
{
    /// <summary>For how long, such as <c>2h</c>; or give <see cref="Until"/>.</summary>
    public string? For { get; init; }

    /// <summary>Until when; or give <see cref="For"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>From when on; null for now.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Of which rules, <c>*</c> for any text; null for all.</summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>About what, <c>*</c> for any text; null for all.</summary>
    public IReadOnlyList<string>? Subjects { get; init; }
}

/// <summary>What came of trying a route.</summary>
/// <param name="Route">Its name.</param>
/// <param name="Taken">Whether it took the test.</param>
/// <param name="Error">Why not; null when it did.</param>
public sealed record RouteTrial(string Route, bool Taken, string? Error);

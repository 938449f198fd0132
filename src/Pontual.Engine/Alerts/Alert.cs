namespace Pontual.Engine.Alerts;

/// <summary>Something that was wrong, from the first look that found it to the first that did not.</summary>
/// <param name="Id">UUIDv7 of the instant it was opened.</param>
/// <param name="Key">What it is told apart by.</param>
/// <param name="Severity">How bad it is, by the last look.</param>
/// <param name="Summary">Why, by the last look.</param>
/// <param name="OpenedAt">When it was first found.</param>
/// <param name="SeenAt">When it was last written that it is still found; refreshed now and then, not with each look.</param>
public sealed record Alert(Guid Id, AlertKey Key, Severity Severity, string Summary, DateTimeOffset OpenedAt, DateTimeOffset SeenAt)
{
    /// <summary>Names and values for people and templates.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>Since when it was so before it was found, where that is known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Since when it is not found any more; null while it is found. A single look does not end it.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>When it was over; null while it is open.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Who took note of it; null while nobody did.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>Nobody is told of it before this; null: they are.</summary>
    public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>Why nobody is told of it now; null when they are.</summary>
    public string? Quiet { get; init; }

    /// <summary>What explains it.</summary>
    public AlertKey? Parent { get; init; }
}

/// <summary>Somebody took note of an alert: it is repeated and escalated no more.</summary>
public sealed record Acknowledgement(DateTimeOffset At, string By, string? Comment);

/// <summary>A stretch in which nobody is told of some alerts: a maintenance window. They are opened and resolved all the same.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tenant">Whose alerts.</param>
/// <param name="Rules">Rules, <c>*</c> for any text; empty for all.</param>
/// <param name="Subjects">Subjects, <c>*</c> for any text; empty for all.</param>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who said so.</param>
public sealed record Silence(
    Guid Id,
    Tenants.TenantName Tenant,
    IReadOnlyList<string> Rules,
    IReadOnlyList<string> Subjects,
    DateTimeOffset From,
    DateTimeOffset Until,
    string Reason,
    string By
)
{
    /// <summary>Whether it covers an alert at an instant.</summary>
    public bool Covers(AlertKey key, DateTimeOffset at) =>
        key.Tenant == Tenant
        && From <= at
        && at < Until
        && Wildcard.MatchesAny(Rules, key.Rule)
        && Wildcard.MatchesAny(Subjects, key.Subject);
}

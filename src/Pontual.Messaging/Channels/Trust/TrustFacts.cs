namespace Pontual.Messaging.Channels.Trust;

/// <summary>All that a channel's trust score is judged by. What is not known is null, and counts neither for nor against it.</summary>
public sealed record TrustFacts
{
    /// <summary>How long it has been in use; null when that is not known.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Whether an operator declared that, and our records do not show it.</summary>
    public bool IsAgeDeclared { get; init; }

    /// <summary>Of the last 7 days: outages that the session brought on itself, and times it was found a zombie; null when nobody watched.</summary>
    public int? Outages { get; init; }

    /// <summary>Of the last 7 days: the share of the watched time in which it worked, 0 to 1; null when nobody watched.</summary>
    public double? Uptime { get; init; }

    /// <summary>Of the last 7 days: messages sent, and how many of them the platform took.</summary>
    public Share Delivered { get; init; }

    /// <summary>Of the last 7 days: messages sent, and how many of them were for numbers that do not exist.</summary>
    public Share Invalid { get; init; }

    /// <summary>Of the last 14 days: people whom we wrote first, and how many of them answered within 48 hours.</summary>
    public Share Replied { get; init; }

    /// <summary>Of the last 14 days: people whom we wrote first, and how many of them want nothing from us, or blocked us.</summary>
    public Share OptedOut { get; init; }

    /// <summary>Of the last 7 days: messages sent, and how many of them began a conversation.</summary>
    public Share Cold { get; init; }

    /// <summary>The platform's quota of new conversations: what may be used, and what is; none where it tells of no quota.</summary>
    public Share Quota { get; init; }

    /// <summary>Messages sent within 24 hours.</summary>
    public int Sent { get; init; }

    /// <summary>Most messages of a day at its step of the warm-up; null where there is no such step.</summary>
    public int? DailyCap { get; init; }

    /// <summary>The median of messages a day of the 7 days before; null when there were not as many.</summary>
    public double? UsualSent { get; init; }

    /// <summary>Within 24 hours: first messages to people, and how many of them were word for word the same.</summary>
    public Share Identical { get; init; }

    /// <summary>Whether its gateway tells what the platform restricts. Where it does not, nothing is known of that; which is not the same as nothing.</summary>
    public bool TellsRestrictions { get; init; }

    /// <summary>What the platform says, or the evidence shows, at its worst; null for nothing.</summary>
    public TrustAlarm? Alarm { get; init; }

    /// <summary>When the platform last restricted or warned; null for never.</summary>
    public DateTimeOffset? AlarmedAt { get; init; }
}

/// <summary>Some of a number of things.</summary>
/// <param name="All">How many there are.</param>
/// <param name="Some">How many of them it is about; at most <paramref name="All"/>.</param>
public readonly record struct Share(int All, int Some)
{
    /// <summary>0 to 1; 0 of nothing.</summary>
    public double Value => All <= 0 ? 0 : Math.Clamp((double)Some / All, 0, 1);
}

/// <summary>What bounds a score from above, the mildest first.</summary>
public enum TrustAlarm
{
    /// <summary>The platform gave a first warning.</summary>
    FirstWarning,

    /// <summary>The platform warned again, rates the quality yellow, or has flagged the number.</summary>
    Warning,

    /// <summary>The session is a zombie now.</summary>
    Zombie,

    /// <summary>The platform lets no new conversations through: timelock, cap, quality red, restricted, spam limit.</summary>
    Restricted,

    /// <summary>The platform has blocked the number.</summary>
    Banned,
}

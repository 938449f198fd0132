namespace Pontual.Messaging.Channels.Gateways;

/// <summary>What a gateway says of a session.</summary>
/// <param name="Id">What the gateway calls it.</param>
/// <param name="State">The state, in our words.</param>
/// <param name="Raw">The state, in the gateway's.</param>
public sealed record SessionFacts(string Id, SessionState State, string Raw)
{
    /// <summary>A name for people; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The number in digits, with the country's; null when it is not paired or not told.</summary>
    public string? Phone { get; init; }

    /// <summary>A number that grows with what happens in the session: a count of messages, or a time of the last activity in milliseconds. Null where there is none.</summary>
    public long? Activity { get; init; }

    /// <summary>The code of the last disconnection; null when it is not told.</summary>
    public int? Code { get; init; }

    /// <summary>What else there is to say: a disagreement between two answers of the gateway, the reason of a state. Null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What the platform restricts; empty for nothing. Only where <see cref="GatewayTraits.TellsRestrictions"/>.</summary>
    public IReadOnlyList<Restriction> Restrictions { get; init; } = [];

    /// <summary>Why restrictions could not be asked for this time: what was known of them holds on. Null when they were, or cannot be.</summary>
    public string? RestrictionsUnknown { get; init; }

    /// <summary>Why the session could not be asked how it is, though its gateway answers; null when it was. <see cref="State"/> is unknown then.</summary>
    public GatewayException? NotAsked { get; init; }

    /// <summary>Of a session that could not be asked.</summary>
    /// <param name="id">What the gateway calls it.</param>
    /// <param name="problem">Why not.</param>
    public static SessionFacts Unasked(string id, GatewayException problem) =>
        new(id, SessionState.Unknown, "not asked") { NotAsked = problem, Note = problem.Message };
}

/// <summary>A restriction that the platform has put on a number.</summary>
/// <param name="Kind">Which sort.</param>
/// <param name="Raw">What the gateway said.</param>
/// <param name="Until">Until when; null when that is not told.</param>
public sealed record Restriction(RestrictionKind Kind, string Raw, DateTimeOffset? Until = null);

/// <summary>Sorts of restrictions, the mildest first.</summary>
public enum RestrictionKind
{
    /// <summary>A first warning: FIRST_WARNING.</summary>
    FirstWarning,

    /// <summary>SECOND_WARNING, quality YELLOW, FLAGGED.</summary>
    Warning,

    /// <summary>No new chats, or none at all until something is mended: timelock (463), CAPPED (475), quality RED, RESTRICTED, spam limit (131048), blocked for a
    /// time (368), <c>can_send_message</c> BLOCKED.</summary>
    Restricted,

    /// <summary>Banned or locked: BANNED, DISABLE, 131031.</summary>
    Blocked,
}

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>What a webhook tells. Closed.</summary>
/// <param name="Session">What the gateway calls the session.</param>
public abstract record GatewayEvent(string Session)
{
    /// <summary>A message was received, or sent by the phone or by another tool or by us.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Message">The message.</param>
    public sealed record MessageSeen(string Session, SessionMessage Message) : GatewayEvent(Session);

    /// <summary>A message of ours got further, or failed.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Id">The gateway's id of the message.</param>
    /// <param name="Level">How far; only ever grows, so what comes late changes nothing.</param>
    public sealed record MessageAcked(string Session, string Id, AckLevel Level) : GatewayEvent(Session)
    {
        /// <summary>When, as the gateway has it; null when it does not say (or lies about its clock).</summary>
        public DateTimeOffset? At { get; init; }

        /// <summary>Why it failed; null where it did not, or where that is not told.</summary>
        public RejectionCause? Cause { get; init; }

        /// <summary>What the gateway said of the failure; null for none.</summary>
        public string? Error { get; init; }

        /// <summary>Our own id, where it comes back; null otherwise.</summary>
        public string? Reference { get; init; }
    }

    /// <summary>The session's state, or what the platform restricts, may have changed.</summary>
    /// <param name="Session">The session. Empty where the gateway names none (Cloud API, of quality and of accounts): then it is the session of
    /// <see cref="SessionFacts.Phone"/>, or with <see cref="IsOfAccount"/> every session of the gateway.</param>
    /// <param name="Facts">What is told of it. <see cref="SessionState.Unknown"/> says nothing about the state.</param>
    public sealed record SessionChanged(string Session, SessionFacts Facts) : GatewayEvent(Session)
    {
        /// <summary>Whether the facts say something of restrictions; without, <see cref="SessionFacts.Restrictions"/> means nothing.</summary>
        public bool TellsRestrictions { get; init; }

        /// <summary>Whether it is told of the account that all sessions of the gateway belong to. Only where no session is named.</summary>
        public bool IsOfAccount { get; init; }
    }

    /// <summary>A code for pairing is shown.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Code">The code.</param>
    public sealed record PairingShown(string Session, PairingCode Code) : GatewayEvent(Session);

    /// <summary>Something that nobody here needs. It is a sign of life all the same.</summary>
    /// <param name="Session">The session; empty when the gateway named none.</param>
    /// <param name="Kind">The gateway's word for it.</param>
    public sealed record Other(string Session, string Kind) : GatewayEvent(Session);
}

/// <summary>A message as a gateway has it.</summary>
/// <param name="Id">The gateway's id: with the session what messages are told apart by.</param>
/// <param name="IsOurs">Sent from this number.</param>
/// <param name="Chat">The other side: a person's id or a group's, as the gateway has it (a phone's jid, a lid, a BSUID).</param>
/// <param name="At">When, by the platform.</param>
public sealed record SessionMessage(string Id, bool IsOurs, string Chat, DateTimeOffset At)
{
    /// <summary>The other side's number in digits; null where it is not told.</summary>
    public string? Phone { get; init; }

    /// <summary>Who wrote it in a group; null elsewhere.</summary>
    public string? Author { get; init; }

    /// <summary>What the other side calls itself; null when it is not told.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the chat is a group.</summary>
    public bool IsGroup { get; init; }

    /// <summary>text, image, video, audio, document, sticker, location, contact, reaction, or the gateway's own word.</summary>
    public string Kind { get; init; } = "text";

    /// <summary>The text, or the caption of a medium; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>Of ours: sent through the gateway's API (true), typed on the phone (false), or not told (null).</summary>
    public bool? ByApi { get; init; }

    /// <summary>How far it has got; null when that is not told.</summary>
    public AckLevel? Ack { get; init; }
}

/// <summary>How far a message has got.</summary>
public enum AckLevel
{
    /// <summary>It failed. Counts only while it has not reached the server.</summary>
    Failed = -1,

    /// <summary>The gateway has it.</summary>
    Pending = 0,

    /// <summary>The platform has it.</summary>
    Server = 1,

    /// <summary>The phone has it.</summary>
    Delivered = 2,

    /// <summary>It was read.</summary>
    Read = 3,

    /// <summary>A voice note was listened to.</summary>
    Played = 4,
}

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>The messages of one gateway.</summary>
public interface IMessageGateway
{
    /// <summary>Sends one message to one recipient. Never throws for trouble with the gateway: that is an outcome.</summary>
    Task<SendOutcome> SendAsync(SessionRef session, OutgoingMessage message, CancellationToken cancellation);

    /// <summary>Whether a number has WhatsApp, and what it is called there.</summary>
    /// <param name="session">Who asks.</param>
    /// <param name="phone">Digits, with the country's.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GatewayException">It could not be asked. Only where <see cref="GatewayTraits.ChecksNumbers"/>.</exception>
    Task<NumberCheck> CheckNumberAsync(SessionRef session, string phone, CancellationToken cancellation);

    /// <summary>Messages that were received or sent since an instant, the oldest first: to find what was missed.</summary>
    /// <param name="session">Of which session.</param>
    /// <param name="since">From when on.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GatewayException">It could not be asked. Only where <see cref="GatewayTraits.ListsMessages"/>.</exception>
    Task<IReadOnlyList<SessionMessage>> MessagesSinceAsync(
        SessionRef session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    );
}

/// <summary>A message to send: text, or a medium with a caption.</summary>
/// <param name="To">The recipient: digits with the country's, or an id that the gateway gave (a chat, a group).</param>
/// <param name="Text">The text, or the caption of the medium; null for none.</param>
public sealed record OutgoingMessage(string To, string? Text)
{
    /// <summary>Our own id of it: comes back in webhooks where the gateway can (Cloud API). No gateway takes it as an idempotency key.</summary>
    public string? Reference { get; init; }

    /// <summary>A medium; null for a plain text.</summary>
    public OutgoingMedia? Media { get; init; }

    /// <summary>A template (Cloud API, outside the 24-hour window); null for none.</summary>
    public OutgoingTemplate? Template { get; init; }
}

/// <summary>A medium to send.</summary>
/// <param name="Kind">What it is sent as.</param>
/// <param name="MimeType">Its type.</param>
/// <param name="FileName">Its name for the recipient.</param>
/// <param name="Url">Where the gateway fetches it; null to send <paramref name="Content"/>.</param>
/// <param name="Content">Its bytes; null for a URL.</param>
public sealed record OutgoingMedia(MediaKind Kind, string MimeType, string FileName, Uri? Url, ReadOnlyMemory<byte>? Content = null);

/// <summary>What a medium is sent as.</summary>
public enum MediaKind
{
    /// <summary>A picture.</summary>
    Image,

    /// <summary>A film.</summary>
    Video,

    /// <summary>A voice note.</summary>
    Voice,

    /// <summary>Any file.</summary>
    Document,
}

/// <summary>A template of the Cloud API.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Language">Such as pt_BR.</param>
/// <param name="Parameters">The texts of its body, in order.</param>
public sealed record OutgoingTemplate(string Name, string Language, IReadOnlyList<string> Parameters);

/// <summary>What came of sending. Closed.</summary>
public abstract record SendOutcome
{
    private SendOutcome() { }

    /// <summary>The gateway has taken it. That is not delivery.</summary>
    /// <param name="Id">The gateway's id of the message.</param>
    /// <param name="To">What the recipient is called there; null when it did not say.</param>
    public sealed record Accepted(string Id, string? To = null) : SendOutcome;

    /// <summary>It will never be sent as it is: no such number, a bad template.</summary>
    /// <param name="Cause">What sort of cause, for what follows from it.</param>
    /// <param name="Reason">For people; no secret.</param>
    public sealed record RejectedPermanent(RejectionCause Cause, string Reason) : SendOutcome;

    /// <summary>Surely nothing has left: it may be sent again.</summary>
    /// <param name="Cause">What sort of cause.</param>
    /// <param name="Reason">For people; no secret.</param>
    /// <param name="Wait">How long to wait; null when that is not told.</param>
    public sealed record RejectedRetryable(RejectionCause Cause, string Reason, TimeSpan? Wait = null) : SendOutcome;

    /// <summary>It may have left or not: never sent again before that is known.</summary>
    /// <param name="Reason">For people; no secret.</param>
    public sealed record Unknown(string Reason) : SendOutcome;
}

/// <summary>Why a message was not taken.</summary>
public enum RejectionCause
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>The number has no WhatsApp, or cannot be reached.</summary>
    NumberInvalid,

    /// <summary>The recipient wants nothing (131050).</summary>
    OptedOut,

    /// <summary>Outside the 24-hour window: needs a template (131047).</summary>
    OutsideWindow,

    /// <summary>The message itself is wrong.</summary>
    BadMessage,

    /// <summary>This recipient only: later (131056, 131049).</summary>
    RecipientPaced,

    /// <summary>The channel sends too fast, or too much (130429, 429).</summary>
    ChannelPaced,

    /// <summary>The platform restricts the channel (463, 475, 131048).</summary>
    ChannelRestricted,

    /// <summary>The session is not connected.</summary>
    ChannelDown,

    /// <summary>The gateway refuses our key, or asks for a licence or a payment: a person must act.</summary>
    ChannelStopped,

    /// <summary>The gateway cannot be reached.</summary>
    GatewayDown,
}

/// <summary>What a gateway says of a number.</summary>
/// <param name="Phone">The number that was asked for.</param>
/// <param name="Exists">Whether it has WhatsApp.</param>
/// <param name="Address">What to send to (the canonical id: the ninth digit of Brazil is its business); null when it does not exist.</param>
/// <param name="Name">What it calls itself; null when that is not told.</param>
public sealed record NumberCheck(string Phone, bool Exists, string? Address, string? Name = null);

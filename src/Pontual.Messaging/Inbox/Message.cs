using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>What messages are told apart by.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Session">What it calls the session.</param>
/// <param name="ExternalId">What it calls the message.</param>
public readonly record struct MessageKey(GatewayKey Gateway, string Session, string ExternalId);

/// <summary>A message as it is kept. One whose acknowledgement came first has no <see cref="Chat"/> yet.</summary>
/// <param name="Id">Our id.</param>
/// <param name="Key">What it is told apart by.</param>
/// <param name="IsOurs">Sent from this number.</param>
/// <param name="ReceivedAt">When the message came here; before it did, when something about it came.</param>
/// <param name="Source">How it came.</param>
public sealed record Message(Guid Id, MessageKey Key, bool IsOurs, DateTimeOffset ReceivedAt, MessageSource Source)
{
    /// <summary>The other side: a person's id or a group's, as the gateway has it.</summary>
    public string? Chat { get; init; }

    /// <summary>The other side's number in digits; null where it is not told.</summary>
    public string? Phone { get; init; }

    /// <summary>Who wrote it in a group; null elsewhere.</summary>
    public string? Author { get; init; }

    /// <summary>What the other side calls itself; null when it is not told.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the chat is a group.</summary>
    public bool IsGroup { get; init; }

    /// <summary>As in <see cref="SessionMessage.Kind"/>; null before the message came.</summary>
    public string? Kind { get; init; }

    /// <summary>The text, or the caption of a medium; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>When, by the platform; null before the message came.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Of ours: sent through the gateway's API (true), typed on the phone (false), or not told (null).</summary>
    public bool? ByApi { get; init; }

    /// <summary>Our own id, where it came back; null otherwise.</summary>
    public string? Reference { get; init; }

    /// <summary>How far it has got; null when nothing was told of that.</summary>
    public AckLevel? Ack { get; init; }

    /// <summary>When it got there; null when nothing was told.</summary>
    public DateTimeOffset? AckedAt { get; init; }

    /// <summary>Why it failed; null where it did not, or where that is not told.</summary>
    public RejectionCause? AckCause { get; init; }

    /// <summary>What the gateway said of the failure; null for none.</summary>
    public string? AckError { get; init; }

    /// <summary>The message came: it fills what is not known yet. Again, it changes nothing but how far it has got.</summary>
    public Message Seen(SessionMessage seen, DateTimeOffset receivedAt, MessageSource source)
    {
        var message = Chat is null
            ? this with
            {
                IsOurs = seen.IsOurs,
                ReceivedAt = receivedAt,
                Source = source,
                Chat = seen.Chat,
                Phone = seen.Phone,
                Author = seen.Author,
                Name = seen.Name,
                IsGroup = seen.IsGroup,
                Kind = seen.Kind,
                Text = seen.Text,
                At = seen.At,
                ByApi = seen.ByApi,
            }
            : this;

        // An echo of what was sent may say what the first sight of it did not.
        message = message with
        {
            ByApi = message.ByApi ?? seen.ByApi,
        };
        return seen.Ack is { } ack ? message.Reached(ack, receivedAt, null, null) : message;
    }

    /// <summary>Something came about how far it has got.</summary>
    public Message Acked(GatewayEvent.MessageAcked acked, DateTimeOffset receivedAt) =>
        (this with { Reference = Reference ?? acked.Reference }).Reached(
            acked.Level,
            // A gateway's clock that is ahead must not date things into the future.
            acked.At
                is { } at
            && at < receivedAt
                ? at
                : receivedAt,
            acked.Cause,
            acked.Error
        );

    /// <summary>It only ever gets further: what comes late or twice changes nothing. A failure counts only before the platform has it.</summary>
    private Message Reached(AckLevel level, DateTimeOffset at, RejectionCause? cause, string? error) =>
        Rank(level) <= Rank(Ack)
            ? this
            : this with
            {
                Ack = level,
                AckedAt = at,
                AckCause = level is AckLevel.Failed ? cause : null,
                AckError = level is AckLevel.Failed ? error : null,
            };

    private static int Rank(AckLevel? level) =>
        level switch
        {
            null => 0,
            AckLevel.Pending => 1,
            AckLevel.Failed => 2,
            { } further => 2 + (int)further,
        };
}

/// <summary>How a message came here.</summary>
public enum MessageSource
{
    /// <summary>A webhook told it.</summary>
    Webhook,

    /// <summary>It was found missing after an outage, and fetched.</summary>
    Gap,

    /// <summary>We sent it.</summary>
    Api,
}

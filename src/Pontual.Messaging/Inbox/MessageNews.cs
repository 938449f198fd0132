using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>Something that is told of a message: the message itself, or how far it has got.</summary>
internal sealed record MessageNews
{
    private const int LongestKey = 300;
    private const int LongestName = 1_000;
    private const int LongestText = 100_000;

    private readonly SessionMessage? _seen;
    private readonly GatewayEvent.MessageAcked? _acked;

    /// <exception cref="WebhookFormatException">The message has an id that none has.</exception>
    public MessageNews(GatewayKey gateway, string session, SessionMessage seen, DateTimeOffset receivedAt, MessageSource source)
    {
        (Key, ReceivedAt, Source) = (KeyOf(gateway, session, seen.Id), receivedAt, source);
        _seen = seen with
        {
            Chat = InboxText.Clean(seen.Chat, LongestKey)!,
            Phone = InboxText.Clean(seen.Phone, LongestKey),
            Author = InboxText.Clean(seen.Author, LongestKey),
            Name = InboxText.Clean(seen.Name, LongestName),
            Kind = InboxText.Clean(seen.Kind, LongestKey)!,
            Text = InboxText.Clean(seen.Text, LongestText),
            At = Whole(seen.At),
        };
    }

    /// <exception cref="WebhookFormatException">The message has an id that none has.</exception>
    public MessageNews(GatewayKey gateway, GatewayEvent.MessageAcked acked, DateTimeOffset receivedAt)
    {
        (Key, ReceivedAt, Source) = (KeyOf(gateway, acked.Session, acked.Id), receivedAt, MessageSource.Webhook);
        _acked = acked with
        {
            Error = InboxText.Clean(acked.Error, LongestName),
            Reference = InboxText.Clean(acked.Reference, LongestKey),
            At = acked.At is { } at ? Whole(at) : null,
        };
    }

    public MessageKey Key { get; }

    public DateTimeOffset ReceivedAt { get; }

    public MessageSource Source { get; }

    public Message ApplyTo(Message message) =>
        _seen is not null ? message.Seen(_seen, ReceivedAt, Source) : message.Acked(_acked!, ReceivedAt);

    private static MessageKey KeyOf(GatewayKey gateway, string session, string id) =>
        id.Length is > 0 and <= LongestKey && session.Length is > 0 and <= LongestKey && !id.Contains('\0') && !session.Contains('\0')
            ? new MessageKey(gateway, session, id)
            : throw new WebhookFormatException(
                $"a message must have an id and a session of 1 to {LongestKey} characters, and this one has {id.Length} and {session.Length}"
            );

    /// <summary>Databases keep microseconds; a message that is compared with itself must be equal.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) =>
        new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}

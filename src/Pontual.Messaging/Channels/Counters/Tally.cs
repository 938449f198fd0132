using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>What went through a channel. A message counts as far as it has got; a change of it counts by the difference, so that sums are right whatever came in
/// which order. A message that failed and got through all the same is taken out of the failed again, on the day on which it did.</summary>
public readonly record struct Tally
{
    /// <summary>Messages of ours, typed on the phone or sent by any program.</summary>
    public int Sent { get; init; }

    /// <summary>Of ours, those that the platform took.</summary>
    public int Taken { get; init; }

    /// <summary>Of ours, those that reached a phone.</summary>
    public int Delivered { get; init; }

    /// <summary>Of ours, those that were read.</summary>
    public int Seen { get; init; }

    /// <summary>Of ours, those that failed.</summary>
    public int Failed { get; init; }

    /// <summary>Failed because there is no such number.</summary>
    public int Invalid { get; init; }

    /// <summary>Failed because the recipient wants nothing.</summary>
    public int OptedOut { get; init; }

    /// <summary>Failed because the platform restricts the channel.</summary>
    public int Restricted { get; init; }

    /// <summary>Messages of others.</summary>
    public int Received { get; init; }

    /// <summary>Conversations that we began.</summary>
    public int FirstContacts { get; init; }

    /// <summary>Of conversations that we began, those in which the other side answered within 48 hours.</summary>
    public int Replies { get; init; }

    /// <summary>Outages that began.</summary>
    public int Disconnects { get; init; }

    /// <summary>What a message counts as; null for one that is not there.</summary>
    public static Tally Of(Message? message) =>
        message switch
        {
            null => default,
            { IsOurs: false } => new() { Received = message.Chat is null ? 0 : 1 },
            _ => new()
            {
                Sent = 1,
                Taken = message.Ack >= AckLevel.Server ? 1 : 0,
                Delivered = message.Ack >= AckLevel.Delivered ? 1 : 0,
                Seen = message.Ack >= AckLevel.Read ? 1 : 0,
                Failed = message.Ack is AckLevel.Failed ? 1 : 0,
                Invalid = FailedFor(message, RejectionCause.NumberInvalid),
                OptedOut = FailedFor(message, RejectionCause.OptedOut),
                Restricted = FailedFor(message, RejectionCause.ChannelRestricted),
            },
        };

    /// <summary>Both together.</summary>
    public static Tally operator +(Tally one, Tally other) => one.Add(other);

    /// <summary>What the first has more than the second.</summary>
    public static Tally operator -(Tally one, Tally other) => one.Subtract(other);

    /// <summary>Both together.</summary>
    public Tally Add(Tally other) => Join(other, 1);

    /// <summary>What this has more than another.</summary>
    public Tally Subtract(Tally other) => Join(other, -1);

    private static int FailedFor(Message message, RejectionCause cause) =>
        message.Ack is AckLevel.Failed && message.AckCause == cause ? 1 : 0;

    private Tally Join(Tally other, int sign) =>
        new()
        {
            Sent = Sent + (sign * other.Sent),
            Taken = Taken + (sign * other.Taken),
            Delivered = Delivered + (sign * other.Delivered),
            Seen = Seen + (sign * other.Seen),
            Failed = Failed + (sign * other.Failed),
            Invalid = Invalid + (sign * other.Invalid),
            OptedOut = OptedOut + (sign * other.OptedOut),
            Restricted = Restricted + (sign * other.Restricted),
            Received = Received + (sign * other.Received),
            FirstContacts = FirstContacts + (sign * other.FirstContacts),
            Replies = Replies + (sign * other.Replies),
            Disconnects = Disconnects + (sign * other.Disconnects),
        };
}

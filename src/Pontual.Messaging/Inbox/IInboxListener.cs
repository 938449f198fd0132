using Pontual.Messaging.Channels.Gateways;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Inbox;

/// <summary>Is told what webhooks brought, in the transaction that marks them as read: what it writes happens once, whatever is killed when.</summary>
public interface IInboxListener
{
    /// <summary>Takes in a batch. One call for all that was read together.</summary>
    /// <param name="session">The transaction. Nothing else may be awaited, and nothing outside it may be changed: it may be undone and run again.</param>
    /// <param name="batch">What was read; never empty.</param>
    ValueTask ApplyAsync(DatabaseSession session, InboxBatch batch);
}

/// <summary>What was read together.</summary>
/// <param name="News">All that webhooks told, in the order in which they came. Empty for messages that were fetched.</param>
/// <param name="Messages">Messages that are new or have changed, each once; duplicates are not among them.</param>
/// <param name="Now">When it was read.</param>
public sealed record InboxBatch(IReadOnlyList<InboxNews> News, IReadOnlyList<MessageChange> Messages, DateTimeOffset Now);

/// <summary>Something that a webhook told.</summary>
/// <param name="Gateway">Which gateway.</param>
/// <param name="Event">What.</param>
/// <param name="ReceivedAt">When it came. Nodes read side by side and webhooks are replayed, so what is older than what is known says nothing about now.</param>
public sealed record InboxNews(GatewayKey Gateway, GatewayEvent Event, DateTimeOffset ReceivedAt);

/// <summary>A message that is new, or that got further.</summary>
/// <param name="Before">As it was kept; null when nothing was known of it.</param>
/// <param name="After">As it is kept now.</param>
public sealed record MessageChange(Message? Before, Message After)
{
    /// <summary>Whether the message itself came with this, and not only something about it.</summary>
    public bool IsArrival => After.Chat is not null && Before?.Chat is null;
}

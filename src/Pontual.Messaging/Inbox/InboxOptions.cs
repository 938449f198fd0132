namespace Pontual.Messaging.Inbox;

/// <summary>How webhooks are read.</summary>
public sealed class InboxOptions
{
    /// <summary>How often a node looks for what came to others. Default 1 s.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);
}

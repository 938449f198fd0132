namespace Pontual.Messaging.Inbox;

/// <summary>How webhooks are read and kept.</summary>
public sealed class InboxOptions
{
    /// <summary>How often a node looks for what came to others. Default 1 s.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long webhooks are kept that were read. Default 30 days.</summary>
    public TimeSpan KeepRead { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long webhooks are kept that failed or were refused. Default 90 days.</summary>
    public TimeSpan KeepTroubled { get; set; } = TimeSpan.FromDays(90);
}

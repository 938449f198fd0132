namespace Pontual.Messaging.Retention;

/// <summary>How long what gateways told is kept. Each 1 h to 10 years; what scores of trust look back on, 30 days at least.</summary>
public sealed record RetentionOptions
{
    /// <summary>Webhooks that were read. Default 30 days.</summary>
    public TimeSpan Webhooks { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Webhooks that failed or were refused: somebody may still mend the reason and replay them. Default 90 days.</summary>
    public TimeSpan FailedWebhooks { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Messages. A webhook that is replayed when its message is gone makes it anew: longer than webhooks. Default 180 days.</summary>
    public TimeSpan Messages { get; init; } = TimeSpan.FromDays(180);

    /// <summary>Outages of channels, from their end on, with what was tried in them. Default 400 days.</summary>
    public TimeSpan Outages { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Scores of trust; the latest of each channel stays. Default 400 days.</summary>
    public TimeSpan Scores { get; init; } = TimeSpan.FromDays(400);
}

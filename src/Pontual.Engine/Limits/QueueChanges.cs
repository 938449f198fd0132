namespace Pontual.Engine.Limits;

/// <summary>Limits of queues to put and to take away, as one with other changes.</summary>
/// <param name="Put">Limits by queue.</param>
/// <param name="Remove">Queues that have none any more.</param>
public sealed record QueueChanges(IReadOnlyDictionary<string, Limit> Put, IReadOnlyList<string> Remove)
{
    /// <summary>Nothing.</summary>
    public static QueueChanges None { get; } = new(new Dictionary<string, Limit>(), []);
}

namespace Pontual.Engine.Claiming;

/// <summary>How a node takes work. Section <c>Pontual:Claiming</c>.</summary>
public sealed class ClaimingOptions
{
    /// <summary>Most attempts at once on this node, over all queues without a limit of their own; 1 to 10,000. Default 200.</summary>
    public int Concurrency { get; set; } = 200;

    /// <summary>How long before its time a run is taken and held ready, where there is room; 0 (never) to 5 s. Default 750 ms.</summary>
    public TimeSpan ArmAhead { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>Most runs taken in one transaction, 1 to 10,000. Default 500.</summary>
    public int BatchSize { get; set; } = 500;

    /// <summary>Queues with a limit of their own on this node, apart from <see cref="Concurrency"/>; 0 means this node leaves that queue alone.</summary>
    public IDictionary<string, int> Queues { get; set; } = new Dictionary<string, int>();

    /// <summary>Target kinds this node may run; null for all.</summary>
    internal IReadOnlyList<string>? Kinds { get; set; }
}
